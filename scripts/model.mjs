#!/usr/bin/env node
// Makes the committed kernel tables (server/src/kernel/tables/*.json) from a folder of facts: flags.json, names.json, allocators.json, contexts.json.
// Usage: node scripts/model.mjs FACTS_FOLDER
//
// Only mechanical data goes through here. What a person has to judge (which function frees what, which lock is atomic) is written by hand in
// server/src/kernel/{functions,contexts}/*.ts and wins over the generated rows.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { callbackTable } from './model/callbacks.mjs';
import { flagTable } from './model/flags.mjs';
import { functionTable } from './model/functions.mjs';

const folder = process.argv[2];
if (folder === undefined) {
  console.error('usage: node scripts/model.mjs FACTS_FOLDER');
  process.exit(2);
}
const facts = (name) => JSON.parse(readFileSync(join(folder, `${name}.json`), 'utf8'));
const output = join(import.meta.dirname, '..', 'server', 'src', 'kernel', 'tables');
mkdirSync(output, { recursive: true });

const tables = {
  flags: flagTable(facts('flags'), facts('names')),
  functions: functionTable(facts('allocators')),
  callbacks: callbackTable(facts('contexts')),
};
let total = 0;
for (const [name, table] of Object.entries(tables)) {
  const text = `${oneRowPerLine(table)}\n`;
  writeFileSync(join(output, `${name}.json`), text);
  total += text.length;
  console.log(`${name}.json ${(text.length / 1024).toFixed(1)} KB`);
}
console.log(`together ${(total / 1024).toFixed(1)} KB`);

/** Two levels are laid out one per line, so that a diff of a regenerated table can be read. */
function oneRowPerLine(value, depth = 0) {
  if (depth === 2 || value === null || typeof value !== 'object') return JSON.stringify(value);
  if (Array.isArray(value)) return `[\n${value.map((row) => oneRowPerLine(row, depth + 1)).join(',\n')}\n]`;
  return `{\n${Object.entries(value)
    .map(([key, row]) => `${JSON.stringify(key)}:${oneRowPerLine(row, depth + 1)}`)
    .join(',\n')}\n}`;
}
