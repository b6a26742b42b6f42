import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { buildSync } from 'esbuild';
import { version } from '../../../package.json';

const project = join(__dirname, '..', '..', '..');
/** Stands for a Node.js that keeps compiled code, whichever one runs the test. */
const KEEPS = "require('node:module').enableCompileCache = (folder) => require('node:fs').mkdirSync(folder, { recursive: true });";
/** What Node.js says of a folder that it cannot make. */
const REFUSES = "require('node:module').enableCompileCache = () => ({ status: 0 });";
const KEEPS_NOT = "require('node:module').enableCompileCache = undefined;";

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'gfp-lens-compiled-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Starts the program; it must end well. */
function start(runtime: string): void {
  const program = join(folder, 'program.js');
  buildSync({
    stdin: { contents: "import { keepCompiledCode } from './server/src/cli/compiledCode'; keepCompiledCode();", resolveDir: project },
    outfile: program,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    banner: { js: runtime },
  });
  const { status, stderr } = spawnSync(process.execPath, [program], { env: { ...process.env, XDG_CACHE_HOME: folder }, encoding: 'utf8' });
  assert.equal(status, 0, stderr);
}

/** What lies in the cache folder of a user. */
function kept(): readonly string[] {
  const compiled = join(folder, 'gfp-lens', 'compiled');
  return existsSync(compiled) ? readdirSync(compiled) : [];
}

test('compiled code is kept by version in the cache folder of the user', () => {
  start(KEEPS);
  assert.deepEqual(kept(), [version]);
});

test('what older versions left goes', () => {
  const old = join(folder, 'gfp-lens', 'compiled', '0.0.1', 'v22');
  mkdirSync(old, { recursive: true });
  writeFileSync(join(old, 'code'), '');
  start(KEEPS);
  assert.deepEqual(kept(), [version]);
});

test('a Node.js that cannot keep any writes nothing', () => {
  start(KEEPS_NOT);
  assert.deepEqual(kept(), []);
});

test('a folder that cannot be made is no reason not to start', () => {
  mkdirSync(join(folder, 'gfp-lens'));
  writeFileSync(join(folder, 'gfp-lens', 'compiled'), 'a file');
  start(REFUSES);
});
