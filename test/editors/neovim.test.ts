import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { test } from 'node:test';
import { missing } from '../support/programs';
import { assertSeen, documented, EditorSession } from './editorSession';

/** Which of the documented ways the installed release takes: since 0.11, since 0.8, before. */
function configuration(): string {
  const [, major, minor] = /v(\d+)\.(\d+)/.exec(spawnSync('nvim', ['--version'], { encoding: 'utf8' }).stdout)!.map(Number);
  const release = major! * 100 + minor!;
  return documented('Neovim', 'lua', release >= 11 ? 0 : release >= 8 ? 1 : 2);
}

test('Neovim: the finding, its range, the hover and the fix', { skip: missing('nvim') }, async () => {
  const session = new EditorSession();
  try {
    const init = session.write('init.lua', configuration());
    const args = ['--headless', '--clean', '-n', '-c', `luafile ${init}`, '-c', `luafile ${join(__dirname, 'neovim.lua')}`];
    const seen = await session.run('nvim', args);
    assertSeen(seen, session.source);
  } finally {
    session.dispose();
  }
});
