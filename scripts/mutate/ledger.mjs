// The newest kill rate of each folder, for people: mutate/ledger.json, from which scripts/docs.mjs makes the table of docs/security.md.
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const LEDGER = fileURLToPath(new URL('ledger.json', import.meta.url));

/** @returns {Record<string, { mutants: number, tried: number, killed: number, seed: number }>} by folder of server/src */
function readRates() {
  return JSON.parse(readFileSync(LEDGER, 'utf8'));
}

/** Replaces the rate of a folder. */
export function noteRate(folder, rate) {
  writeFileSync(LEDGER, `${JSON.stringify({ ...readRates(), [folder]: rate }, null, 2)}\n`);
}

/** The rates as a table in Markdown. */
export function ratesTable() {
  const rows = Object.entries(readRates()).map(([folder, { mutants, tried, killed, seed }]) => {
    const which = tried === mutants ? 'all' : `${tried}, \`--seed ${seed}\``;
    return `| \`${folder}/\` | ${mutants.toLocaleString('en-US')} | ${which} | ${killed} | ${Math.round((100 * killed) / tried)} % |`;
  });
  return ['| folder | mutants | tried | noticed | rate |', '|---|---|---|---|---|', ...rows].join('\n');
}
