// Bundles test/vscode and runs it in a real VS Code through `runTests()` of @vscode/test-electron, one window after the other (windows.mjs); then, in the embedded VS
// Code, test/vscode/web in the browser's extension host and test/vscode/page, which works the window from outside. Exit code 0: every test passed.
// `--window NAME`: only this one, `web` and `page` too; `--only NAME`: only the files of a window whose names hold it.
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { runTests } from '@vscode/test-electron';
import { build } from 'esbuild';
import { commandPath } from './commandPath.mjs';
import { findVsCode, hasDisplay } from './find.mjs';
import { WINDOWS } from './windows.mjs';

const project = fileURLToPath(new URL('../..', import.meta.url));
const bundled = path.join(project, 'dist/test/vscode');
const say = (line) => console.error(`[vscode] ${line}`);

main().then(
  (code) => process.exit(code),
  (error) => {
    say(error.message);
    process.exit(1);
  },
);

async function main() {
  const host = await findVsCode(say);
  if (host.kind === 'desktop' && !hasDisplay()) {
    const xvfb = commandPath('xvfb-run');
    if (xvfb) {
      const env = { ...process.env, VSCODE_EXECUTABLE: host.executable };
      return spawnSync(xvfb, ['-a', process.execPath, fileURLToPath(import.meta.url)], { env, stdio: 'inherit' }).status ?? 1;
    }
  }
  say(`running in ${host.kind === 'embedded' ? 'the embedded VS Code (code-server)' : host.executable}`);
  const wanted = option('--window');
  let code = 0;
  for (const [name, window] of Object.entries(WINDOWS)) {
    if (wanted === undefined || wanted === name) code = (await runWindow(host, name, window)) || code;
  }
  // The desktop has no extension host in a page, and is not worked from outside.
  if (host.kind !== 'embedded' || option('--only') !== undefined) return code;
  if (wanted === undefined || wanted === 'web') code = (await runInBrowser()) || code;
  if (wanted === undefined || wanted === 'page') code = (await runOnPage()) || code;
  return code;
}

function option(name) {
  return process.argv.includes(name) ? process.argv[process.argv.indexOf(name) + 1] : undefined;
}

/** @returns {Promise<string>} the folder with the bundled tests of a window */
async function bundleTests(name, folder) {
  const tests = readdirSync(path.join(project, folder)).filter((file) => file.endsWith('.test.ts'));
  const outdir = path.join(bundled, name);
  rmSync(outdir, { recursive: true, force: true });
  await build({
    absWorkingDir: project,
    entryPoints: Object.fromEntries([
      ['index', 'test/vscode/index.ts'],
      ...tests.map((file) => [file.replace(/\.ts$/, ''), path.join(folder, file)]),
    ]),
    outdir,
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    external: ['vscode', 'mocha'],
    sourcemap: 'inline',
    logLevel: 'warning',
  });
  return outdir;
}

/** The same extension with its `browser` entry, whose host is a worker of the page. */
async function runInBrowser() {
  const tests = path.join(bundled, 'web.js');
  await build({
    absWorkingDir: project,
    entryPoints: ['test/vscode/web/index.ts'],
    outfile: tests,
    bundle: true,
    platform: 'browser',
    target: 'es2022',
    format: 'cjs',
    external: ['vscode'],
    logLevel: 'warning',
  });
  const scratch = mkdtempSync(path.join(tmpdir(), 'gfp-lens-web-'));
  const folder = path.join(scratch, 'sample');
  cpSync(path.join(project, 'sample'), folder, { recursive: true });
  const shim = fileURLToPath(new URL('shim.mjs', import.meta.url));
  const args = [shim, folder, `--extensionDevelopmentPath=${project}`, `--extensionTestsPath=${tests}`];
  const { status } = spawnSync(process.execPath, args, { env: { ...process.env, VSCODE_TEST_WEB: '1' }, stdio: 'inherit' });
  const results = path.join(folder, 'web-results.txt');
  if (existsSync(results)) process.stdout.write(readFileSync(results, 'utf8'));
  rmSync(scratch, { recursive: true, force: true, maxRetries: 3 });
  console.log(`vscode in the browser: ${status === 0 ? 'passed' : 'FAILED'}`);
  return status ?? 1;
}

/** The window worked from outside, by mouse and keyboard: what extensions cannot see, and windows that no test runs in. */
async function runOnPage() {
  const { status } = spawnSync(process.execPath, [path.join(project, 'test/vscode/page/index.mjs')], { stdio: 'inherit' });
  console.log(`vscode from outside: ${status === 0 ? 'passed' : 'FAILED'}`);
  return status ?? 1;
}

async function runWindow(host, name, { tests, prepare }) {
  const scratch = mkdtempSync(path.join(tmpdir(), 'gfp-lens-suite-'));
  const opened = prepare(scratch);
  const bundledTests = await bundleTests(name, tests);
  const log = path.join(scratch, 'mocha.log');
  const result = path.join(scratch, 'mocha.json');
  const stopPrinting = printGrowing(log);
  let code = 0;
  try {
    await runTests({
      vscodeExecutablePath: host.executable,
      extensionDevelopmentPath: project,
      extensionTestsPath: path.join(bundledTests, 'index.js'),
      launchArgs: [opened, '--disable-extensions'],
      extensionTestsEnv: {
        GFP_LENS_TEST_LOG: log,
        GFP_LENS_TEST_RESULT: result,
        GFP_LENS_TEST_ONLY: option('--only') ?? '',
        NODE_OPTIONS: undefined,
      },
    });
  } catch (error) {
    say(error.message);
    code = 1;
  }
  stopPrinting();
  const counts = existsSync(result) ? JSON.parse(readFileSync(result, 'utf8')) : undefined;
  rmSync(scratch, { recursive: true, force: true, maxRetries: 3 });
  if (!counts) {
    say(`the suite of the window ${name} left no result`);
    return 1;
  }
  console.log(`vscode, window ${name}: ${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`);
  if (counts.passed === 0) say('no test ran');
  return code === 0 && counts.failed === 0 && counts.passed > 0 ? 0 : 1;
}

/** The extension host's console does not reach every kind of host's terminal, a file does. */
function printGrowing(file) {
  let printed = 0;
  const print = () => {
    if (!existsSync(file)) return;
    const text = readFileSync(file, 'utf8');
    process.stdout.write(text.slice(printed));
    printed = text.length;
  };
  const timer = setInterval(print, 200);
  return () => {
    clearInterval(timer);
    print();
  };
}
