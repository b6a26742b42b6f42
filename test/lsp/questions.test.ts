import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Hover, MarkupContent } from 'vscode-languageserver-protocol/node';
import { at, Client, KernelLikeTree, PULL } from './client';
import { QUIET, SLEEPS } from './sources';

const tree = new KernelLikeTree();
after(() => tree.dispose());

async function hoverText(client: Client, uri: string, text: string, needle: string, into = 1): Promise<string | null> {
  const hover: Hover | null = await client.connection.sendRequest('textDocument/hover', {
    textDocument: { uri },
    position: at(text, needle, into),
  });
  return hover === null ? null : (hover.contents as MarkupContent).value;
}

describe('hover', () => {
  let client: Client;
  before(async () => {
    client = await Client.start({
      capabilities: PULL,
      root: tree.root,
      initializationOptions: { rulePageLink: 'command:gfpLens.openRulePage?{id}' },
    });
  });
  after(() => client.stop());

  test('on a composite: what it does, why it is wrong here, and for which kernel', async () => {
    const uri = tree.uri('drivers/a.c');
    await client.open(uri, SLEEPS);
    const text = (await hoverText(client, uri, SLEEPS, 'GFP_KERNEL'))!;
    assert.match(text, /^\*\*`GFP_KERNEL`\*\*/);
    assert.match(text, /\*\*Sleeps:\*\* may sleep/);
    assert.match(text, /must not sleep/);
    assert.match(text, /`&ring->lock` held since line 11/);
    assert.match(text, /\[sleep\\-in\\-atomic\]\(<command:gfpLens\.openRulePage\?sleep-in-atomic>\)/);
    assert.match(text, /kernel 6\\\.1\\\.192/);
  });

  test('on the call: the mask that reaches the allocator', async () => {
    const uri = tree.uri('drivers/call.c');
    const source = SLEEPS.replace('kmalloc(', 'kzalloc(');
    await client.open(uri, source);
    const text = (await hoverText(client, uri, source, 'kzalloc'))!;
    assert.match(text, /^\*\*`kzalloc\(\)`\*\* = `GFP_KERNEL\|__GFP_ZERO`/);
    assert.match(text, /\*\*Adds:\*\* `__GFP_ZERO`/);
  });

  test('on a partially known mask: what depends on the parameter', async () => {
    const uri = tree.uri('lib/quiet.c');
    await client.open(uri, QUIET);
    const text = (await hoverText(client, uri, QUIET, 'gfp | __GFP_NOWARN'))!;
    assert.match(text, /\*\*Sleeps:\*\* depends on `gfp`/);
  });

  test('on a gfp_t parameter: the callers decide', async () => {
    const uri = tree.uri('lib/parameter.c');
    await client.open(uri, QUIET);
    const text = (await hoverText(client, uri, QUIET, 'gfp_t gfp', 7))!;
    assert.match(text, /callers of `copy\(\)` decide/);
    assert.match(text, /`kmalloc\(\)` line 5/);
  });

  test('no hover where nothing is', async () => {
    const uri = tree.uri('drivers/none.c');
    await client.open(uri, SLEEPS);
    assert.equal(await hoverText(client, uri, SLEEPS, 'struct ring'), null);
    assert.equal(await hoverText(client, 'file:///nowhere.c', SLEEPS, 'GFP_KERNEL'), null);
  });

  test('lines stay short enough for a narrow window', async () => {
    const uri = tree.uri('drivers/short.c');
    await client.open(uri, SLEEPS);
    const text = (await hoverText(client, uri, SLEEPS, 'kmalloc'))!;
    const bullets = text.split('\n').filter((line) => line.startsWith('- '));
    assert.ok(bullets.length > 3);
    for (const line of bullets) assert.ok(line.length < 160, line);
  });
});

test('a client without Markdown gets plain text', async () => {
  // Which of several forms a client prefers is told by their order.
  const client = await Client.start({ capabilities: { textDocument: { hover: { contentFormat: ['plaintext', 'markdown'] } } } });
  try {
    const uri = tree.uri('drivers/plain.c');
    await client.open(uri, SLEEPS);
    const hover: Hover | null = await client.connection.sendRequest('textDocument/hover', {
      textDocument: { uri },
      position: at(SLEEPS, 'GFP_KERNEL', 1),
    });
    const contents = hover!.contents as MarkupContent;
    assert.equal(contents.kind, 'plaintext');
    assert.match(contents.value, /^GFP_KERNEL\n/);
    assert.doesNotMatch(contents.value, /\*\*|\\/);
  } finally {
    await client.stop();
  }
});

describe('our own requests', () => {
  let client: Client;
  before(async () => {
    client = await Client.start({ capabilities: PULL, root: tree.root, initializationOptions: { rulePageLink: 'command:x?{id}' } });
  });
  after(() => client.stop());

  const decode = (text: string, uri?: string): Promise<{ title: string; markdown: string } | null> =>
    client.connection.sendRequest('gfpLens/decodeMask', { text, ...(uri && { uri }) });

  test('decodeMask explains expressions and numbers of the tree that is open', async () => {
    const named = (await decode('GFP_NOFS | __GFP_ZERO'))!;
    assert.equal(named.title, 'GFP_NOFS | __GFP_ZERO');
    assert.match(named.markdown, /I\/O, no filesystems/);
    const number = (await decode('0xcc0', tree.uri('mm/x.c')))!;
    assert.match(number.markdown, /`0xcc0`\*\* = `GFP_KERNEL`/);
    assert.match(number.markdown, /6\\\.1\\\.192/);
    const logged = (await decode('mode:0xcc0(GFP_KERNEL)'))!;
    assert.match(logged.markdown, /`GFP_KERNEL`/);
  });

  test('decodeMask of a partially known expression says what is open', async () => {
    assert.match((await decode('gfp | __GFP_NOWARN'))!.markdown, /depends on/);
  });

  test('decodeMask answers null for what is no mask', async () => {
    for (const text of ['', 'hello', 'int x;', '0xfffffffff', '}{', 'x'.repeat(10_000)])
      assert.equal(await decode(text), null, text.slice(0, 20));
  });

  test('rulePage gives the manual page, and null for an unknown rule', async () => {
    const page: { title: string; markdown: string } | null = await client.connection.sendRequest('gfpLens/rulePage', {
      id: 'sleep-in-atomic',
    });
    assert.match(page!.markdown, /## What it finds/);
    assert.equal(await client.connection.sendRequest('gfpLens/rulePage', { id: 'no-such-rule' }), null);
  });

  test('the status says which kernel an opened document belongs to', async () => {
    const uri = tree.uri('drivers/status.c');
    await client.open(uri, SLEEPS);
    const status = await client.until('status', () => client.statuses.find((one) => one.uri === uri));
    assert.match(status.model, /^6\.1\.192 \(/);
  });
});
