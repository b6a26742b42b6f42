#!/usr/bin/env node
// Drives the extension as a person would and writes pictures to test-results/: underlined findings, hovers, the quick-fix menu, a rule's
// page, the Problems panel, a log; in light, dark and high-contrast themes. `--only dark` takes one of them, `--part log`, `masks` or `product` only these pictures. For eyes, not asserted:
// the suite in test/vscode holds the behaviour.
import { cpSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { openPage } from './vscode-host/browser.mjs';
import { maskTour } from './vscode-host/maskTour.mjs';
import { productTour } from './vscode-host/productTour.mjs';
import { startServer, workbenchUrl } from './vscode-host/server.mjs';

const project = fileURLToPath(new URL('..', import.meta.url));
const pictures = path.join(project, 'test-results');
const THEMES = {
  dark: 'Dark Modern',
  light: 'Light Modern',
  contrast: 'Default High Contrast',
  'contrast-light': 'Default High Contrast Light',
};
const PATIENCE_MS = 60_000;

const only = option('--only');
const part = option('--part');
mkdirSync(pictures, { recursive: true });
for (const [name, theme] of Object.entries(THEMES)) {
  if (only === undefined || only === name) await photograph(name, theme);
}
process.exit(0);

function option(name) {
  return process.argv.includes(name) ? process.argv[process.argv.indexOf(name) + 1] : undefined;
}

async function photograph(name, theme) {
  const settings = {
    'workbench.colorTheme': theme,
    'editor.minimap.enabled': false,
    'editor.stickyScroll.enabled': false,
    'workbench.activityBar.location': 'hidden',
    'gfpLens.inlayHints': true,
    'gfpLens.codeLens': true,
  };
  const server = await startServer({ say: console.error, settings, extension: project });
  const { browser, page } = await openPage({ width: 1280, height: 800 });
  const shoot = async (what) => {
    await page.screenshot({ path: path.join(pictures, `${name}-${what}.png`) });
    console.log(`test-results/${name}-${what}.png`);
  };
  try {
    const folder = path.join(server.scratch, 'sample');
    cpSync(path.join(project, 'sample'), folder, { recursive: true });
    await page.goto(workbenchUrl(server, { folder, file: path.join(folder, 'drivers/sample/context.c') }));
    await squiggle(page).waitFor({ timeout: PATIENCE_MS });
    if (part === undefined) await sourceTour(page, shoot);
    if (part === undefined || part === 'product') await productTour(page, shoot, { command, openFile, find, previewText });
    if (part === undefined || part === 'masks') await maskTour(page, shoot, { command, openFile, find, previewText, hover });
    if (part === undefined || part === 'log') await logTour(page, shoot);
  } catch (error) {
    await shoot('failed');
    throw error;
  } finally {
    await browser.close();
    await server.stop();
  }
}

async function sourceTour(page, shoot) {
  await shoot('1-findings');

  await hover(page, 'kmalloc(sizeof(*event), GFP_KERNEL)', 'GFP_KERNEL');
  await shoot('2-hover-finding');
  await page.keyboard.press('Escape');

  await openMenu(page, 'kmalloc(sizeof(*event), GFP_KERNEL)', 'GFP_KERNEL');
  await shoot('3-quick-fixes');
  await page.keyboard.press('Escape');

  await openFile(page, 'masks.c');
  await squiggle(page).waitFor({ timeout: PATIENCE_MS });
  await shoot('4-masks');
  await hover(page, '__GFP_HARDWALL);', '__GFP_IO');
  await shoot('5-hover-mask');
  await page.keyboard.press('Escape');

  await openFile(page, 'sizes.c');
  await squiggle(page).waitFor({ timeout: PATIENCE_MS });
  await openMenu(page, 'kcalloc(4096', 'kcalloc');
  await shoot('6-kvmalloc-fix');
  await page.keyboard.press('Escape');

  await command(page, 'View: Focus Problems');
  await page.locator('.markers-panel .monaco-list-row').first().waitFor({ timeout: PATIENCE_MS });
  await shoot('7-problems');
  await command(page, 'View: Toggle Panel Visibility');

  await command(page, 'GFP Lens: Decode Mask', '0x40cc0');
  await previewText(page, 'GFP_KERNEL');
  await shoot('8-decoded-mask');
  await command(page, 'View: Close All Editors');

  await openFile(page, 'context.c');
  await hover(page, 'kmalloc(sizeof(*event), GFP_KERNEL)', 'GFP_KERNEL');
  await page.locator('.monaco-hover:visible a', { hasText: 'sleep-in-atomic' }).first().click();
  await previewText(page, 'What it finds');
  await shoot('9-rule-page');
  await command(page, 'View: Close All Editors');
}

/** A failure log: colours and lens, hovers, and the page that explains it. */
async function logTour(page, shoot) {
  await openFile(page, 'failure.dmesg');
  const lens = page.locator('.codelens-decoration a', { hasText: 'Explain this failure' }).first();
  await lens.waitFor({ timeout: PATIENCE_MS });
  await page.waitForTimeout(1000);
  await shoot('10-log');
  await hover(page, '22418', '22418');
  await shoot('11-log-hover');
  await page.keyboard.press('Escape');

  await command(page, 'View: Close Primary Side Bar');
  await lens.click();
  await previewText(page, 'In the source');
  const frame = page.frameLocator('iframe.webview.ready').frameLocator('iframe#active-frame');
  await shoot('12-log-explained');
  for (const [index, title] of ['Request', 'DMA of node 0', 'What the allocator tried', 'Call trace'].entries()) {
    await frame.getByRole('heading', { name: title }).evaluate((heading) => heading.scrollIntoView());
    await page.waitForTimeout(300);
    await shoot(`${13 + index}-log-${title.toLowerCase().replaceAll(' ', '-')}`);
  }
  await command(page, 'View: Close All Editors');
}

function squiggle(page) {
  return page.locator('.monaco-editor .squiggly-error, .monaco-editor .squiggly-warning').first();
}

/** The innermost piece of the first line with `line` in it that holds `word`, scrolled into view with the editor's own search. */
async function find(page, line, word) {
  await page.locator('.monaco-editor .view-lines').first().click();
  await page.keyboard.press('Control+Home');
  await page.keyboard.press('Control+f');
  await page.keyboard.press('Control+a');
  await page.keyboard.type(line);
  await page.waitForTimeout(500);
  await page.keyboard.press('Escape');
  const row = page
    .locator('.monaco-editor .view-line')
    .filter({ hasText: line.replaceAll(' ', '\u00a0') })
    .first();
  await row.waitFor({ timeout: 10_000 });
  return row.locator('span span', { hasText: word }).first();
}

async function hover(page, line, word) {
  const place = await find(page, line, word);
  await place.hover();
  await page.locator('.monaco-hover:visible .hover-contents').first().waitFor({ timeout: 20_000 });
  await page.waitForTimeout(800);
}

/** The menu closes by itself when markers change meanwhile: ask until it stays. */
async function openMenu(page, line, word) {
  const place = await find(page, line, word);
  const menu = page.locator('.action-widget .monaco-list-row').first();
  for (let attempt = 0; attempt < 5; attempt++) {
    await place.click();
    await page.keyboard.press('Control+.');
    const shown = await menu.waitFor({ timeout: 4000 }).then(
      () => true,
      () => false,
    );
    if (shown) return page.waitForTimeout(500);
    await page.keyboard.press('Escape');
  }
}

/** VS Code shows Markdown in a frame within a frame. */
async function previewText(page, text) {
  await page
    .frameLocator('iframe.webview.ready')
    .frameLocator('iframe#active-frame')
    .getByText(text)
    .first()
    .waitFor({ timeout: PATIENCE_MS });
  await page.waitForTimeout(500);
}

async function openFile(page, name) {
  await page.keyboard.press('Control+p');
  await page.locator('.quick-input-widget input').first().waitFor();
  await page.keyboard.type(name);
  await page.locator('.quick-input-list .monaco-list-row.focused', { hasText: name }).first().waitFor();
  await page.keyboard.press('Enter');
  await page.locator('.tab.active', { hasText: name }).waitFor();
}

async function command(page, title, answer) {
  await page.keyboard.press('F1');
  await page.locator('.quick-input-widget input').first().waitFor();
  await page.keyboard.type(title);
  await page
    .locator('.quick-input-list .monaco-list-row', { hasText: title.split(': ').at(-1) })
    .first()
    .waitFor();
  await page.keyboard.press('Enter');
  if (answer === undefined) return;
  await page.waitForTimeout(800);
  await page.keyboard.type(answer);
  await page.keyboard.press('Enter');
}
