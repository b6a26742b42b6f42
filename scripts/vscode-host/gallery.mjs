// The pictures of docs/gallery: what a newcomer wants to see of the extension, in a window of one size, in each theme, and in a narrow window.
import { accessible } from './axe.mjs';
import { command, find, openFile, openMenu, PATIENCE_MS, previewText, squiggle } from './hands.mjs';

const WIDE = { width: 1080, height: 720 };
const FINDING = 'kmalloc(sizeof(*event), GFP_KERNEL)';
const NARROW = { width: 600, height: 800 };

/** What is hung in the gallery; the repository keeps every version of a picture. The others are for eyes only. */
const HUNG = [/-(dark|light)$/, /^(findings|hover|fixes|explorer|log)-contrast$/];

/** @param {string} what `hover-dark`, `log-narrow-light` */
export function isHung(what) {
  return HUNG.some((pattern) => pattern.test(what)) && !/-narrow-(?!dark)/.test(what);
}

/** Settings under which the pictures are taken: nothing that is not ours. */
export const GALLERY_SETTINGS = {
  'editor.minimap.enabled': false,
  'editor.stickyScroll.enabled': false,
  'editor.overviewRulerBorder': false,
  'editor.occurrencesHighlight': 'off',
  'editor.selectionHighlight': false,
  'workbench.activityBar.location': 'hidden',
  'workbench.sideBar.location': 'left',
  'window.commandCenter': false,
  'breadcrumbs.enabled': false,
};

/**
 * @param {import('playwright-core').Page} page with the sample's context.c open
 * @param {(what: string) => Promise<void>} shoot
 * @param {string} [only] this scene
 */
export async function galleryTour(page, shoot, only) {
  await page.setViewportSize(WIDE);
  await command(page, 'View: Close Primary Side Bar');
  for (const [suffix, size] of [
    ['', WIDE],
    ['-narrow', NARROW],
  ]) {
    await page.setViewportSize(size);
    for (const [what, take] of Object.entries(SCENES)) {
      if (only !== undefined && what !== only) continue;
      await take(page, size === NARROW, () => shoot(`${what}${suffix}`));
      await command(page, 'View: Close All Editors');
    }
  }
}

const SCENES = {
  findings: async (page, narrow, shoot) => {
    await openFinding(page);
    await command(page, 'View: Focus Problems');
    await page.locator('.markers-panel .monaco-list-row').first().waitFor({ timeout: PATIENCE_MS });
    await page.keyboard.press('Control+Home');
    // The file, its first finding, the evidence of that.
    for (let row = 0; row < 2; row++) await page.keyboard.press('ArrowDown');
    await settle(page, narrow);
    await shoot();
    await command(page, 'View: Toggle Panel Visibility');
  },
  hover: async (page, narrow, shoot) => {
    await openFinding(page);
    const mask = await find(page, 'GFP_NOWAIT | __GFP_NOWARN', 'GFP_NOWAIT');
    await page.keyboard.press('Home');
    await mask.hover();
    await page.locator('.monaco-hover:visible', { hasText: 'Zone' }).first().waitFor({ timeout: PATIENCE_MS });
    await settle(page, narrow);
    await shoot();
    await page.keyboard.press('Escape');
  },
  fixes: async (page, narrow, shoot) => {
    await openFinding(page);
    await openMenu(page, FINDING, 'GFP_KERNEL');
    await settle(page, narrow);
    await shoot();
    await page.keyboard.press('Escape');
  },
  preview: async (page, narrow, shoot) => {
    await openFile(page, 'ring.c');
    await (await find(page, 'kcalloc(65536', 'kcalloc')).click();
    const row = page.locator('.action-widget .monaco-list-row', { hasText: '2 files' }).first();
    for (let attempt = 0; attempt < 10; attempt++) {
      await page.keyboard.press('Control+.');
      if (await appears(row)) break;
      await page.keyboard.press('Escape');
    }
    await page.keyboard.press('Control+Enter');
    await page.locator('.bulk-edit-panel .monaco-list-row').first().waitFor({ timeout: PATIENCE_MS });
    await settle(page, narrow);
    await shoot();
    await page.locator('.bulk-edit-panel .monaco-button', { hasText: 'Discard' }).click();
  },
  explorer: async (page, narrow, shoot) => {
    await command(page, 'GFP Lens: Open Mask Explorer');
    const view = await frame(page);
    await view.locator('#answer table').waitFor({ timeout: PATIENCE_MS });
    await view.locator('#mask').fill('GFP_ATOMIC | __GFP_NOFAIL');
    await view.getByText('nofail-cannot-block').first().waitFor({ timeout: PATIENCE_MS });
    await settle(page, narrow);
    await accessible(page, 'the explorer', '#explorer');
    await shoot();
  },
  log: async (page, narrow, shoot) => {
    await openFile(page, 'failure.dmesg');
    await command(page, 'GFP Lens: Explain Failure in Kernel Log');
    await previewText(page, 'In the source');
    if (narrow) await onlyThePage(page);
    await settle(page, narrow);
    await accessible(page, 'the page of a log', 'svg');
    await shoot();
  },
  report: async (page, narrow, shoot) => {
    await openFile(page, 'context.c');
    await command(page, 'GFP Lens: Check Folder');
    await previewText(page, 'By rule');
    if (narrow) await onlyThePage(page);
    await settle(page, narrow);
    await accessible(page, 'the report of a check', '.findings');
    await shoot();
  },
  settings: async (page, narrow, shoot) => {
    await command(page, 'Preferences: Open Settings (UI)');
    const box = page.locator('.settings-editor .search-container .view-line').first();
    await box.waitFor({ timeout: PATIENCE_MS });
    await page.keyboard.type('@ext:gfp-lens.gfp-lens ');
    await page.locator('.settings-editor .setting-item-label', { hasText: 'Enable' }).first().waitFor({ timeout: PATIENCE_MS });
    // Away from the box, and its list of suggestions closes.
    await page.locator('.settings-editor .setting-item-description').first().click();
    await settle(page, narrow);
    await shoot();
    // They open in front of the window.
    await page.locator('.modal-editor-part .codicon-close, .editor-actions .codicon-close').first().click();
  },
  walkthrough: async (page, narrow, shoot) => {
    await command(page, 'Welcome: Open Walkthrough...', 'GFP Lens');
    await page.locator('.getting-started-step').first().waitFor({ timeout: PATIENCE_MS });
    await settle(page, narrow);
    await shoot();
  },
};

/** A narrow window shows the page and not what it is beside. */
async function onlyThePage(page) {
  await command(page, 'View: Focus Right Editor Group');
  await command(page, 'View: Toggle Maximize Editor Group');
}

/** The first finding of context.c, in the middle of the editor. */
async function openFinding(page) {
  await openFile(page, 'context.c');
  await find(page, FINDING, 'kmalloc');
  await page.keyboard.press('Home');
  await squiggle(page).waitFor({ timeout: PATIENCE_MS });
}

/** Whether it is there within a few seconds. */
function appears(what) {
  return what.waitFor({ timeout: 4000 }).then(
    () => true,
    () => false,
  );
}

function frame(page) {
  return page.frameLocator('iframe.webview.ready').frameLocator('iframe#active-frame');
}

/** The layout of a narrow window comes to rest later. */
function settle(page, narrow) {
  return page.waitForTimeout(narrow ? 1500 : 1000);
}
