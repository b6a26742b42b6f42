import assert from 'node:assert/strict';
import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { Client, KernelLikeTree, PULL } from './client';
import { QUIET, SLEEPS } from './sources';

type Answer = { text: string; error?: undefined } | { text?: undefined; error: string };

describe('tools of language models', () => {
  const tree = new KernelLikeTree();
  const outside = new KernelLikeTree();
  let client: Client;
  before(async () => {
    tree.write('drivers/bad.c', SLEEPS);
    tree.write('lib/quiet.c', QUIET);
    outside.write('secret.c', SLEEPS);
    symlinkSync(join(outside.root, 'secret.c'), join(tree.root, 'drivers', 'link.c'));
    client = await Client.start({ capabilities: PULL, root: tree.root });
  });
  after(async () => {
    await client.stop();
    tree.dispose();
    outside.dispose();
  });

  const ask = (tool: string, input: unknown): Promise<Answer> => client.connection.sendRequest('gfpLens/assist', { tool, input });

  test('decode_mask: for the open tree, and for another release', async () => {
    assert.match((await ask('decode_mask', { mask: 'GFP_ATOMIC' })).text!, /^GFP_ATOMIC\n0xa20 on Linux 6\.1\.192\n/);
    assert.match((await ask('decode_mask', { mask: '0xcc0', kernel: '5.10' })).text!, /on Linux 5\.10/);
  });

  test('check: a file, a folder, and a patch that is not applied', async () => {
    assert.match((await ask('check', { path: 'drivers/bad.c' })).text!, /1 finding\ndrivers\/bad\.c:\d+:\d+: error \[sleep-in-atomic\]/);
    assert.match((await ask('check', { path: '.' })).text!, /2 C files read: 1 finding\ndrivers\/bad\.c/);
    const patch = `--- /dev/null\n+++ b/new.c\n@@ -0,0 +1,${SLEEPS.trimEnd().split('\n').length} @@\n${SLEEPS.trimEnd().replace(/^/gm, '+')}\n`;
    assert.match((await ask('check', { patch })).text!, /the patch fits the tree[\s\S]*new\.c:\d+:\d+: error \[sleep-in-atomic\]/);
  });

  test('check: a file that is open counts as it stands in the editor', async () => {
    const uri = tree.uri('lib/quiet.c');
    await client.open(uri, SLEEPS);
    assert.match((await ask('check', { path: 'lib/quiet.c' })).text!, /1 finding/);
    await client.close(uri);
    assert.match((await ask('check', { path: 'lib/quiet.c' })).text!, /nothing found/);
  });

  test('explain_finding: the evidence, and the page of the rule', async () => {
    const line = SLEEPS.split('\n').findIndex((text) => text.includes('GFP_KERNEL')) + 1;
    const { text } = await ask('explain_finding', { file: 'drivers/bad.c', line });
    assert.match(text!, /spin_lock/);
    assert.match(text!, /What it finds/);
  });

  test('explain_log: says when there is nothing to explain', async () => {
    assert.match((await ask('explain_log', { log: 'all is well' })).error!, /holds no allocation failure/);
  });

  test('what lies outside of the open folders is not read, also not through a link', async () => {
    for (const path of ['../secret.c', join(outside.root, 'secret.c'), 'drivers/link.c', '/etc/passwd'])
      assert.match((await ask('check', { path })).error!, /lies outside of the open folders/, path);
    assert.match((await ask('explain_finding', { file: 'drivers/link.c', line: 1 })).error!, /lies outside/);
  });

  test('wrong questions get an answer that says how to ask', async () => {
    const wrong: readonly (readonly [string, unknown, RegExp])[] = [
      ['decode_mask', {}, /give mask/],
      ['decode_mask', { mask: 7 }, /mask: a text is wanted/],
      ['decode_mask', { mask: 'GFP_KERNEL', order: 99 }, /order: a whole number from 0 to 64/],
      ['decode_mask', { mask: 'GFP_KERNEL', context: ['here'] }, /context: a list of/],
      ['decode_mask', { mask: 'GFP_KERNEL', kernel: 'new' }, /not a kernel release/],
      ['check', null, /give a path or a patch/],
      ['check', { path: 'no/such.c' }, /no such file/],
      ['check', { patch: 'hello' }, /holds no patch/],
      ['explain_finding', { file: 'lib/quiet.c', line: 1 }, /no finding there/],
      ['format_disk', {}, /there is no tool/],
    ];
    for (const [tool, input, error] of wrong) assert.match((await ask(tool, input)).error!, error, tool);
  });
});
