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
import { oneRowPerLine } from './new/flagRows.mjs';

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
