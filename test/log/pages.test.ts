import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { explainRecords, readLog } from '../../server/src/log/index';
import { logPage } from '../../server/src/report/logPage';
import { PLAIN } from '../../server/src/report/maskPage';

const PAGES = join(__dirname, 'pages');
const logs = ['.', 'context'].flatMap((folder) =>
  readdirSync(join(__dirname, folder))
    .filter((name) => name.endsWith('.log'))
    .map((name) => join(__dirname, folder, name)),
);

/** What the other tests do not ask for one by one: every number and every word of advice. `UPDATE=1` writes the pages; read the difference. */
for (const path of logs) {
  const name = path.slice(path.lastIndexOf('/') + 1).replace(/\.log$/, '.txt');
  test(`the page of ${name} reads as it did`, () => {
    const failures = explainRecords(readLog(readFileSync(path, 'utf8')));
    const text = `${failures.map((failure, index) => logPage(failure, index + 1, PLAIN)).join('\n')}\n`;
    const page = join(PAGES, name);
    if (process.env.UPDATE !== undefined || !existsSync(PAGES)) {
      mkdirSync(PAGES, { recursive: true });
      writeFileSync(page, text);
    }
    assert.equal(text, readFileSync(page, 'utf8'));
  });
}
