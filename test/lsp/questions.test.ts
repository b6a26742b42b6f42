import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Hover, MarkupContent } from 'vscode-languageserver-protocol/node';
import { formatRelease, newestRelease } from '../../server/src/kernel/index';
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

  test('our own client gets a link to look at the mask closer; with an unknown part there is none', async () => {
    const own = await Client.start({ capabilities: PULL, root: tree.root, initializationOptions: { maskLink: 'command:x?{mask}' } });
    try {
      const uri = tree.uri('drivers/linked.c');
      await own.open(uri, SLEEPS);
      assert.match((await hoverText(own, uri, SLEEPS, 'GFP_KERNEL'))!, /\[explore\]\(<command:x\?GFP_KERNEL>\)/);
      const open = tree.uri('lib/open.c');
      await own.open(open, QUIET);
      assert.doesNotMatch((await hoverText(own, open, QUIET, 'gfp | __GFP_NOWARN'))!, /explore/);
    } finally {
      await own.stop();
    }
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
    assert.match(named.markdown, /May sleep and start I\/O, but does not call into filesystems/);
    const number = (await decode('0xcc0', tree.uri('mm/x.c')))!;
    assert.match(number.markdown, /^# `GFP_KERNEL`\n\n`0xcc0` on Linux 6\\\.1\\\.192/);
    assert.match(number.markdown, /<details open>\n<summary>What the allocator does<\/summary>/);
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

  test('maskView has what the explorer shows, and says what is wrong with a text', async () => {
    type View = {
      kernels: string[];
      error?: string;
      view?: { source: string; kernel: string; problems: { rule: string }[]; path: unknown[] };
    };
    const view = (params: object): Promise<View> => client.connection.sendRequest('gfpLens/maskView', params);
    const here = await view({ text: '0xcc0', uri: tree.uri('mm/x.c') });
    assert.deepEqual(
      [here.view?.source, here.view?.kernel, here.kernels[0]],
      ['GFP_KERNEL', '6.1.192 (tables)', formatRelease(newestRelease())],
    );
    const old = await view({ text: 'GFP_KERNEL | __GFP_NOFAIL', kernel: '5.4', order: 2, context: ['softirq', 'nonsense'] });
    assert.deepEqual(
      old.view?.problems.map((problem) => problem.rule),
      ['nofail-high-order', 'sleep-in-atomic'],
    );
    assert.match((await view({ text: 'GFP_KERNLE' })).error!, /did you mean GFP_KERNEL/);
    assert.match((await view({ text: 'GFP_KERNEL', kernel: '3.0' })).error!, /oldest release/);
    assert.match((await view({})).error!, /no mask/);
  });

  test('compareMasks and compareReleases show what differs', async () => {
    const page: { markdown: string } | null = await client.connection.sendRequest('gfpLens/compareMasks', {
      first: { text: 'GFP_ATOMIC' },
      second: { text: 'GFP_NOWAIT' },
    });
    assert.match(page!.markdown, /\| reserve \| down to 37\\.5 % of the min watermark.* \| none \|/);
    assert.doesNotMatch(page!.markdown, /may sleep/);
    const releases: { markdown: string } | null = await client.connection.sendRequest('gfpLens/compareReleases', { text: 'GFP_ATOMIC' });
    assert.match(releases!.markdown, /\| 6\\.3 \\- 7\\.3 \| 0x820 \|/);
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
