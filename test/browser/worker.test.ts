import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { after, before, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import type { Browser, Page } from 'playwright-core';
import { makefile } from '../lsp/client';

/** The server's bundle for browsers in a worker of a real Chromium, spoken to over its message port as the extension does. */

const project = resolve(__dirname, '../..');
const ROOT = 'vscode-vfs://github/torvalds/linux';
const FILE = `${ROOT}/drivers/foo/bar.c`;
const SOURCE = `#include <linux/slab.h>
static void *make(struct foo *foo)
{
	void *p;

	spin_lock(&foo->lock);
	p = kmalloc(64, GFP_KERNEL);
	spin_unlock(&foo->lock);
	return p;
}
`;
const CAPABILITIES = {
  textDocument: {
    publishDiagnostics: { relatedInformation: true },
    hover: { contentFormat: ['markdown'] },
    codeAction: { codeActionLiteralSupport: { codeActionKind: { valueSet: ['quickfix'] } } },
  },
};

interface Message {
  readonly id?: number;
  readonly method?: string;
  readonly params?: unknown;
  readonly result?: unknown;
}

let browser: Browser;
let page: Page;

before(async () => {
  const { openPage } = (await import(pathToFileURL(join(project, 'scripts/vscode-host/browser.mjs')).toString())) as {
    openPage: () => Promise<{ browser: Browser; page: Page }>;
  };
  ({ browser, page } = await openPage());
  const { outputFiles } = await build({
    absWorkingDir: project,
    entryPoints: ['server/src/lsp/browser/main.ts'],
    bundle: true,
    write: false,
    platform: 'browser',
    target: 'es2022',
    format: 'iife',
    minify: true,
    logLevel: 'error',
  });
  await page.goto('about:blank');
  await page.evaluate(startWorker, outputFiles[0]!.text);
  await request('initialize', {
    processId: null,
    rootUri: ROOT,
    capabilities: CAPABILITIES,
    initializationOptions: { rulePageLink: 'command:rule?{id}' },
  });
  await notify('initialized', {});
});

after(() => browser?.close());

/** Runs in the page. */
function startWorker(script: string): void {
  const page = globalThis as unknown as { worker: EventTarget & { postMessage(message: unknown): void }; messages: unknown[] };
  const { Worker } = globalThis as unknown as { Worker: new (address: string) => typeof page.worker };
  page.worker = new Worker(URL.createObjectURL(new Blob([script], { type: 'text/javascript' })));
  page.messages = [];
  page.worker.addEventListener('message', (event) => page.messages.push((event as MessageEvent).data));
}

let lastId = 0;

async function request<T>(method: string, params: unknown): Promise<T> {
  const id = ++lastId;
  await post({ id, method, params });
  const { result } = await message(`an answer to ${method}`, (one) => one.id === id && one.method === undefined);
  return result as T;
}

function notify(method: string, params: unknown): Promise<void> {
  return post({ method, params });
}

function post(message: object): Promise<void> {
  return page.evaluate((one) => (globalThis as unknown as { worker: { postMessage(message: unknown): void } }).worker.postMessage(one), {
    jsonrpc: '2.0',
    ...message,
  });
}

/** The first message that fits; it is taken out of the queue. */
async function message(what: string, fits: (message: Message) => boolean): Promise<Message> {
  for (let attempt = 0; attempt < 400; attempt++) {
    const messages = await page.evaluate(() => (globalThis as unknown as { messages: Message[] }).messages);
    const at = messages.findIndex(fits);
    if (at >= 0) {
      await page.evaluate((index) => (globalThis as unknown as { messages: Message[] }).messages.splice(index, 1), at);
      return messages[at]!;
    }
    await new Promise((done) => setTimeout(done, 25));
  }
  throw new Error(`${what} did not come`);
}

interface Published {
  readonly uri: string;
  readonly diagnostics: readonly { readonly code: string; readonly relatedInformation: readonly { location: { uri: string } }[] }[];
}

test('a file of a tree that lies on a server is checked, with its evidence', async () => {
  await notify('textDocument/didOpen', { textDocument: { uri: FILE, languageId: 'c', version: 1, text: SOURCE } });
  const { params } = await message('findings', ({ method, params }) => {
    return method === 'textDocument/publishDiagnostics' && (params as Published).diagnostics.length > 0;
  });
  const { uri, diagnostics } = params as Published;
  assert.equal(uri, FILE);
  assert.deepEqual(
    diagnostics.map(({ code }) => code),
    ['sleep-in-atomic'],
  );
  assert.equal(diagnostics[0]!.relatedInformation[0]!.location.uri, FILE);
});

test('the kernel release comes from the files that the editor sends', async () => {
  const sent = new Set<string>();
  const label = async (): Promise<string> => {
    const hover = await request<{ contents: { value: string } }>('textDocument/hover', {
      textDocument: { uri: FILE },
      position: { line: 6, character: 20 },
    });
    return hover.contents.value;
  };
  assert.doesNotMatch(await label(), /kernel 5/);
  // A file leads to others: the Makefile says that there is a tree, then its headers are wanted.
  for (let round = 0; round < 3; round++) {
    const { params } = await message('a question for files', ({ method }) => method === 'gfpLens/wantedFiles');
    const { uris } = params as { uris: string[] };
    for (const uri of uris) assert.ok(!sent.has(uri), `${uri} is asked for twice`);
    for (const uri of uris) sent.add(uri);
    const files = uris.map((uri) => ({ uri, text: uri === `${ROOT}/Makefile` ? makefile(5, 15, 12) : null }));
    await notify('gfpLens/fileTexts', { files });
    if (sent.has(`${ROOT}/include/linux/gfp.h`)) break;
  }
  assert.ok(sent.has(`${ROOT}/Makefile`));
  assert.ok(sent.has(`${ROOT}/include/linux/gfp.h`));
  assert.match(await label(), /kernel 5\\\.15\\\.12/);
});

test('a quick fix is offered', async () => {
  const actions = await request<readonly { title: string; edit: object }[]>('textDocument/codeAction', {
    textDocument: { uri: FILE },
    range: { start: { line: 6, character: 20 }, end: { line: 6, character: 20 } },
    context: { diagnostics: [] },
  });
  assert.ok(
    actions.some(({ title }) => title.includes('GFP_ATOMIC')),
    JSON.stringify(actions.map(({ title }) => title)),
  );
});

test('the mask explorer gets its answer', async () => {
  const { view } = await request<{ view: { source: string; kernel: string } }>('gfpLens/maskView', { text: '0xcc0', uri: FILE });
  assert.equal(view.source, 'GFP_KERNEL');
  assert.match(view.kernel, /^5\.15\.12/);
});

test('a log is explained', async () => {
  const text = readFileSync(join(project, 'sample/failure.dmesg'), 'utf8');
  const uri = 'untitled:Untitled-1';
  await notify('textDocument/didOpen', { textDocument: { uri, languageId: 'kernel-log', version: 1, text } });
  const explained = await request<{ title: string; html: string }>('gfpLens/explainLog', { uri, line: 0 });
  assert.equal(explained.title, 'page allocation failure: fragmentation');
  assert.match(explained.html, /<svg/);
});

test('a check of a folder says what it cannot do here', async () => {
  const result = await request<{ files: number }>('gfpLens/check', { kind: 'folder', uri: `${ROOT}/drivers/foo` });
  assert.equal(result.files, 0);
});
