import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { type FileTexts, fileTextsNotice, SENDS_FILES, type WantedFiles, wantedFilesNotice } from '../../server/src/protocol/files';
import { at, Client, KernelLikeTree, makefile, PUSH } from './client';
import { SLEEPS } from './sources';

/** Folders that only the editor can read (virtual workspaces), beside folders on disk: the server asks the editor for their files. */

const disk = new KernelLikeTree({ version: 4, patchlevel: 9, sublevel: 300 });
after(() => disk.dispose());

async function releaseIn(client: Client, uri: string): Promise<string> {
  const hover: { contents: { value: string } } = await client.connection.sendRequest('textDocument/hover', {
    textDocument: { uri },
    position: at(SLEEPS, 'GFP_KERNEL', 1),
  });
  return /kernel (\d+\\\.\d+)/.exec(hover.contents.value)?.[1]?.replace('\\', '') ?? hover.contents.value;
}

for (const root of ['vscode-vfs://github/torvalds/linux', 'memfs:/linux']) {
  test(`a file of ${root} is judged by the release of its own tree, one on disk by that of its`, async () => {
    const client = await Client.start({ capabilities: PUSH, args: [SENDS_FILES], initializationOptions: { rulePageLink: '{id}' } });
    const asked: string[] = [];
    client.connection.onNotification(wantedFilesNotice.method, async ({ uris }: WantedFiles) => {
      asked.push(...uris);
      const files = uris.map((uri) => ({ uri, text: uri === `${root}/Makefile` ? makefile(6, 12, 7) : null }));
      await client.connection.sendNotification(fileTextsNotice.method, { files } satisfies FileTexts);
    });
    try {
      const virtual = `${root}/drivers/foo/bar.c`;
      await client.open(virtual, SLEEPS);
      await client.until('the release of the virtual tree', () =>
        client.statuses.find((one) => one.uri === virtual && one.model.startsWith('6.12.7')),
      );
      assert.equal(await releaseIn(client, virtual), '6.12');
      assert.ok((await client.pushed(virtual, 1)).some(({ code }) => code === 'sleep-in-atomic'));
      const real = disk.uri('drivers/bar.c');
      await client.open(real, SLEEPS);
      assert.equal(await releaseIn(client, real), '4.9');
      assert.ok(asked.length > 0 && asked.every((uri) => uri.startsWith(root.split('/')[0]!)), asked.join('\n'));
    } finally {
      await client.stop();
    }
  });
}

test('a client that sends no files is asked for none', async () => {
  const client = await Client.start({ capabilities: PUSH });
  let asked = 0;
  client.connection.onNotification(wantedFilesNotice.method, () => {
    asked++;
  });
  try {
    const uri = 'memfs:/linux/drivers/foo/bar.c';
    await client.open(uri, SLEEPS);
    assert.ok((await client.pushed(uri, 1)).some(({ code }) => code === 'sleep-in-atomic'));
    assert.equal(asked, 0);
  } finally {
    await client.stop();
  }
});
