// Rows of server/src/kernel/tables/flags.json. Numberings, composites and print orders that releases share are written once.

/**
 * The table with a release more, sorted in.
 * @param {string} text of the table
 * @param {object} release
 * @param {string} release.name X.Y
 * @param {string} release.full X.Y.Z, the tree it was read from
 * @param {import('../../server/src/kernel/flagDefinitions').FlagDefinitions} release.own
 * @param {(release: object) => import('../../server/src/kernel/flagDefinitions').FlagDefinitions} release.definitionsOf those of the table
 */
export function rewriteFlagTable(text, { name, full, own, definitionsOf }) {
  const table = JSON.parse(text);
  const row = [
    name,
    full,
    share(table.numberings, numbering(own)),
    compositesIndex(table, own, definitionsOf),
    share(table.prints, own.printOrder),
  ];
  const at = table.releases.findIndex(([other]) => rank(other) > rank(name));
  table.releases.splice(at < 0 ? table.releases.length : at, 0, row);
  return `${oneRowPerLine(table)}\n`;
}

function share(list, row) {
  const wanted = JSON.stringify(row);
  const at = list.findIndex((other) => JSON.stringify(other) === wanted);
  return at < 0 ? list.push(row) - 1 : at;
}

/** The composites of the newest release that has the same ones, however they are written there; else a row of their own. */
function compositesIndex(table, own, definitionsOf) {
  const wanted = meaning(own);
  const same = table.releases.findLast(([name]) => {
    const [major, minor] = name.split('.').map(Number);
    return meaning(definitionsOf({ major, minor, patch: undefined })) === wanted;
  });
  return same === undefined ? share(table.composites, composites(own)) : same[3];
}

function meaning(definitions) {
  const rows = composites(definitions).map(([name, flags]) => [name, [...flags].sort()]);
  return JSON.stringify(rows.sort(([a], [b]) => (a < b ? -1 : 1)));
}

function numbering({ flags }) {
  const config = (flag) => (flag.config === undefined ? [] : [flag.config]);
  const values = flags.some((flag) => flag.value !== undefined);
  if (values) return { kind: 'values', bits: flags.map((flag) => [flag.name, flag.value, ...config(flag)]) };
  return { kind: 'enum', bits: flags.map((flag) => [flag.name, ...config(flag)]) };
}

/** Each composite by the flags in it. Zone and all-bits masks follow from the flags. */
function composites({ flags, composites: list }) {
  const names = flags.map((flag) => flag.name).filter((flag) => flag !== '');
  return list
    .filter(({ name }) => name !== 'GFP_ZONEMASK' && name !== '__GFP_BITS_MASK')
    .map(({ name, bits }) => [name, names.filter((_, bit) => (bits >>> bit) & 1)]);
}

function rank(release) {
  const [major, minor] = release.split('.').map(Number);
  return major * 1000 + minor;
}

/** Two levels are laid out one per line, so that a diff of the table can be read. */
export function oneRowPerLine(value, depth = 0) {
  if (depth === 2 || value === null || typeof value !== 'object') return JSON.stringify(value);
  if (Array.isArray(value)) return `[\n${value.map((row) => oneRowPerLine(row, depth + 1)).join(',\n')}\n]`;
  return `{\n${Object.entries(value)
    .map(([key, row]) => `${JSON.stringify(key)}:${oneRowPerLine(row, depth + 1)}`)
    .join(',\n')}\n}`;
}
