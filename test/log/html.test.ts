import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { explainFailure, readLog } from '../../server/src/log/index';
import { logHtml } from '../../server/src/report/logHtml';
import { buddySvg, zoneSvg } from '../../server/src/report/logSvg';

const names = readdirSync(__dirname).filter((name) => name.endsWith('.log'));
const textOf = (name: string): string => readFileSync(join(__dirname, name), 'utf8');
const explained = (text: string) => readLog(text).map((record) => explainFailure(record));

/** Names of the elements of a page, and what is wrong with their nesting. */
function elements(markup: string): { readonly names: Set<string>; readonly wrong: string[] } {
  const open: string[] = [];
  const found = new Set<string>();
  const wrong: string[] = [];
  for (const [, close, name, , self] of markup.matchAll(/<(\/?)([a-zA-Z0-9]+)((?:\s+[a-zA-Z-]+="[^"<>]*")*)\s*(\/?)>/g)) {
    found.add(name!);
    if (close === '/') {
      const last = open.pop();
      if (last !== name) wrong.push(`</${name}> closes <${last}>`);
    } else if (self !== '/') open.push(name!);
  }
  if (open.length > 0) wrong.push(`open: ${open.join(' ')}`);
  return { names: found, wrong };
}

const ALLOWED = new Set(
  'main header h1 h2 h3 p ul ol li span strong code section article figure figcaption details summary table thead tbody tr th td dl div dt dd button footer svg title desc defs pattern line rect text pre'.split(
    ' ',
  ),
);

describe('the page of a failure', () => {
  for (const name of names) {
    test(`${name}: well-formed, known elements, unique ids, every picture with words`, () => {
      for (const failure of explained(textOf(name))) {
        const page = logHtml(failure, { sources: true });
        const { names: used, wrong } = elements(page);
        assert.deepEqual(wrong, []);
        assert.deepEqual(
          [...used].filter((one) => !ALLOWED.has(one)),
          [],
        );
        const ids = [...page.matchAll(/ id="([^"]+)"/g)].map((match) => match[1]!);
        assert.equal(new Set(ids).size, ids.length);
        for (const [, references] of page.matchAll(/aria-labelledby="([^"]+)"/g))
          for (const reference of references!.split(' ')) assert.ok(ids.includes(reference), reference);
        for (const [svg] of page.matchAll(/<svg[\s\S]*?<\/svg>/g))
          assert.match(svg, /role="img"[\s\S]*<title [^>]+>[^<]+<\/title><desc [^>]+>[^<]+<\/desc>/);
        assert.doesNotMatch(page, /NaN|undefined|Infinity/);
      }
    });
  }

  test('a log cannot bring markup, script, or characters that reorder text', () => {
    const evil = `"><img src=x onerror=alert(1)><script>alert(1)</script>'\u202e\`\${x}`;
    const text = textOf('page-5.15.0-order6-veth.log')
      .replaceAll('dockerd', evil)
      .replaceAll('[veth]', '[veth"onclick=x]')
      .replace('5.15.0-91-generic', `5.15.0-<svg/onload=alert(2)>`)
      .replace('veth_alloc_queues+', 'veth_alloc_queues" onmouseover="x+');
    for (const failure of explained(text)) {
      const page = logHtml(failure, { sources: true });
      const { names: used, wrong } = elements(page);
      assert.deepEqual(wrong, []);
      assert.deepEqual(
        [...used].filter((one) => !ALLOWED.has(one)),
        [],
      );
      assert.doesNotMatch(page, /<script|<img|\son\w+="|\u202e/);
      assert.match(page, /&lt;img src=x onerror=alert\(1\)&gt;/);
    }
  });

  test('hostile names of tasks, groups and locks', () => {
    const oom = textOf('oom-6.7.4-order0-rsync.log').replace(/(\[\s*\d+\]\s+\d+\s+\d+.*\s)\S+$/gm, '$1</table><script>x</script>');
    for (const failure of explained(oom)) assert.doesNotMatch(logHtml(failure, { sources: false }), /<script|<\/table><script/);
  });

  test('the pictures say in words what they show', () => {
    const [failure] = explained(textOf('page-4.9.56-order10-cma.log'));
    const [zone] = failure!.zones;
    const free = zoneSvg(zone!, 'z')!.markup;
    assert.match(
      free,
      /<desc id="z-desc">248344 kB free: 3316 kB usable, 240936 kB CMA, 4092 kB rest of the block\. 920 kB must stay free: 920 kB watermark\. Enough is free\.<\/desc>/,
    );
    assert.match(free, /class="cma"/);
    const blocks = buddySvg(zone!, failure!.order, 'b')!.markup;
    assert.match(blocks, /The request needs a block of order 10 or above\./);
    assert.match(blocks, /Order 10 \(4 MB\): 58 free on the lists CMA, closed to this request\./);
    // Nothing is drawn beyond the picture.
    for (const [, x, width] of blocks.matchAll(/<rect class="(?:usable|closed)" x="([\d.]+)" y="[\d.]+" width="([\d.]+)"/g))
      assert.ok(Number(x) + Number(width) <= 640);
  });
});
