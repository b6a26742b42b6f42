// The npm packages whose code is in the bundles, from the list that the build writes: what is published is these and our own files.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** Licences that let us put the code into a program under MIT; each asks for no more than its text beside it. */
const COMPATIBLE = new Set(['MIT', 'ISC', 'BSD-2-Clause', 'BSD-3-Clause', 'Apache-2.0', '0BSD', 'BlueOak-1.0.0']);

/**
 * @typedef {object} Shipped
 * @property {string} name
 * @property {string} version
 * @property {string} license SPDX identifier
 * @property {string} text of the licence, with the names of its holders
 */

/**
 * @param {string} project
 * @returns {readonly Shipped[]} by name and version. Throws for a licence that is not compatible, and for a package without a licence text.
 */
export function shippedPackages(project) {
  const inputs = JSON.parse(readFileSync(path.join(project, 'dist', 'inputs.json'), 'utf8'));
  const folders = new Set(inputs.flatMap((input) => packageFolder(input) ?? []));
  const shipped = [...folders].map((folder) => readPackage(path.join(project, folder)));
  const wrong = shipped.filter(({ license }) => !COMPATIBLE.has(license));
  if (wrong.length > 0) throw new Error(`not compatible with MIT: ${wrong.map((one) => `${one.name} (${one.license})`).join(', ')}`);
  const unique = new Map(shipped.map((one) => [`${one.name}@${one.version}`, one]));
  return [...unique.keys()].sort().map((key) => unique.get(key));
}

/** `node_modules/a/node_modules/@b/c` of a path within; undefined for our own files. */
function packageFolder(input) {
  return /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/.exec(input)?.[0];
}

function readPackage(folder) {
  const { name, version, license } = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8'));
  const file = readdirSync(folder).find((one) => /^licen[cs]e(\.(md|txt))?$/i.test(one));
  const text = file === undefined ? '' : readFileSync(path.join(folder, file), 'utf8').trim();
  if (text === '' && !existsSync(path.join(folder, 'README.md'))) throw new Error(`${name} says nothing of its licence`);
  return { name, version, license: String(license), text };
}
