import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

const PROJECT = join(__dirname, '..', '..');

/** A kernel-like file with one mistake: the allocation may sleep, the fix is GFP_ATOMIC. */
export const SOURCE = `#include <linux/slab.h>

/* größer 🙂 */
static int refill(struct ring *ring)
{
	spin_lock(&ring->lock);
	ring->buf = /* 🙂ö */ kmalloc(64, GFP_KERNEL);
	spin_unlock(&ring->lock);
	return ring->buf ? 0 : -ENOMEM;
}
`;

/** What a session in an editor saw; each script writes it as JSON. */
export interface Seen {
  readonly diagnostics: readonly { readonly line: number; readonly text: string; readonly message: string }[];
  readonly hover: string;
  readonly buffer: string;
}

/** The finding, its range, the hover and the text after the fix. */
export function assertSeen(seen: Seen, source: string): void {
  assert.deepEqual(
    seen.diagnostics.map(({ line, text }) => ({ line, text })),
    [{ line: 7, text: 'GFP_KERNEL' }],
  );
  assert.match(seen.diagnostics[0]!.message, /may sleep.*&ring->lock/);
  assert.match(seen.hover, /GFP_KERNEL/);
  assert.equal(seen.buffer, source.replace('GFP_KERNEL', 'GFP_ATOMIC'));
}

/** The nth block of code in a section of docs/editors.md: what users copy is what is tested. */
export function documented(section: string, language: string, index = 0): string {
  const page = readFileSync(join(PROJECT, 'docs', 'editors.md'), 'utf8');
  const text = page.split(/^## /m).find((part) => part.startsWith(`${section}\n`));
  const blocks = [...(text ?? '').matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\`$`, 'gm'))].map((match) => match[1]!);
  const block = blocks[index];
  if (block === undefined) throw new Error(`no block ${index} of ${language} below "${section}"`);
  return block;
}

/** A folder with a kernel tree, a home of its own for the editor, and `gfp-lens` on the PATH. */
export class EditorSession {
  readonly folder = realpathSync(mkdtempSync(join(tmpdir(), 'gfp-lens-editor-')));
  readonly file: string;
  readonly result = join(this.folder, 'result.json');

  constructor(readonly source = SOURCE) {
    this.file = this.write('tree/drivers/ring.c', source);
    this.write('tree/Makefile', 'VERSION = 6\nPATCHLEVEL = 1\nSUBLEVEL = 192\n');
    this.write('tree/MAINTAINERS', '');
    mkdirSync(join(this.folder, 'home'));
    chmodSync(this.write('bin/gfp-lens', `#!/bin/sh\nexec "${process.execPath}" "${PROJECT}/dist/cli.js" "$@"\n`), 0o755);
  }

  write(name: string, text: string): string {
    const path = join(this.folder, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
    return path;
  }

  /** Runs the editor to its end, and reads what its script saw. */
  async run(program: string, args: readonly string[]): Promise<Seen> {
    const said = await new Promise<string>((resolve, reject) => {
      const child = spawn(program, args, {
        cwd: join(this.folder, 'tree'),
        stdio: ['ignore', 'pipe', 'pipe'],
        timeout: 60_000,
        env: {
          PATH: `${join(this.folder, 'bin')}:${process.env.PATH}`,
          HOME: join(this.folder, 'home'),
          LANG: 'C.UTF-8',
          TERM: 'dumb',
          RESULT: this.result,
          SOURCE_FILE: this.file,
        },
      });
      let output = '';
      for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text: string) => (output += text));
      child.on('error', reject);
      child.on('close', () => resolve(output));
    });
    try {
      return JSON.parse(readFileSync(this.result, 'utf8'));
    } catch (error) {
      throw new Error(`${program} left no result (${error instanceof Error ? error.message : String(error)}); it said:\n${said}`);
    }
  }

  dispose(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
