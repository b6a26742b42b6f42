// The window worked from outside, by mouse and keyboard, with the extension as if installed: Restricted Mode, which VS Code never has while tests run inside of it.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { openPage } from '../../../scripts/vscode-host/browser.mjs';
import { command, find, hover, openFile, openMenu, PATIENCE_MS, squiggle } from '../../../scripts/vscode-host/hands.mjs';
import { startServer, workbenchUrl } from '../../../scripts/vscode-host/server.mjs';

const project = fileURLToPath(new URL('../../..', import.meta.url));

/** @type {Readonly<Record<string, (page: import('playwright-core').Page, folder: string) => Promise<void>>>} */
const RESTRICTED = {
  'the window is restricted, and findings are there': async (page) => {
    await page.locator('.statusbar-item', { hasText: 'Restricted Mode' }).first().waitFor({ timeout: PATIENCE_MS });
    await squiggle(page).waitFor({ timeout: PATIENCE_MS });
  },
  'masks explain themselves': async (page) => {
    await hover(page, 'kmalloc(sizeof(*event), GFP_KERNEL)', 'GFP_KERNEL');
    await page.locator('.monaco-hover:visible', { hasText: 'must not sleep' }).first().waitFor({ timeout: PATIENCE_MS });
    await page.keyboard.press('Escape');
  },
  'a quick fix changes the source': async (page) => {
    await openMenu(page, 'kmalloc(sizeof(*event), GFP_KERNEL)', 'GFP_KERNEL');
    await page.locator('.action-widget .monaco-list-row', { hasText: 'Use GFP_ATOMIC' }).first().click();
    await (await find(page, 'kmalloc(sizeof(*event), GFP_ATOMIC)', 'GFP_ATOMIC')).waitFor({ timeout: PATIENCE_MS });
  },
  'nothing is executed: the folder names programs that would leave a trace, and the server is the only process': async (page, folder) => {
    await openFile(page, 'masks.c');
    await squiggle(page).waitFor({ timeout: PATIENCE_MS });
    const trace = path.join(folder, 'trace');
    const started = execFileSync('ps', ['-eo', 'args='], { encoding: 'utf8' })
      .split('\n')
      .filter((line) => line.includes(trace) || line.includes(path.join(folder, 'scripts')));
    assert.deepEqual(started, []);
    assert.throws(() => execFileSync('ls', [trace], { stdio: 'pipe' }), 'a program of the folder ran');
  },
  'the task that would start a program asks for trust first': async (page) => {
    await command(page, 'Tasks: Run Task');
    await page.locator('.monaco-dialog-box', { hasText: /trust/i }).first().waitFor({ timeout: PATIENCE_MS });
    await page.keyboard.press('Escape');
  },
};

const server = await startServer({ say: console.error, extension: project, trusted: false });
const { browser, page } = await openPage();
let failed = 0;
try {
  const folder = path.join(server.scratch, 'sample');
  cpSync(path.join(project, 'sample'), folder, { recursive: true });
  leaveTraps(folder);
  await page.goto(workbenchUrl(server, { folder, file: path.join(folder, 'drivers/sample/context.c') }));
  for (const [name, test] of Object.entries(RESTRICTED)) {
    try {
      await test(page, folder);
      console.log(`  ok       in Restricted Mode ${name}`);
    } catch (error) {
      failed++;
      console.log(`  FAILED   in Restricted Mode ${name}: ${error instanceof Error ? error.message : String(error)}`);
      mkdirSync(path.join(project, 'test-results'), { recursive: true });
      await page.screenshot({ path: path.join(project, 'test-results', `restricted-${failed}.png`) });
      break;
    }
  }
} finally {
  await browser.close();
  await server.stop();
}
process.exit(failed === 0 ? 0 : 1);

/** Programs that leave a trace when somebody runs them, where tools of a kernel tree would look for some. */
function leaveTraps(folder) {
  const program = `#!/bin/sh\ntouch ${path.join(folder, 'trace')}\n`;
  for (const name of ['scripts/checkpatch.pl', 'scripts/config', 'git', 'make', 'gcc', 'node_modules/.bin/gfp-lens', 'configure']) {
    const file = path.join(folder, name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, program, { mode: 0o755 });
  }
  mkdirSync(path.join(folder, '.vscode'), { recursive: true });
  writeFileSync(
    path.join(folder, '.vscode/settings.json'),
    JSON.stringify({
      'gfpLens.kernel.root': folder,
      'gfpLens.kernel.config': path.join(folder, 'configure'),
      'gfpLens.index.enable': true,
    }),
  );
}
