#!/usr/bin/env node
// Looks like the VS Code executable to `runTests()` of @vscode/test-electron: takes its command line and runs the suite in the embedded
// VS Code, in a browser page that nobody sees. Exit code: what the suite reported, 124 when it never did.
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { openPage } from './browser.mjs';
import { startServer, workbenchUrl } from './server.mjs';

const LIMIT_MS = Number(process.env.VSCODE_TEST_TIMEOUT ?? 300) * 1000;
const project = fileURLToPath(new URL('../..', import.meta.url));

const say = (line) => console.error(`[vscode] ${line}`);
const option = (name) => {
  const value = process.argv.find((argument) => argument.startsWith(`--${name}=`))?.slice(name.length + 3);
  return value?.startsWith('file://') ? fileURLToPath(value) : value;
};
const folder = process.argv.slice(2).find((argument) => !argument.startsWith('-'));
const extension = option('extensionDevelopmentPath');
const tests = option('extensionTestsPath');
if (!folder || !extension || !tests) {
  say('needs a folder, --extensionDevelopmentPath= and --extensionTestsPath=');
  process.exit(2);
}

const server = await startServer({ say, testDriver: true }).catch((error) => {
  say(error.message);
  process.exit(1);
});
let browser;
const end = async (code) => {
  await browser?.close().catch(() => {});
  await server.stop();
  process.exit(code);
};
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => end(130));

let code = 1;
try {
  const opened = await openPage();
  browser = opened.browser;
  code = await runInPage(opened.page);
} catch (error) {
  say(error.message);
}
if (code !== 0) say(`exit code ${code}; the end of the server's log:\n${server.log().slice(-2000)}`);
await end(code);

async function runInPage(page) {
  page.on('pageerror', (error) => say(`page error: ${error.message}`));
  if (process.env.VSCODE_TEST_VERBOSE) page.on('console', (message) => say(`${message.type()}: ${message.text()}`));
  const finished = new Promise((resolve, reject) => {
    page.on('crash', () => reject(new Error('the page crashed')));
    server.exited.then((exitCode) => reject(new Error(`code-server ended with ${exitCode}`)));
    page.exposeFunction('codeAutomationLog', () => {}).catch(reject);
    page.exposeFunction('codeAutomationExit', resolve).catch(reject);
  });
  finished.catch(() => {});
  const timedOut = new Promise((resolve) => setTimeout(() => resolve(124), LIMIT_MS).unref());
  await page.goto(workbenchUrl(server, { folder, extension, tests, web: process.env.VSCODE_TEST_WEB === '1' }), { waitUntil: 'commit' });
  const result = await Promise.race([finished, timedOut]);
  if (result === 124) {
    const shots = path.join(project, 'test-results');
    mkdirSync(shots, { recursive: true });
    await page.screenshot({ path: path.join(shots, 'vscode-timeout.png') }).catch(() => {});
    say(`the suite did not finish within ${LIMIT_MS / 1000} s, see test-results/vscode-timeout.png`);
  }
  return result;
}
