import assert from 'node:assert/strict';
import { readdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { GitTree, LOCKED, PLAIN } from './gitTree';
import { BAD, DIST, GOOD, KERNEL_MAKEFILE, runCli, temporaryFolder } from './runCli';

async function connect(cwd: string, ...args: readonly string[]): Promise<Client> {
  const client = new Client({ name: 'test', version: '1' });
  await client.connect(
    new StdioClientTransport({ command: process.execPath, args: [join(DIST, 'cli.js'), 'mcp', ...args], cwd, stderr: 'pipe' }),
  );
  return client;
}

/** The text of an answer; `error` when the tool says that there is none. */
async function ask(client: Client, name: string, question: Record<string, unknown>): Promise<{ text: string; error: boolean }> {
  const { content, isError } = await client.callTool({ name, arguments: question });
  const [part, ...more] = content as readonly { readonly type: string; readonly text: string }[];
  assert.deepEqual([part!.type, more.length], ['text', 0]);
  return { text: part!.text, error: isError === true };
}

describe('gfp-lens mcp', () => {
  const tree = new GitTree({
    'drivers/a.c': PLAIN,
    'drivers/good.c': GOOD,
    'old/b.c': BAD,
    '.gfp-lens.json': '{"folders": {"old": {"zone-conflict": "warning"}}}',
  });
  tree.commit('take the lock', { 'drivers/a.c': LOCKED });
  const mails = tree.mails('HEAD~1');
  tree.git('checkout', '-q', 'HEAD~1');
  let client: Client;
  before(async () => {
    client = await connect(join(tree.root, 'drivers'));
  });
  after(() => client.close());

  test('four tools that only read; the tree and its release are in the instructions', async () => {
    const { tools } = await client.listTools();
    assert.deepEqual(tools.map((tool) => tool.name).sort(), ['check', 'decode_mask', 'explain_finding', 'explain_log']);
    for (const tool of tools) assert.deepEqual([tool.annotations?.readOnlyHint, tool.annotations?.openWorldHint], [true, false]);
    assert.ok(client.getInstructions()!.includes(`${tree.root} (Linux 6.1.7)`));
  });

  test('decode_mask: for the tree, for another release, and what is wrong with a question', async () => {
    const { text } = await ask(client, 'decode_mask', { mask: 'GFP_ATOMIC', order: 2 });
    assert.match(text, /^GFP_ATOMIC\n0xa20 on Linux 6\.1\.7\n/);
    assert.match(text, /mm\/page_alloc\.c: /);
    assert.match((await ask(client, 'decode_mask', { mask: '0xcc0', kernel: '5.10' })).text, /on Linux 5\.10/);
    assert.deepEqual((await ask(client, 'decode_mask', { mask: '0xcc0', kernel: 'new' })).error, true);
    assert.deepEqual((await ask(client, 'decode_mask', { mask: 'kmalloc' })).error, true);
  });

  test('check: a file, a folder with the severities of the project, evidence with file and line', async () => {
    assert.equal((await ask(client, 'check', { path: 'drivers/good.c' })).text, 'Linux 6.1.7, 1 C file read: nothing found');
    const { text } = await ask(client, 'check', { path: '.' });
    assert.match(text, /^Linux 6\.1\.7, 3 C files read: 2 findings\n/);
    assert.match(text, /^old\/b\.c:5:\d+: warning \[zone-conflict\] in get\(\): /m);
  });

  test('check: a patch that is not applied, narrowed to a path', async () => {
    const { text } = await ask(client, 'check', { patch: mails });
    const [status, head, finding, evidence] = text.split('\n');
    assert.match(status!, /the patch fits the tree: checked as if applied/);
    assert.equal(head, 'Linux 6.1.7, 1 C file read: 1 finding');
    assert.match(finding!, /^drivers\/a\.c:7:\d+: error \[sleep-in-atomic\] in first\(\): .*may sleep/);
    assert.match(evidence!, /^ {2}drivers\/a\.c:5: /);
    assert.match(text, /^ {2}fix \(safe\): Use GFP_ATOMIC$/m);
    assert.match((await ask(client, 'check', { patch: mails, path: 'old' })).text, /0 C files read: nothing found/);
    const misfit = await ask(client, 'check', { patch: mails.replace(/^ \td->a = 1;/m, ' \td->a = 9;') });
    assert.deepEqual([misfit.error, /the patch does not fit the tree at .*hunk 1/.test(misfit.text)], [true, true]);
  });

  test('explain_finding: the code around it, what holds there, the page of its rule', async () => {
    const { text } = await ask(client, 'explain_finding', { file: 'drivers/a.c', line: 17 });
    assert.match(text, /^Linux 6\.1\.7\ndrivers\/a\.c:17:/);
    assert.match(text, /^ {4}17> \td->q = alloc_pages/m);
    assert.match(text, /^# zone-conflict$/m);
    assert.match((await ask(client, 'explain_finding', { rule: 'free-mismatch' })).text, /^# free-mismatch\n/);
    const none = await ask(client, 'explain_finding', { file: 'drivers/a.c', line: 1 });
    assert.deepEqual([none.error, /there are some on lines 17 \(zone-conflict\)/.test(none.text)], [true, true]);
    assert.equal((await ask(client, 'explain_finding', { rule: 'nothing' })).error, true);
  });

  test('explain_log', async () => {
    const log = 'swapper/0: page allocation failure: order:4, mode:0x40820(GFP_ATOMIC|__GFP_COMP), nodemask=(null)\n';
    const { text } = await ask(client, 'explain_log', { log });
    assert.match(text, /page allocation failure/);
    assert.match(text, /16 contiguous pages/);
    assert.equal((await ask(client, 'explain_log', { log: 'hello' })).error, true);
  });

  test('nothing outside of the tree is read, by no way', async () => {
    const outside = temporaryFolder({ 'secret.c': BAD });
    symlinkSync(join(outside, 'secret.c'), join(tree.root, 'drivers', 'link.c'));
    symlinkSync(outside, join(tree.root, 'drivers', 'folder'));
    const paths = [
      '../secret.c',
      join(outside, 'secret.c'),
      'drivers/link.c',
      'drivers/folder',
      'drivers/folder/secret.c',
      '..',
      '/etc/passwd',
      'a\0b',
    ];
    for (const path of paths) {
      for (const answer of [await ask(client, 'check', { path }), await ask(client, 'explain_finding', { file: path, line: 5 })]) {
        assert.equal(answer.error, true, path);
        assert.doesNotMatch(answer.text, /zone-conflict|root:/);
      }
    }
    const before = readdirSync(tree.root, { recursive: true });
    const patch = `--- a/drivers/link.c\n+++ b/drivers/link.c\n@@ -3,1 +3,1 @@\n-static struct page *get(void)\n+static struct page *got(void)\n`;
    const linked = await ask(client, 'check', { patch });
    assert.equal(linked.error, true, linked.text);
    const away = await ask(client, 'check', { patch: patch.replaceAll('drivers/link.c', '../x.c') });
    assert.equal(away.error, true);
    assert.deepEqual(readdirSync(tree.root, { recursive: true }), before);
  });

  test('a folder that is no kernel tree, and mistakes at the start', async () => {
    const folder = temporaryFolder({ 'a.c': BAD });
    const other = await connect(folder);
    assert.match((await ask(other, 'check', { path: 'a.c' })).text, /1 finding\n/);
    assert.match((await ask(other, 'decode_mask', { mask: '0x24000c0' })).text, /on Linux 4\./);
    await other.close();
    const { code, stderr } = await runCli(['mcp', '--tree', join(folder, 'nowhere')]);
    assert.deepEqual([code, /no such file or folder/.test(stderr)], [2, true]);
    const wrong = temporaryFolder({ Makefile: KERNEL_MAKEFILE, '.gfp-lens.json': '{"x": 1}' });
    assert.match((await runCli(['mcp'], { cwd: wrong })).stderr, /there is no member "x"/);
  });
});
