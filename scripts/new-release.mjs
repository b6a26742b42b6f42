#!/usr/bin/env node
// Takes a kernel release into the tables: `npm run new-release -- TREE [--dry-run]`. Reads flags, composites and print order from the tree's headers, shows what
// differs from the release before it, also in behaviour, limits and functions that take a mask, and writes the row of server/src/kernel/tables/flags.json.
// docs/add-a-release.md says what is left for a person to judge.
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { bundled, project } from './new/bundle.mjs';

const TABLE = join(project, 'server', 'src', 'kernel', 'tables', 'flags.json');
const HEADERS = 'include/linux';
const tree = process.argv.slice(2).find((word) => !word.startsWith('-'));
if (tree === undefined || !existsSync(join(tree, 'Makefile'))) {
  console.error('usage: npm run new-release -- TREE [--dry-run]   (an unpacked kernel tree)');
  process.exit(2);
}
const sources = await bundled(`
  export { definitionsOfTree, modelOfTree, releaseOfTree } from './server/src/kernel/treeModel';
  export { definitionsOf, sampledReleases } from './server/src/kernel/releaseTables';
  export { loadModel } from './server/src/kernel/load';
  export { withoutComments } from './server/src/kernel/functionText';
  export { rewriteFlagTable } from './scripts/new/flagRows.mjs';
`);
const files = { read: (path) => (existsSync(join(tree, path)) ? readFileSync(join(tree, path), 'utf8') : undefined) };
const release = sources.releaseOfTree(files);
const tables = release && sources.definitionsOf(release);
const own = release && sources.definitionsOfTree(files, release, tables);
if (own === undefined) {
  console.error(`${tree}: no release, or no flags that could be read`);
  process.exit(2);
}
const name = `${release.major}.${release.minor}`;
const full = release.patch === undefined ? name : `${name}.${release.patch}`;
const last = sources.sampledReleases.findLast(
  (one) => one.major < release.major || (one.major === release.major && one.minor <= release.minor),
);
const known = last.major === release.major && last.minor === release.minor;
console.log(`Linux ${full}, compared with the tables of ${last.major}.${last.minor}`);
const [before, now] = [sources.loadModel({ release: last, config: undefined }), sources.modelOfTree(files)];
const tableBefore = sources.definitionsOf(last);
const differences = [
  ...changes('flag', flagRows(tableBefore), flagRows(own)),
  ...changes('composite', compositeRows(tableBefore), compositeRows(own)),
  ...changes('order of printing', { all: tableBefore.printOrder.join(' ') }, { all: own.printOrder.join(' ') }),
  ...changes('behaviour', flat(before.behaviour), flat(now.behaviour)),
  ...changes('limits', flat(before.limits), flat(now.limits)),
  ...newFunctions(now),
];
for (const line of differences) console.log(line);
if (differences.length === 0) console.log('no difference');
if (known) console.log(`the tables have ${name} already: nothing to write`);
else if (process.argv.includes('--dry-run')) console.log('nothing written (--dry-run)');
else {
  writeFileSync(TABLE, sources.rewriteFlagTable(readFileSync(TABLE, 'utf8'), { name, full, own, definitionsOf: sources.definitionsOf }));
  console.log(`server/src/kernel/tables/flags.json has a row for ${name}; next: docs/add-a-release.md`);
}

/** `+ flag __GFP_X: ...`, `- ...`, `~ ...: old -> new` for what is in one of two maps, or in both with other values. */
function changes(what, old, fresh) {
  return [...new Set([...Object.keys(old), ...Object.keys(fresh)])].flatMap((key) => {
    if (!(key in old)) return [`+ ${what} ${key}: ${fresh[key]}`];
    if (!(key in fresh)) return [`- ${what} ${key}: ${old[key]}`];
    return old[key] === fresh[key] ? [] : [`~ ${what} ${key}: ${old[key]} -> ${fresh[key]}`];
  });
}

function flagRows({ flags }) {
  const rows = flags.flatMap((flag, index) => {
    if (flag.name === '') return [];
    const bit = flag.value === undefined ? `position ${index}` : `0x${flag.value.toString(16)}`;
    return [[flag.name, flag.config === undefined ? bit : `${bit} with ${flag.config}`]];
  });
  return Object.fromEntries(rows);
}

function compositeRows({ flags, composites }) {
  const names = flags.map((flag) => flag.name).filter((flag) => flag !== '');
  return Object.fromEntries(
    composites.map(({ name: composite, bits }) => [composite, names.filter((_, bit) => (bits >>> bit) & 1).join(' | ') || '0']),
  );
}

/** The plain values of an object by their path. */
function flat(value, path = '') {
  if (typeof value !== 'object' || value === null) return { [path]: String(value) };
  return Object.assign({}, ...Object.entries(value).map(([key, inner]) => flat(inner, path === '' ? key : `${path}.${key}`)));
}

/** Functions that headers declare with a mask, and that the catalogue does not know. */
function newFunctions({ functions }) {
  const folder = join(tree, HEADERS);
  const headers = readdirSync(folder).filter((file) => file.endsWith('.h'));
  const found = headers.flatMap((file) => {
    const text = sources.withoutComments(readFileSync(join(folder, file), 'utf8'));
    return [...text.matchAll(/\b(\w+)\s*\(([^()]*\bgfp_t\b[^()]*)\)\s*(?:__\w+(?:\([^)]*\))*\s*)*[;{]/g)].map(
      (match) => `${match[1]} (${HEADERS}/${file})`,
    );
  });
  // kmalloc_noprof() is what the macro kmalloc() calls, for memory allocation profiling (include/linux/alloc_tag.h, 6.10 and later).
  const isKnown = (name) => functions.get(name) !== undefined || functions.get(name.replace(/_noprof$/, '')) !== undefined;
  return [...new Set(found)]
    .filter((line) => !isKnown(line.split(' ')[0]))
    .map((line) => `? function ${line} takes a mask, and the catalogue does not have it`);
}
