#!/usr/bin/env node
// Drives the extension as a person would and writes pictures to test-results/: underlined findings, hovers, the quick-fix menu, a rule's
// page, the Problems panel, a log; in light, dark and high-contrast themes. `--only dark` takes one of them, `--part log`, `masks` or `product` only these pictures. For eyes, not asserted:
// the suite in test/vscode holds the behaviour. `--part gallery` takes those of docs/gallery anew (`--scene log` only these), and asks axe about every
// view of ours in every theme.
import { cpSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { openPage } from './vscode-host/browser.mjs';
import { GALLERY_SETTINGS, galleryTour, isHung } from './vscode-host/gallery.mjs';
import { command, hover, openFile, openMenu, PATIENCE_MS, previewText, squiggle } from './vscode-host/hands.mjs';
import { maskTour } from './vscode-host/maskTour.mjs';
import { productTour } from './vscode-host/productTour.mjs';
import { startServer, workbenchUrl } from './vscode-host/server.mjs';

const project = fileURLToPath(new URL('..', import.meta.url));
const pictures = path.join(project, 'test-results');
const gallery = path.join(project, 'docs/gallery');
/** Of a picture in the gallery: windows have few colours, and the repository keeps every version. */
const PALETTE = { palette: true, colours: 64, dither: 0, effort: 10, compressionLevel: 9 };
const THEMES = {
  dark: 'Dark Modern',
  light: 'Light Modern',
  contrast: 'Default High Contrast',
  'contrast-light': 'Default High Contrast Light',
};

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
    ...(part === 'gallery' ? GALLERY_SETTINGS : {}),
  };
  const server = await startServer({ say: console.error, settings, extension: project });
  const { browser, page } = await openPage({ width: 1280, height: 800 });
  const shoot = async (what) => {
    if (part === 'gallery') return hang(page, `${what}-${name}`);
    await page.screenshot({ path: path.join(pictures, `${name}-${what}.png`) });
    console.log(`test-results/${name}-${what}.png`);
  };
  try {
    const folder = path.join(server.scratch, 'sample');
    cpSync(path.join(project, 'sample'), folder, { recursive: true });
    await page.goto(workbenchUrl(server, { folder, file: path.join(folder, 'drivers/sample/context.c') }));
    await squiggle(page).waitFor({ timeout: PATIENCE_MS });
    if (part === 'gallery') await galleryTour(page, shoot, option('--scene'));
    if (part === undefined) await sourceTour(page, shoot);
    if (part === undefined || part === 'product') await productTour(page, shoot);
    if (part === undefined || part === 'masks') await maskTour(page, shoot);
    if (part === undefined || part === 'log') await logTour(page, shoot);
  } catch (error) {
    await page.screenshot({ path: path.join(pictures, `${name}-failed.png`) });
    throw error;
  } finally {
    await browser.close();
    await server.stop();
  }
}

/** Not installed with the others, because its lock names binaries of every platform. */
async function palettes() {
  try {
    return (await import('sharp')).default;
  } catch {
    throw new Error('pictures of the gallery are made small with sharp: npm install --no-save sharp');
  }
}

async function hang(page, what) {
  const file = path.join(isHung(what) ? gallery : pictures, `${what}.png`);
  mkdirSync(path.dirname(file), { recursive: true });
  await (await palettes())(await page.screenshot())
    .png(PALETTE)
    .toFile(file);
  console.log(path.relative(project, file));
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
