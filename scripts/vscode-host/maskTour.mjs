// The part of the tour of pictures that is about masks: explorer, comparison, completion, hints. Also asks axe whether people who use a keyboard or a
// screen reader can work with the explorer, and throws when they cannot.
import { accessible } from './axe.mjs';
import { command, find, hover, openFile, PATIENCE_MS, previewText } from './hands.mjs';

/**
 * @param {import('playwright-core').Page} page with the sample open
 * @param {(what: string) => Promise<void>} shoot
 */
export async function maskTour(page, shoot) {
  await command(page, 'View: Close All Editors');
  await command(page, 'GFP Lens: Open Mask Explorer');
  const view = await explorer(page);
  await view.locator('#mask').fill('0x40dc0');
  await view.getByText('GFP_KERNEL | __GFP_COMP | __GFP_ZERO').first().waitFor({ timeout: PATIENCE_MS });
  await page.waitForTimeout(800);
  await shoot('11-explorer');
  await accessible(page, 'the explorer', '#explorer');

  await view.getByLabel('hard interrupt').check();
  await view.getByLabel('__GFP_DMA32', { exact: true }).check();
  await view.getByLabel('__GFP_HIGHMEM', { exact: true }).check();
  await view.getByText('sleep-in-atomic').first().waitFor({ timeout: PATIENCE_MS });
  await shoot('12-explorer-problems');
  await accessible(page, 'the explorer with problems', '#explorer');
  await view.locator('#mask').fill('GFP_KERNLE');
  await view.getByText('did you mean').first().waitFor({ timeout: PATIENCE_MS });
  await shoot('13-explorer-error');
  await accessible(page, 'the explorer with an error', '#explorer');
  const size = page.viewportSize();
  await page.setViewportSize({ width: 1600, height: 900 });
  await view.locator('#mask').fill('GFP_ATOMIC | __GFP_NOFAIL');
  await view.getByText('nofail-cannot-block').first().waitFor({ timeout: PATIENCE_MS });
  await page.waitForTimeout(800);
  await shoot('14-explorer-wide');
  await command(page, 'View: Close Primary Side Bar');
  await page.setViewportSize({ width: 480, height: 900 });
  await view.locator('#mask').fill('GFP_HIGHUSER_MOVABLE');
  await view.getByText('Movable page blocks').first().waitFor({ timeout: PATIENCE_MS });
  await page.waitForTimeout(800);
  await shoot('15-explorer-narrow');
  await page.setViewportSize(size);
  await command(page, 'View: Close All Editors');

  await command(page, 'GFP Lens: Compare Mask Across Releases', 'GFP_ATOMIC');
  await previewText(page, 'Only what changed');
  await shoot('16-releases');
  await command(page, 'View: Close All Editors');

  await openFile(page, 'context.c');
  await hover(page, 'kmalloc(sizeof(*event), GFP_KERNEL)', 'GFP_KERNEL');
  await page.locator('.monaco-hover:visible a', { hasText: 'explore' }).first().waitFor({ timeout: PATIENCE_MS });
  await page.keyboard.press('Escape');
  await (await find(page, 'kmalloc(sizeof(*event), GFP_KERNEL)', 'GFP_KERNEL')).dblclick();
  await page.keyboard.press('Delete');
  await page.keyboard.type('G');
  await page.keyboard.press('Control+Space');
  await page.locator('.suggest-widget.visible .monaco-list-row', { hasText: 'GFP_ATOMIC' }).first().waitFor({ timeout: PATIENCE_MS });
  await page.waitForTimeout(500);
  await shoot('17-completion');
  await page.keyboard.press('Escape');
  for (let i = 0; i < 3; i++) await page.keyboard.press('Control+z');
}

async function explorer(page) {
  const view = page.frameLocator('iframe.webview.ready').frameLocator('iframe#active-frame');
  await view.locator('#answer table').waitFor({ timeout: PATIENCE_MS });
  return view;
}
