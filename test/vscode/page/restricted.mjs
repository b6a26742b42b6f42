// A window without trust: sources are read, nothing is executed.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { command, find, hover, openFile, openMenu, PATIENCE_MS, squiggle } from '../../../scripts/vscode-host/hands.mjs';

export const name = 'Restricted Mode';
export const trusted = false;

/** Programs that leave a trace when somebody runs them, where tools of a kernel tree would look for some, and settings that name them. */
export function prepare(folder) {
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

/** @type {Readonly<Record<string, (page: import('playwright-core').Page, folder: string) => Promise<void>>>} */
export const tests = {
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
  'nothing of the folder is executed: it has programs that would leave a trace, and settings that name them': async (page, folder) => {
    await openFile(page, 'masks.c');
    await squiggle(page).waitFor({ timeout: PATIENCE_MS });
    const trace = path.join(folder, 'trace');
    const started = execFileSync('ps', ['-eo', 'args='], { encoding: 'utf8' })
      .split('\n')
      .filter((line) => line.includes(trace) || line.includes(path.join(folder, 'scripts')));
    assert.deepEqual(started, []);
    assert.ok(!existsSync(trace), 'a program of the folder ran');
  },
  'the task that would start a program asks for trust first': async (page) => {
    await command(page, 'Tasks: Run Task');
    await page.locator('.monaco-dialog-box', { hasText: /trust/i }).first().waitFor({ timeout: PATIENCE_MS });
    await page.keyboard.press('Escape');
  },
};
