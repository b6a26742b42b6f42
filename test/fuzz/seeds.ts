import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const C_FIXTURES = { folder: 'test/rules', file: /(?<!\.fixed)\.c$/ };
const LOGS = { folder: 'test/log', file: /\.(log|txt)$/ };

/** Files of other tests that are good first inputs. */
const FIXTURES: Readonly<Record<string, { readonly folder: string; readonly file: RegExp }>> = {
  lexer: C_FIXTURES,
  parser: C_FIXTURES,
  preprocessor: C_FIXTURES,
  sizes: { folder: 'test/rules', file: /(costly-order|order-too-large|calloc|kvmalloc)[^/]*\/[^/]*(?<!\.fixed)\.c$/ },
  analyse: C_FIXTURES,
  editor: C_FIXTURES,
  link: { folder: 'test/rules', file: /(sleep-in-atomic|needless-atomic|reclaim)[^/]*\/[^/]*(?<!\.fixed)\.c$/ },
  log: LOGS,
};
/** Longer ones take their time from the others. */
const LONGEST = 24_000;

/** The first inputs of a target: made-up texts of this project, in the same order every time. */
export function seedsOf(target: string, project: string): readonly Uint8Array[] {
  const own = files(join(project, 'test', 'fuzz', 'corpus', target), /./);
  const fixtures = FIXTURES[target];
  return [...own, ...(fixtures === undefined ? [] : files(join(project, fixtures.folder), fixtures.file))].map((bytes) =>
    bytes.subarray(0, LONGEST),
  );
}

function files(folder: string, wanted: RegExp): readonly Uint8Array[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, encoding: 'utf8', withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => wanted.test(path))
    .sort()
    .map((path) => readFileSync(path));
}
