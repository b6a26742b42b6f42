// Windows worked from outside, by mouse and keyboard, with the extension as if installed: what extensions cannot see of their views, and Restricted Mode, which VS Code
// never has while tests run inside of it. The first test of a window that fails ends it, and leaves a picture in test-results/.
import { cpSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { openPage } from '../../../scripts/vscode-host/browser.mjs';
import { startServer, workbenchUrl } from '../../../scripts/vscode-host/server.mjs';
import * as explorer from './explorer.mjs';
import * as restricted from './restricted.mjs';

const project = fileURLToPath(new URL('../../..', import.meta.url));
const pictures = path.join(project, 'test-results');

let failed = 0;
for (const window of [restricted, explorer]) failed += await work(window);
process.exit(failed === 0 ? 0 : 1);

/** @returns {Promise<number>} how many tests failed */
async function work({ name, trusted, prepare, tests }) {
  const server = await startServer({ say: console.error, extension: project, trusted });
  const { browser, page } = await openPage();
  try {
    const folder = path.join(server.scratch, 'sample');
    cpSync(path.join(project, 'sample'), folder, { recursive: true });
    prepare(folder);
    await page.goto(workbenchUrl(server, { folder, file: path.join(folder, 'drivers/sample/context.c') }));
    for (const [what, test] of Object.entries(tests)) {
      if (!(await passes(page, `${name}: ${what}`, () => test(page, folder)))) return 1;
    }
    return 0;
  } finally {
    await browser.close();
    await server.stop();
  }
}

async function passes(page, what, test) {
  try {
    await test();
    console.log(`  ok       ${what}`);
    return true;
  } catch (error) {
    console.log(`  FAILED   ${what}: ${error instanceof Error ? error.message : String(error)}`);
    mkdirSync(pictures, { recursive: true });
    await page.screenshot({ path: path.join(pictures, `${what.replace(/\W+/g, '-').slice(0, 60)}.png`) });
    return false;
  }
}
