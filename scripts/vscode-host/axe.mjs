// Asks axe whether people who use a keyboard or a screen reader can work with a view of ours.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/**
 * Throws when the view keeps somebody out. Rules that concern a whole page are the editor's business: the view is a part of it.
 * @param {import('playwright-core').Page} page
 * @param {string} what for people
 * @param {string} selector something that only this view has
 */
export async function accessible(page, what, selector) {
  for (const frame of page.frames()) {
    const there = await frame.$(selector).catch(() => null);
    if (there === null) continue;
    await frame.evaluate(axe);
    const { violations } = await frame.evaluate(() => globalThis.axe.run(document, { rules: { region: { enabled: false } } }));
    const lines = violations.map(({ id, help, nodes }) => `  ${id}: ${help}: ${nodes.map(({ html }) => html.slice(0, 120)).join('; ')}`);
    if (lines.length > 0) throw new Error(`${what} keeps people out:\n${lines.join('\n')}`);
    console.log(`axe: ${what}: no violation`);
    return;
  }
  throw new Error(`${what} was not found`);
}
