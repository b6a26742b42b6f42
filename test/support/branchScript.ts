import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import fc from 'fast-check';
import type { Random } from '../fuzz/random';
import type { TreeFiles } from './linkedTree';
import { randomTree } from './randomTree';

const release = (version: number, patchlevel: number): string => `VERSION = ${version}\nPATCHLEVEL = ${patchlevel}\nSUBLEVEL = 0\n`;
/** Too many to be allocated, in different numbers: a finding of the file that allocates them. */
const slots = (bytes: number): string => `struct slots { char bytes[${bytes}]; };\n`;

/** What the functions of all files rest on, beside each other. */
const COMMON: Readonly<Record<string, readonly (string | undefined)[]>> = {
  Makefile: [release(6, 1), release(5, 10), release(6, 12)],
  '.gfp-lens.json': ['{}', '{ "rules": { "conflicting-flags": "off" } }', '{ "kernel": "6.9" }'],
  'drivers/net/ring/ring.h': [slots(64), slots(5_000_000), slots(6_000_000), '#include "../more.h"\n'],
  'drivers/net/more.h': [slots(7_000_000), slots(8_000_000), undefined],
  'drivers/net/ring/slots.c': [
    '#include <linux/slab.h>\n#include "ring.h"\n\nvoid *slots(void)\n{\n\treturn kmalloc(sizeof(struct slots), GFP_KERNEL);\n}\n',
    '#include <linux/slab.h>\n#include "ring.h"\n\nvoid *slots(void)\n{\n\treturn kmalloc(sizeof(struct slots), GFP_KERNEL | GFP_ATOMIC);\n}\n',
  ],
};

/** The trees of some branches: what is in all of them, with different texts, and what only some have. */
export function branchesOf(random: Random, count: number): readonly TreeFiles[] {
  const sources = fc.sample(randomTree, { seed: random.below(2 ** 31), numRuns: count });
  const common = (path: string, texts: readonly (string | undefined)[]): string | undefined =>
    // Mostly the same release and settings: a change of these reads everything again, and hides what was not read again by itself.
    path.endsWith('.h') || random.once(3) ? random.pick(texts) : texts[0];
  return sources.map((files) => ({
    ...Object.fromEntries(
      Object.entries(COMMON).flatMap(([path, texts]) => {
        const text = common(path, texts);
        return text === undefined ? [] : [[path, text]];
      }),
    ),
    ...Object.fromEntries(Object.entries(files).map(([path, text]) => [path, `#include <linux/slab.h>\n${text}`])),
  }));
}

/** A change of a file on disk, as a file watcher names it. */
export interface DiskChange {
  readonly path: string;
  /** 1 made, 2 changed, 3 deleted. */
  readonly type: 1 | 2 | 3;
}

/** A working tree on disk that is switched from branch to branch as git does it: files are removed and made anew, one after the other. */
export class WorkingTree {
  readonly root = mkdtempSync(join(tmpdir(), 'gfp-lens-branch-'));
  private files: TreeFiles = {};

  constructor(branch: TreeFiles) {
    this.apply(this.changesTo(branch), branch);
  }

  uri(path: string): string {
    return pathToFileURL(join(this.root, path)).toString();
  }

  text(path: string): string | undefined {
    return this.files[path];
  }

  get paths(): readonly string[] {
    return Object.keys(this.files);
  }

  /** What has to change for another branch. */
  changesTo(branch: TreeFiles): readonly DiskChange[] {
    const gone = this.paths.filter((path) => branch[path] === undefined).map((path) => ({ path, type: 3 }) as const);
    const others = Object.keys(branch)
      .filter((path) => branch[path] !== this.files[path])
      .map((path) => ({ path, type: this.files[path] === undefined ? 1 : 2 }) as const);
    return [...gone, ...others];
  }

  apply(changes: readonly DiskChange[], branch: TreeFiles): void {
    const files: Record<string, string> = { ...this.files };
    for (const { path, type } of changes) {
      const absolute = join(this.root, path);
      rmSync(absolute, { force: true });
      delete files[path];
      if (type === 3) continue;
      mkdirSync(dirname(absolute), { recursive: true });
      writeFileSync(absolute, branch[path]!);
      files[path] = branch[path]!;
    }
    this.files = files;
  }

  dispose(): void {
    rmSync(this.root, { recursive: true, force: true });
  }
}
