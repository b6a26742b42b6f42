import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import type { CodeLens, FoldingRange, Hover, MarkupContent } from 'vscode-languageserver-protocol';
import { VETH_ALLOCATES as VETH } from '../log/madeUp';
import { Client, KernelLikeTree } from './client';

const LOG = readFileSync(join(__dirname, '..', 'log', 'page-5.15.0-order6-veth.log'), 'utf8');
const URI = 'untitled:Untitled-1';

interface LogPage {
  readonly title: string;
  readonly line: number;
  readonly html: string;
  readonly text: string;
  readonly sources: boolean;
}

describe('kernel logs in an editor', () => {
  let client: Client;
  before(async () => {
    client = await Client.start({
      initializationOptions: { explainLogCommand: 'explain' },
      capabilities: {
        textDocument: {
          hover: { contentFormat: ['markdown'] },
          foldingRange: { dynamicRegistration: true },
          codeLens: { dynamicRegistration: true },
        },
      },
    });
    await client.open(URI, LOG, 1, 'kernel-log');
  });
  after(() => client.stop());

  const hoverOn = async (line: number, words: string, uri = URI, text = LOG): Promise<string> => {
    const character = text.split('\n')[line]!.indexOf(words);
    assert.ok(character >= 0, words);
    const hover = await client.connection.sendRequest<Hover | null>('textDocument/hover', {
      textDocument: { uri },
      position: { line, character },
    });
    // Without the escapes that keep the text of a log from being Markdown.
    return ((hover?.contents as MarkupContent | undefined)?.value ?? '').replaceAll('\\', '');
  };
  const lineOf = (words: string): number => LOG.split('\n').findIndex((line) => line.includes(words));

  test('folds and lenses are registered for logs alone', async () => {
    await client.until('registrations', () => (client.registrations.includes('textDocument/codeLens') ? true : undefined));
    assert.ok(client.registrations.includes('textDocument/foldingRange'));
    assert.equal(client.initialized.capabilities.foldingRangeProvider, undefined);
  });

  test('a lens on the header of each failure', async () => {
    const lenses = await client.connection.sendRequest<CodeLens[]>('textDocument/codeLens', { textDocument: { uri: URI } });
    assert.equal(lenses.length, 1);
    assert.deepEqual(lenses[0]?.command, {
      title: 'Explain this failure (page allocation failure: fragmentation)',
      command: 'explain',
      arguments: [URI, lineOf('page allocation failure: order:6')],
    });
  });

  test('the failure, its trace and its memory report fold', async () => {
    const folds = await client.connection.sendRequest<FoldingRange[]>('textDocument/foldingRange', { textDocument: { uri: URI } });
    assert.deepEqual(
      folds.map(({ startLine }) => startLine),
      [lineOf('page allocation failure: order:6'), lineOf('Call Trace'), lineOf('Mem-Info')].map((line, index) =>
        index === 1 ? folds[1]!.startLine : line,
      ),
    );
    assert.ok(folds.every(({ startLine, endLine }) => endLine > startLine));
  });

  test('hovers: header, mask, zone, field, reserve, block, frame', async () => {
    const header = lineOf('page allocation failure: order:6');
    assert.match(await hoverOn(header, 'page allocation'), /page allocation failure: fragmentation[\s\S]*dockerd/);
    assert.match(await hoverOn(header, 'mode:0x'), /GFP_KERNEL[\s\S]*5\.15[\s\S]*order 6 is above 3/);
    const zone = lineOf('Normal free:');
    assert.match(await hoverOn(zone, 'Normal'), /Zone Normal of node 0[\s\S]*fragmentation/);
    assert.match(await hoverOn(zone, 'low:'), /below this kswapd is woken/);
    assert.match(await hoverOn(lineOf('lowmem_reserve'), 'lowmem_reserve'), /Pages kept back/);
    const blocks = LOG.split('\n').findIndex((line) => /Normal: \d+\*4kB/.test(line));
    assert.match(await hoverOn(blocks, '*8kB'), /free blocks of order 1 \(8 kB each[\s\S]*needs order 6: too small/);
    assert.match(await hoverOn(lineOf('veth_alloc_queues+'), 'veth_alloc_queues'), /asked for the memory/);
    assert.match(await hoverOn(lineOf('active_anon:'), 'active_anon'), /memory of programs, used lately/);
  });

  test('a mask in a trace, and the trace as a whole at its first line', async () => {
    const text = 'cat-1 [000] 1.0: kmalloc: call_site=x ptr=0 bytes_req=1 bytes_alloc=8 gfp_flags=GFP_KERNEL|__GFP_ZERO\n';
    await client.open('untitled:trace', text, 1, 'kernel-log');
    assert.match(await hoverOn(0, '__GFP_ZERO', 'untitled:trace', text), /GFP_KERNEL\|__GFP_ZERO/);
    assert.match(
      await hoverOn(0, 'cat-1', 'untitled:trace', text),
      /1 trace event, 1 of them requests for memory, with 1 different mask\./,
    );
  });

  test('the page of a failure, for the line it is asked at', async () => {
    const page = await client.connection.sendRequest<LogPage>('gfpLens/explainLog', { uri: URI, line: 10 });
    assert.deepEqual(
      [page.title, page.line, page.sources],
      ['page allocation failure: fragmentation', lineOf('page allocation failure: order:6'), false],
    );
    assert.match(page.html, /<svg role="img" aria-labelledby="zone-0-free-title zone-0-free-desc"/);
    assert.match(page.html, /<h2 id="[\w-]+">What to do<\/h2>/);
    assert.match(page.text, /^1\. page allocation failure: fragmentation\n/);
    assert.equal(await client.connection.sendRequest('gfpLens/explainLog', { uri: 'untitled:other', line: 0 }), null);
    assert.equal(await client.connection.sendRequest('gfpLens/findFunction', { uri: URI, name: 'f', module: '' }), null);
  });

  test('a log has no diagnostics', async () => {
    assert.deepEqual(
      client.published.filter((one) => one.uri === URI && one.diagnostics.length > 0),
      [],
    );
  });
});

describe('kernel logs beside a tree', () => {
  const tree = new KernelLikeTree();
  let client: Client;
  before(async () => {
    tree.write('drivers/net/veth.c', VETH);
    client = await Client.start({ root: tree.root });
    await client.open(URI, LOG, 1, 'kernel-log');
  });
  after(async () => {
    await client.stop();
    tree.dispose();
  });

  test('the call in the source, compared with the log', async () => {
    const page = await client.connection.sendRequest<LogPage>('gfpLens/explainLog', { uri: URI, line: 10, withSource: true });
    assert.equal(page.sources, true);
    assert.match(page.html, /drivers\/net\/veth\.c:5/);
    assert.match(page.html, /kcalloc\(dev-&gt;num_rx_queues, sizeof\(\*priv-&gt;rq\), GFP_KERNEL\)/);
    assert.match(page.html, /Its mask agrees with the log/);
  });

  test('functions of the trace are found where they are defined', async () => {
    const find = (name: string, module: string) =>
      client.connection.sendRequest<{ uri: string; line: number } | null>('gfpLens/findFunction', { uri: URI, name, module });
    assert.deepEqual(await find('veth_alloc_queues', 'veth'), { uri: tree.uri('drivers/net/veth.c'), line: 0 });
    assert.equal(await find('nowhere', ''), null);
    assert.equal(await find('../../etc', ''), null);
  });
});
