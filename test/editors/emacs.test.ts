import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { test } from 'node:test';
import { missing } from '../support/programs';
import { assertSeen, documented, EditorSession, SOURCE } from './editorSession';

/** Why the client cannot be tested here, or false. */
function without(feature: string): string | false {
  const program = missing('emacs');
  if (program !== false) return program;
  const { status } = spawnSync('emacs', ['--batch', '--eval', `(kill-emacs (if (require '${feature} nil t) 0 1))`], { stdio: 'ignore' });
  return status !== 0 && `not installed: ${feature} for Emacs`;
}

for (const { name, source, section, support } of [
  { name: 'eglot', source: SOURCE, section: 'Emacs with eglot', support: 'eglot.el' },
  // Its release 8 counts characters whatever the protocol says: beyond the basic plane its columns are off.
  { name: 'lsp-mode', source: SOURCE.replaceAll('🙂', 'ü'), section: 'Emacs with lsp-mode', support: 'lsp-mode.el' },
]) {
  test(`Emacs with ${name}: the finding, its range, the hover and the fix`, { skip: without(name) }, async () => {
    const session = new EditorSession(source);
    try {
      const init = session.write('init.el', documented(section, 'elisp'));
      const seen = await session.run('emacs', ['--batch', '-l', init, '-l', join(__dirname, support), '-l', join(__dirname, 'emacs.el')]);
      assertSeen(seen, session.source);
    } finally {
      session.dispose();
    }
  });
}
