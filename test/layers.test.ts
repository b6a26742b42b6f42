import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { test } from 'node:test';

const PROJECT = join(__dirname, '..');
const SERVER = join(PROJECT, 'server', 'src');
const CLIENT = join(PROJECT, 'client', 'src');
/** What client and server both know. */
const PROTOCOL = join(SERVER, 'protocol');

/** The shells: only they touch the world outside. */
const SHELLS: Readonly<Record<string, readonly RegExp[]>> = {
  lsp: [/^node:/, /^vscode-languageserver(-textdocument)?(\/|$)/, /^@humanwhocodes\/momoa$/],
  cli: [/^node:/, /^(commander|fdir|picocolors|cli-progress|diff|zod|@modelcontextprotocol\/sdk\/.*|@humanwhocodes\/momoa)$/],
};
/** Packages that run anywhere, for folders that are no shells. */
const LIBRARIES: Readonly<Record<string, readonly RegExp[]>> = { patch: [/^diff$/] };
const CLIENT_PACKAGES = [/^node:/, /^vscode$/, /^vscode-languageclient(\/|$)/];

interface SourceImports {
  readonly path: string;
  readonly text: string;
  readonly imports: readonly string[];
}

function sources(folder: string): readonly SourceImports[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => {
      const path = join(folder, name);
      const text = withoutComments(readFileSync(path, 'utf8'));
      const found = text.matchAll(
        /(?:^|\n)\s*(?:import|export)\b[^;'"]*?from\s*['"]([^'"]+)['"]|(?:^|\n)\s*import\s*['"]([^'"]+)['"]|\b(?:import|require)\(\s*['"]([^'"]+)['"]/g,
      );
      return { path, text, imports: [...found].map((match) => (match[1] ?? match[2] ?? match[3])!) };
    });
}

function withoutComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\//g, ' ').replace(/^\s*\/\/.*$/gm, '');
}

/** The rows of the folder table of docs/architecture.md: folder and what it may import. */
function folderTable(): ReadonlyMap<string, ReadonlySet<string>> {
  const text = readFileSync(join(PROJECT, 'docs', 'architecture.md'), 'utf8');
  const rows = text.matchAll(/^\| ([a-z]+) \| [^|]+ \| ([a-z, -]+) \| [^|]+ \|$/gm);
  return new Map(
    [...rows]
      .filter((row) => row[1] !== 'folder')
      .map((row) => [row[1]!, new Set(row[2]!.trim() === '-' ? [] : row[2]!.split(',').map((name) => name.trim()))]),
  );
}

const isRelative = (specifier: string): boolean => specifier.startsWith('.');
const folderOf = (path: string): string => relative(SERVER, path).split(sep)[0]!;
const shown = (path: string): string => relative(PROJECT, path);
const server = sources(SERVER);
const table = folderTable();

test('the table names every folder of server/src, and no others', () => {
  const folders = readdirSync(SERVER, { withFileTypes: true }).filter(
    (entry) => entry.isDirectory() && readdirSync(join(SERVER, entry.name)).length > 0,
  );
  const missing = folders.map((entry) => entry.name).filter((name) => !table.has(name));
  assert.deepEqual(missing, []);
  assert.ok(table.size >= 12, 'the table was not found in docs/architecture.md');
});

test('the table has no cycle: rows can be read from the lowest folder to the shells', () => {
  const below = new Set<string>();
  for (const [folder, allowed] of table) {
    const forward = [...allowed].filter((name) => !below.has(name));
    assert.deepEqual(forward, [], `${folder} may import folders that stand below it in the table`);
    below.add(folder);
  }
});

test('each folder imports only what its row allows', () => {
  const wrong: string[] = [];
  for (const { path, imports } of server) {
    const folder = folderOf(path);
    for (const specifier of imports.filter(isRelative)) {
      const target = join(dirname(path), specifier);
      if (relative(SERVER, target).startsWith('..')) {
        if (!(folder in SHELLS && /package\.json$/.test(target))) wrong.push(`${shown(path)} imports ${specifier}`);
      } else if (folderOf(target) !== folder && !table.get(folder)?.has(folderOf(target)))
        wrong.push(`${shown(path)} imports ${specifier}`);
    }
  }
  assert.deepEqual(wrong, []);
});

test('only the shells import packages, and folders that a library serves', () => {
  const wrong = server.flatMap(({ path, imports }) => {
    const allowed = SHELLS[folderOf(path)] ?? LIBRARIES[folderOf(path)] ?? [];
    return imports
      .filter((name) => !isRelative(name) && !allowed.some((pattern) => pattern.test(name)))
      .map((name) => `${shown(path)} imports ${name}`);
  });
  assert.deepEqual(wrong, []);
});

test('only the shells use the globals of Node', () => {
  const wrong = server.flatMap(({ path, text }) => {
    if (folderOf(path) in SHELLS) return [];
    const code = text.replace(/`(?:[^`\\]|\\[\s\S])*`|'(?:[^'\\\n]|\\.)*'/g, "''");
    return /(?<![.\w])(process\.\w|Buffer\.\w|__dirname|__filename|require\()/.test(code) ? [shown(path)] : [];
  });
  assert.deepEqual(wrong, []);
});

test('the protocol brings no code of the server into the client', () => {
  const wrong = server
    .filter(({ path }) => folderOf(path) === 'protocol')
    .flatMap(({ path, text }) => [...text.matchAll(/^import (?!type\b).*from '\.\.\/.*$/gm)].map((match) => `${shown(path)}: ${match[0]}`));
  assert.deepEqual(wrong, []);
});

test('the client stays thin: of the server only its protocol, no foreign package', () => {
  const wrong = sources(CLIENT).flatMap(({ path, imports }) =>
    imports
      .filter((name) =>
        isRelative(name)
          ? ![CLIENT, PROTOCOL].some((folder) => !relative(folder, join(dirname(path), name)).startsWith('..'))
          : !CLIENT_PACKAGES.some((pattern) => pattern.test(name)),
      )
      .map((name) => `${shown(path)} imports ${name}`),
  );
  assert.deepEqual(wrong, []);
});

test('no cycle between files', () => {
  const known = new Set(server.map(({ path }) => path));
  const resolveFile = (from: string, specifier: string): string | undefined => {
    const base = join(dirname(from), specifier);
    return [`${base}.ts`, join(base, 'index.ts')].find((candidate) => known.has(candidate));
  };
  const edges = new Map(
    server.map(({ path, imports }) => [path, imports.filter(isRelative).flatMap((name) => resolveFile(path, name) ?? [])]),
  );
  assert.deepEqual(findCycle(edges)?.map(shown), undefined);
});

/** A path of files that leads back to its first one, or undefined. */
function findCycle(edges: ReadonlyMap<string, readonly string[]>): readonly string[] | undefined {
  const done = new Set<string>();
  const trail: string[] = [];
  const visit = (path: string): readonly string[] | undefined => {
    if (trail.includes(path)) return [...trail.slice(trail.indexOf(path)), path];
    if (done.has(path)) return undefined;
    trail.push(path);
    for (const next of edges.get(path) ?? []) {
      const cycle = visit(next);
      if (cycle !== undefined) return cycle;
    }
    trail.pop();
    done.add(path);
    return undefined;
  };
  for (const path of edges.keys()) {
    const cycle = visit(path);
    if (cycle !== undefined) return cycle;
  }
  return undefined;
}
