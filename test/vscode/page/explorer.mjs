// The mask explorer as a person uses it.
import assert from 'node:assert/strict';
import { accessible } from '../../../scripts/vscode-host/axe.mjs';
import { command, hover, PATIENCE_MS, squiggle } from '../../../scripts/vscode-host/hands.mjs';

export const name = 'the mask explorer';
export const trusted = true;
export const prepare = () => undefined;

const view = (page) => page.frameLocator('iframe.webview.ready').frameLocator('iframe#active-frame');
const verdict = (page, text) => view(page).locator('#verdict', { hasText: text }).waitFor({ timeout: PATIENCE_MS });
const answer = (page, text) => view(page).locator('#answer', { hasText: text }).waitFor({ timeout: PATIENCE_MS });

/** @type {Readonly<Record<string, (page: import('playwright-core').Page) => Promise<void>>>} */
export const tests = {
  'opens from a hover, with the mask that is hovered over': async (page) => {
    await squiggle(page).waitFor({ timeout: PATIENCE_MS });
    await hover(page, 'kmalloc(sizeof(*event), GFP_KERNEL)', 'GFP_KERNEL');
    await page.locator('.monaco-hover:visible a', { hasText: 'explore' }).first().click();
    await verdict(page, 'GFP_KERNEL');
    await verdict(page, 'Linux 6.1');
  },
  'opens from the palette': async (page) => {
    await command(page, 'View: Close All Editors');
    await command(page, 'GFP Lens: Open Mask Explorer');
    await answer(page, 'What the allocator does');
  },
  'a flag that is switched on changes mask, zone and problems': async (page) => {
    await view(page).getByLabel('__GFP_DMA32', { exact: true }).check();
    await verdict(page, 'GFP_KERNEL | GFP_DMA32');
    await answer(page, 'DMA32');
    await view(page).getByLabel('__GFP_HIGHMEM', { exact: true }).check();
    await verdict(page, 'zone-conflict');
    await view(page).getByLabel('__GFP_HIGHMEM', { exact: true }).uncheck();
    await view(page).locator('#verdict', { hasText: 'zone-conflict' }).waitFor({ state: 'detached', timeout: PATIENCE_MS });
  },
  'context, order and release change the answer': async (page) => {
    await view(page).getByLabel('hard interrupt').check();
    await verdict(page, 'sleep-in-atomic');
    await view(page).getByLabel('hard interrupt').uncheck();
    await view(page).locator('#mask').fill('__GFP_ATOMIC');
    await verdict(page, '__GFP_ATOMIC');
    await view(page).getByLabel('Linux').selectOption('6.12');
    await view(page).getByRole('alert').filter({ hasText: '__GFP_ATOMIC' }).waitFor({ timeout: PATIENCE_MS });
    await view(page).locator('#mask').fill('GFP_KERNEL | __GFP_NOFAIL');
    await verdict(page, 'Linux 6.12');
    await view(page).getByLabel('Order').selectOption('4');
    await verdict(page, 'nofail-high-order');
  },
  'copies itself as text that one can paste into a mail': async (page) => {
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await view(page).getByRole('button', { name: 'Copy as text' }).click();
    await view(page).getByRole('button', { name: 'Copied' }).waitFor({ timeout: PATIENCE_MS });
    let text = '';
    for (let attempt = 0; text === '' && attempt < 50; attempt++) {
      await page.waitForTimeout(100);
      text = await page.evaluate(() => navigator.clipboard.readText());
    }
    assert.match(text, /^GFP_KERNEL \| __GFP_NOFAIL \(0x[0-9a-f]+\) on Linux 6\.12 \(tables\), order 4$/m);
    assert.match(text, /\[nofail-high-order\]/);
  },
  'keeps nobody out': async (page) => {
    await accessible(page, 'the explorer', '#explorer');
  },
};
