// What a person does in the window, for the pictures and for the tests that work the window from outside.

/** How long one waits for what takes a server, a webview or a slow machine. */
export const PATIENCE_MS = 60_000;

export function squiggle(page) {
  return page.locator('.monaco-editor .squiggly-error, .monaco-editor .squiggly-warning').first();
}

/** The innermost piece of the first line with `line` in it that holds `word`, scrolled into view with the editor's own search. */
export async function find(page, line, word) {
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

export async function hover(page, line, word) {
  const place = await find(page, line, word);
  await place.hover();
  await page.locator('.monaco-hover:visible .hover-contents').first().waitFor({ timeout: 20_000 });
  await page.waitForTimeout(800);
}

/** The menu closes by itself when markers change meanwhile: ask until it stays. */
export async function openMenu(page, line, word) {
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
export async function previewText(page, text) {
  await page
    .frameLocator('iframe.webview.ready')
    .frameLocator('iframe#active-frame')
    .getByText(text)
    .first()
    .waitFor({ timeout: PATIENCE_MS });
  await page.waitForTimeout(500);
}

export async function openFile(page, name) {
  await page.keyboard.press('Control+p');
  await page.locator('.quick-input-widget input').first().waitFor();
  await page.keyboard.type(name);
  await page.locator('.quick-input-list .monaco-list-row.focused', { hasText: name }).first().waitFor();
  await page.keyboard.press('Enter');
  await page.locator('.tab.active', { hasText: name }).waitFor();
}

/**
 * Runs a command of the palette, which takes what has the focus away: while a view is loading the key may reach nobody.
 * @param {import('playwright-core').Page} page
 * @param {string} title
 * @param {string} [answer] typed into the box that the command opens
 */
export async function command(page, title, answer) {
  const row = page.locator('.quick-input-list .monaco-list-row', { hasText: title.split(': ').at(-1) }).first();
  for (let attempt = 1; ; attempt++) {
    await page.keyboard.press('F1');
    const box = page.locator('.quick-input-widget input').first();
    try {
      await box.waitFor({ timeout: 5000 });
      await box.fill(`>${title}`);
      await row.waitFor({ timeout: 10_000 });
      break;
    } catch (error) {
      if (attempt === 4) throw error;
      await page.keyboard.press('Escape');
      await page
        .locator('.part.titlebar')
        .first()
        .click({ position: { x: 5, y: 5 } })
        .catch(() => undefined);
    }
  }
  await page.keyboard.press('Enter');
  if (answer === undefined) return;
  await page.waitForTimeout(800);
  await page.keyboard.type(answer);
  await page.keyboard.press('Enter');
}
