// The part of the tour of pictures that shows the extension as a product: preview of a change, report of a check, settings, walkthrough, problems with their
// evidence, a window without trust. The report and the page of a log are held against axe.
import { accessible } from './axe.mjs';
import { command, find, openFile, PATIENCE_MS, previewText } from './hands.mjs';

/**
 * @param {import('playwright-core').Page} page with the sample open
 * @param {(what: string) => Promise<void>} shoot
 */
export async function productTour(page, shoot) {
  await command(page, 'View: Close All Editors');
  await openFile(page, 'context.c');
  await command(page, 'View: Focus Problems');
  const problems = page.locator('.markers-panel .monaco-list-row');
  await problems.first().waitFor({ timeout: PATIENCE_MS });
  await page.keyboard.press('Control+Home');
  await page.keyboard.press('ArrowRight');
  for (let row = 0; row < 2; row++) await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowRight');
  await page.waitForTimeout(500);
  await shoot('20-related-information');
  await command(page, 'View: Toggle Panel Visibility');

  await openFile(page, 'sizes.c');
  await (await find(page, 'kcalloc(slots', 'kcalloc')).click();
  await page.keyboard.press('Control+Shift+r');
  await page.locator('.action-widget .monaco-list-row', { hasText: 'kvcalloc' }).first().waitFor({ timeout: PATIENCE_MS });
  await page.keyboard.press('Control+Enter');
  await page.locator('.bulk-edit-panel .monaco-list-row').first().waitFor({ timeout: PATIENCE_MS });
  await page.waitForTimeout(500);
  await shoot('21-preview');
  await page.locator('.bulk-edit-panel .monaco-button', { hasText: 'Discard' }).click();

  await command(page, 'View: Close Primary Side Bar');
  await command(page, 'View: Close All Editors');
  await openFile(page, 'context.c');
  await command(page, 'GFP Lens: Check Folder');
  await previewText(page, 'By rule');
  await shoot('22-report');
  await accessible(page, 'the report of a check', '.findings');
  await command(page, 'View: Close All Editors');

  await command(page, 'Preferences: Open Settings (UI)');
  await page.locator('.settings-editor .search-container .view-line').first().waitFor({ timeout: PATIENCE_MS });
  await page.keyboard.type('@ext:gfp-lens.gfp-lens');
  await page.locator('.settings-editor .setting-item-label', { hasText: 'Enable' }).first().waitFor({ timeout: PATIENCE_MS });
  await page.waitForTimeout(800);
  await shoot('23-settings');
  // They open in front of the window.
  await page
    .locator('.modal-editor-part .codicon-close, .editor-actions .codicon-close')
    .first()
    .click()
    .catch(() => undefined);
  await page.waitForTimeout(500);
  await page.keyboard.press('Escape');
  await command(page, 'View: Close All Editors');

  await command(page, 'Welcome: Open Walkthrough...');
  await page.waitForTimeout(800);
  await page.keyboard.type('GFP Lens');
  await page.waitForTimeout(500);
  await page.keyboard.press('Enter');
  await page.locator('.getting-started-step').first().waitFor({ timeout: PATIENCE_MS });
  await page.waitForTimeout(800);
  await shoot('24-walkthrough');
  await command(page, 'View: Close All Editors');

  await openFile(page, 'failure.dmesg');
  await command(page, 'GFP Lens: Explain Failure in Kernel Log');
  await previewText(page, 'What the allocator tried');
  await accessible(page, 'the page of a log', 'svg');
  const size = page.viewportSize();
  await page.setViewportSize({ width: 560, height: 900 });
  await command(page, 'View: Focus Right Editor Group');
  await command(page, 'View: Close Editors in Other Groups');
  await page.waitForTimeout(800);
  await shoot('25-log-narrow');
  await page.setViewportSize(size);
  await command(page, 'View: Close All Editors');
}
