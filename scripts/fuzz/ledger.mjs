// What was fuzzed so far, for people: test/fuzz/ledger.json, from which scripts/docs.mjs makes the table of docs/fuzzing.md.
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const LEDGER = path.join(fileURLToPath(new URL('../..', import.meta.url)), 'test', 'fuzz', 'ledger.json');

/** @returns {Record<string, { seconds: number, inputs: number, megabytes: number, blocks: number }>} by target */
export function readLedger() {
  return JSON.parse(readFileSync(LEDGER, 'utf8'));
}

/** Adds a run. Blocks are those of the newest run: the program changes, and with it what there is to reach. */
export function addToLedger(target, { seconds, inputs, bytes, covered }) {
  const ledger = readLedger();
  const before = ledger[target] ?? { seconds: 0, inputs: 0, megabytes: 0, blocks: 0 };
  ledger[target] = {
    seconds: Math.round(before.seconds + seconds),
    inputs: before.inputs + inputs,
    megabytes: Math.round(before.megabytes + bytes / 1e6),
    blocks: covered,
  };
  writeFileSync(LEDGER, `${JSON.stringify(ledger, null, 2)}\n`);
}

/** The ledger as a table in Markdown. */
export function ledgerTable() {
  const minutes = (seconds) => (seconds / 60).toFixed(0);
  const number = (value) => value.toLocaleString('en-US');
  const all = Object.entries(readLedger());
  const sum = all.reduce((total, [, { seconds, inputs }]) => [total[0] + seconds, total[1] + inputs], [0, 0]);
  const rows = all.map(
    ([target, { seconds, inputs, megabytes, blocks }]) =>
      `| ${target} | ${minutes(seconds)} | ${number(inputs)} | ${number(megabytes)} | ${number(blocks)} |`,
  );
  return [
    '| target | CPU minutes | inputs | MB | blocks reached |',
    '|---|---|---|---|---|',
    ...rows,
    `| all | ${minutes(sum[0])} | ${number(sum[1])} | | |`,
  ].join('\n');
}
