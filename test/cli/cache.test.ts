import assert from 'node:assert/strict';
import {
  chmodSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { addFiles, KERNEL_MAKEFILE, PADDING, runCli, temporaryFolder } from './runCli';

/** A lock in one file and the allocation in another; a size that a header of the tree decides. */
const TREE: Readonly<Record<string, string>> = {
  Makefile: KERNEL_MAKEFILE,
  'drivers/ring/main.c': `#include "ring.h"

void ring_fill(struct ring *r)
{
	spin_lock(&r->lock);
	ring_step(r);
	spin_unlock(&r->lock);
}
`,
  'drivers/ring/ring.h': `struct ring_slots {
	char bytes[64];
};

static inline int ring_step(struct ring *r)
{
	return ring_grow(r);
}
`,
  'drivers/ring/mem.c': `#include <linux/slab.h>
#include "ring.h"

int ring_grow(struct ring *r)
{
	r->item = kmalloc(8, GFP_KERNEL);
	return r->item ? 0 : -ENOMEM;
}

void *ring_slots_alloc(void)
{
	return kmalloc(sizeof(struct ring_slots), GFP_KERNEL);
}
`,
  'drivers/wheel/mem.c': `#include <linux/slab.h>

void *wheel_alloc(void)
{
	return kmalloc(8, GFP_KERNEL | GFP_ATOMIC);
}
`,
};

/** Long before now, so that a file with this time counts as settled. */
const LONG_AGO = new Date('2020-01-01');

class CachedTree {
  readonly root: string;
  readonly cache = temporaryFolder();

  constructor(files: Readonly<Record<string, string>> = TREE) {
    this.root = temporaryFolder(files);
  }

  write(path: string, text: string): void {
    addFiles(this.root, { [path]: text });
  }

  edit(path: string, from: string, to: string): void {
    const text = this.text(path);
    assert.ok(text.includes(from), `${path} holds ${from}`);
    this.write(path, text.replace(from, to));
  }

  text(path: string): string {
    return readFileSync(join(this.root, path), 'utf8');
  }

  check(...options: readonly string[]): Promise<{ report: string; cache: string; stderr: string }> {
    return this.run(options);
  }

  /** `fileBlocks`: see {@link runCli}. */
  async run(options: readonly string[], fileBlocks?: number): Promise<{ report: string; cache: string; stderr: string }> {
    const args = ['check', this.root, '--format', 'json', '--stats', ...options];
    const { stdout, stderr } = await runCli(args, { env: { XDG_CACHE_HOME: this.cache }, ...(fileBlocks !== undefined && { fileBlocks }) });
    assert.match(stdout, /^\{"tool"/, stderr);
    return { report: withoutTimes(stdout), cache: /^ *cache +(.*)$/m.exec(stderr)?.[1] ?? '', stderr };
  }

  /** What a run with the cache says, after it was held against one without. */
  async checked(...options: readonly string[]): Promise<{ report: string; cache: string }> {
    const cached = await this.check(...options);
    const fresh = await this.check('--no-cache', ...options);
    assert.equal(cached.report, fresh.report);
    return { report: cached.report, cache: cached.cache };
  }

  /** The folder of the one cache, and the pieces in it. */
  get pieces(): readonly string[] {
    const trees = join(this.cache, 'gfp-lens', 'trees');
    return readdirSync(trees, { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .flatMap(({ name }) => readdirSync(join(trees, name)).map((piece) => join(trees, name, piece)));
  }

  /** As if nobody had touched the files for a long time. */
  age(): void {
    for (const path of Object.keys(TREE)) utimesSync(join(this.root, path), LONG_AGO, LONG_AGO);
  }
}

/** The report without what differs from run to run. */
function withoutTimes(report: string): string {
  return report.replace(/"jobs":\d+,"milliseconds":\d+,"peakMemory":\d+/, '');
}

const count = (report: string, rule: string): number => report.split(`"rule":"${rule}"`).length - 1;

describe('gfp-lens check with the results of earlier runs', () => {
  test('a second run over an unchanged tree looks at nothing again and says the same', async () => {
    const tree = new CachedTree();
    const first = await tree.checked();
    assert.equal(first.cache, '0 of 4 files as they were');
    const second = await tree.checked();
    assert.deepEqual(second, { ...first, cache: '4 of 4 files as they were' });
    assert.deepEqual([count(second.report, 'sleep-in-atomic'), count(second.report, 'conflicting-flags')], [1, 1]);
  });

  test('other rules, severities and possible findings say the same as without a cache, in turn over the same tree', async () => {
    const tree = new CachedTree();
    for (const options of [[], ['--possible'], ['--rule', 'conflicting-flags'], []]) {
      await tree.checked(...options);
      await tree.checked(...options);
    }
  });

  test('threads find and keep the same as one', async () => {
    const tree = new CachedTree({ ...TREE, 'lib/padding.c': PADDING });
    const one = await tree.checked('--jobs', '1');
    rmSync(join(tree.cache, 'gfp-lens'), { recursive: true });
    const eight = await tree.checked('--jobs', '8');
    assert.equal(eight.report, one.report);
    tree.edit('drivers/ring/main.c', 'spin_lock(', '\tspin_lock(');
    assert.equal((await tree.checked('--jobs', '8')).cache, '4 of 5 files as they were');
  });

  test('a comment above the lock moves the trace of the finding in another file', async () => {
    const tree = new CachedTree();
    const before = await tree.checked();
    tree.edit('drivers/ring/main.c', 'void ring_fill', '/* Fills. */\nvoid ring_fill');
    const after = await tree.checked();
    assert.equal(after.cache, '3 of 4 files as they were');
    assert.match(before.report, /"file":"drivers\/ring\/main.c","line":5/);
    assert.match(after.report, /"file":"drivers\/ring\/main.c","line":6/);
  });

  test('line breaks in place of blanks move the trace although no byte moves', async () => {
    const tree = new CachedTree();
    tree.edit('drivers/ring/main.c', 'void ring_fill', '/* a b */ void ring_fill');
    await tree.checked();
    tree.edit('drivers/ring/main.c', '/* a b */', '/* a\nb */');
    assert.match((await tree.checked()).report, /"file":"drivers\/ring\/main.c","line":6/);
  });

  test('the finding goes with the lock and comes back with it', async () => {
    const tree = new CachedTree();
    const first = await tree.checked();
    const text = tree.text('drivers/ring/main.c');
    tree.write('drivers/ring/main.c', text.replaceAll('spin_', 'mutex_'));
    assert.equal(count((await tree.checked()).report, 'sleep-in-atomic'), 0);
    tree.write('drivers/ring/main.c', text);
    assert.equal((await tree.checked()).report, first.report);
  });

  test('an edit of the same length within the same tick of the clock is seen', async () => {
    const tree = new CachedTree();
    await tree.checked();
    const path = join(tree.root, 'drivers/wheel/mem.c');
    const { atime, mtime } = statSync(path);
    tree.edit('drivers/wheel/mem.c', 'GFP_KERNEL | GFP_ATOMIC', 'GFP_KERNEL | __GFP_ZERO');
    utimesSync(path, atime, mtime);
    assert.equal(count((await tree.checked()).report, 'conflicting-flags'), 0);
  });

  test('a file whose old time was put back is seen', async () => {
    const tree = new CachedTree();
    tree.age();
    await tree.checked();
    tree.edit('drivers/wheel/mem.c', 'GFP_KERNEL | GFP_ATOMIC', 'GFP_KERNEL | __GFP_ZERO');
    tree.age();
    assert.equal(count((await tree.checked()).report, 'conflicting-flags'), 0);
  });

  test('a touched file is not looked at again', async () => {
    const tree = new CachedTree();
    await tree.checked();
    tree.write('drivers/wheel/mem.c', tree.text('drivers/wheel/mem.c'));
    assert.equal((await tree.checked()).cache, '4 of 4 files as they were');
  });

  test('a header that decides a size is edited: the file that allocates is looked at again, others are not', async () => {
    const tree = new CachedTree();
    assert.equal(count((await tree.checked()).report, 'order-too-large'), 0);
    tree.edit('drivers/ring/ring.h', 'bytes[64]', 'bytes[64 << 20]');
    const { report, cache } = await tree.checked();
    assert.equal(count(report, 'order-too-large'), 1);
    assert.equal(cache, '2 of 4 files as they were');
  });

  test('a header that comes where one was missing, and one that goes', async () => {
    const tree = new CachedTree();
    const text = tree.text('drivers/ring/ring.h');
    rmSync(join(tree.root, 'drivers/ring/ring.h'));
    await tree.checked();
    tree.write('drivers/ring/ring.h', text.replace('bytes[64]', 'bytes[64 << 20]'));
    assert.equal(count((await tree.checked()).report, 'order-too-large'), 1);
    rmSync(join(tree.root, 'drivers/ring/ring.h'));
    assert.equal(count((await tree.checked()).report, 'order-too-large'), 0);
  });

  test('a header outside of the folder that is checked is edited', async () => {
    const tree = new CachedTree();
    tree.write('include/linux/slots.h', 'struct slots {\n\tchar bytes[64];\n};\n');
    tree.edit('drivers/ring/mem.c', '#include "ring.h"', '#include <linux/slots.h>');
    tree.edit('drivers/ring/mem.c', 'struct ring_slots', 'struct slots');
    const folder = new CachedTree({});
    const check = async () => {
      const args = ['check', join(tree.root, 'drivers/ring'), '--format', 'json', '--stats'];
      const env = { XDG_CACHE_HOME: folder.cache };
      const [cached, fresh] = [await runCli(args, { env }), await runCli([...args, '--no-cache'], { env })];
      assert.equal(withoutTimes(cached.stdout), withoutTimes(fresh.stdout));
      return count(cached.stdout, 'order-too-large');
    };
    assert.equal(await check(), 0);
    tree.edit('include/linux/slots.h', '[64]', '[64 << 20]');
    assert.equal(await check(), 1);
    tree.write('arch/x86/include/linux/slots.h', 'struct slots {\n\tchar bytes[8];\n};\n');
    assert.equal(await check(), 0);
  });

  test('memory that one file fills and another frees', async () => {
    const tree = new CachedTree({
      Makefile: KERNEL_MAKEFILE,
      'drivers/net/box/box.h': 'struct box {\n\tchar *room;\n};\n',
      'drivers/net/box/fill.c':
        '#include <linux/vmalloc.h>\n#include "box.h"\n\nint box_fill(struct box *b)\n{\n\tb->room = vmalloc(100);\n\treturn b->room ? 0 : -ENOMEM;\n}\n',
      'drivers/net/box/drain.c': '#include <linux/slab.h>\n#include "box.h"\n\nvoid box_drain(struct box *b)\n{\n\tkfree(b->room);\n}\n',
    });
    const mismatches = async () => count((await tree.checked()).report, 'free-mismatch');
    assert.equal(await mismatches(), 1);
    assert.equal(await mismatches(), 1);
    tree.edit('drivers/net/box/fill.c', 'int box_fill', '/* Fills. */\nint box_fill');
    assert.equal(await mismatches(), 1);
    tree.edit('drivers/net/box/drain.c', 'void box_drain', '/* Drains. */\nvoid box_drain');
    assert.equal(await mismatches(), 1);
    tree.edit('drivers/net/box/drain.c', 'kfree', 'vfree');
    assert.equal(await mismatches(), 0);
    tree.edit('drivers/net/box/fill.c', 'vmalloc(100)', 'kmalloc(100, GFP_KERNEL)');
    assert.equal(await mismatches(), 1);
    tree.edit('drivers/net/box/box.h', 'char *room', 'char *room, *roof');
    assert.equal(await mismatches(), 1);
  });

  test('the -I of a makefile leads to another header', async () => {
    const tree = new CachedTree();
    tree.write('drivers/ring/one/deep/slots.h', 'struct slots {\n\tchar bytes[64];\n};\n');
    tree.write('drivers/ring/two/deep/slots.h', 'struct slots {\n\tchar bytes[64 << 20];\n};\n');
    tree.write('drivers/ring/Makefile', 'ccflags-y += -I$(src)/one/deep\n');
    tree.edit('drivers/ring/mem.c', '#include "ring.h"', '#include "slots.h"');
    tree.edit('drivers/ring/mem.c', 'struct ring_slots', 'struct slots');
    assert.equal(count((await tree.checked()).report, 'order-too-large'), 0);
    tree.edit('drivers/ring/Makefile', 'one', 'two');
    assert.equal(count((await tree.checked()).report, 'order-too-large'), 1);
  });

  test('files that are added, removed and renamed', async () => {
    const tree = new CachedTree();
    await tree.checked();
    tree.write('drivers/wheel/more.c', tree.text('drivers/wheel/mem.c').replaceAll('wheel_', 'more_'));
    assert.equal(count((await tree.checked()).report, 'conflicting-flags'), 2);
    renameSync(join(tree.root, 'drivers/wheel/more.c'), join(tree.root, 'drivers/wheel/less.c'));
    assert.match((await tree.checked()).report, /"file":"drivers\/wheel\/less.c"/);
    rmSync(join(tree.root, 'drivers/wheel/less.c'));
    assert.equal(count((await tree.checked()).report, 'conflicting-flags'), 1);
    rmSync(join(tree.root, 'drivers/ring/main.c'));
    assert.equal(count((await tree.checked()).report, 'sleep-in-atomic'), 0);
  });

  test('the configuration, the release and the project file count', async () => {
    const tree = new CachedTree();
    tree.edit('drivers/wheel/mem.c', 'void *wheel_alloc', '#ifdef CONFIG_WHEEL\nvoid *wheel_alloc');
    tree.write('drivers/wheel/mem.c', `${tree.text('drivers/wheel/mem.c')}#endif\n`);
    tree.write('.config', 'CONFIG_MMU=y\nCONFIG_WHEEL=y\n');
    assert.equal(count((await tree.checked()).report, 'conflicting-flags'), 1);
    tree.write('.config', 'CONFIG_MMU=y\n');
    assert.equal(count((await tree.checked()).report, 'conflicting-flags'), 0);
    tree.write('.config', 'CONFIG_MMU=y\nCONFIG_WHEEL=y\n');
    await tree.checked('--kernel', '4.19');
    tree.write('.gfp-lens.json', '{"rules": {"conflicting-flags": "off"}}');
    assert.equal(count((await tree.checked()).report, 'conflicting-flags'), 0);
  });

  test('two runs at the same time, and one that comes after both', async () => {
    const tree = new CachedTree();
    const [one, two] = await Promise.all([tree.check(), tree.check()]);
    assert.equal(one.report, two.report);
    assert.deepEqual([(await tree.checked()).report, (await tree.check()).cache], [one.report, '4 of 4 files as they were']);
  });

  test('after edits a long time the cache holds a few pieces only', async () => {
    const tree = new CachedTree();
    for (let round = 0; round < 20; round++) {
      tree.edit('drivers/ring/main.c', '\tring_step(r);\n', '\tring_step(r);\n\tring_step(r);\n');
      await tree.check();
    }
    await tree.checked();
    const state = tree.pieces.filter((piece) => piece.endsWith('state'));
    assert.equal(state.length, 1);
  });
});

describe('a cache that cannot be used', () => {
  /** Damages each piece in turn; the run after says what one without a cache says, and the next one uses the cache again. */
  async function damaged(damage: (piece: string) => void): Promise<string[]> {
    const lines: string[] = [];
    const names = [/state$/, /shards/, /answers/];
    for (const name of names) {
      const tree = new CachedTree();
      await tree.check();
      const piece = tree.pieces.find((path) => name.test(path))!;
      damage(piece);
      tree.edit('drivers/ring/main.c', 'ring_step(r);', 'ring_step(r), ring_step(r);');
      lines.push((await tree.checked()).cache);
      assert.equal((await tree.checked()).cache, '4 of 4 files as they were');
    }
    return lines;
  }
  const LOST = 'has lost part of what it held, which is made anew';

  test('pieces cut off are made anew', async () => {
    const lines = await damaged((piece) => truncateSync(piece, statSync(piece).size >> 1));
    assert.equal(lines[0], '0 of 4 files as they were; was cut off and is made anew');
    assert.match(lines[1]!, new RegExp(LOST));
  });

  test('flipped bits are noticed', async () => {
    const lines = await damaged((piece) => {
      const bytes = readFileSync(piece);
      for (const at of [bytes.length >> 1, bytes.length - 20]) bytes[at]! ^= 4;
      writeFileSync(piece, bytes);
    });
    assert.equal(lines[0], '0 of 4 files as they were; was damaged and is made anew');
    assert.match(lines[1]!, new RegExp(LOST));
  });

  test('every bit of the state counts', async () => {
    const tree = new CachedTree({ Makefile: KERNEL_MAKEFILE, 'a.c': TREE['drivers/wheel/mem.c']! });
    await tree.check();
    const piece = tree.pieces.find((path) => path.endsWith('state'))!;
    const whole = readFileSync(piece);
    for (let at = 0; at < whole.length; at += Math.ceil(whole.length / 12)) {
      const bytes = Buffer.from(whole);
      bytes[at]! ^= 1;
      writeFileSync(piece, bytes);
      await tree.checked();
    }
  });

  test('pieces of another kind, empty ones and folders in their place', async () => {
    await damaged((piece) => writeFileSync(piece, ''));
    await damaged((piece) => writeFileSync(piece, 'gfp-lens cache 0 and then something else\n'.repeat(20)));
    await damaged((piece) => rmSync(piece));
    await damaged((piece) => {
      rmSync(piece);
      mkdirSync(piece);
      rmSync(piece, { recursive: true });
    });
  });

  test('a cache folder that is a file, or cannot be written, changes nothing', async () => {
    const tree = new CachedTree();
    writeFileSync(join(tree.cache, 'gfp-lens'), '');
    const { cache } = await tree.checked();
    assert.equal(cache, '0 of 4 files as they were; cannot be written');
  });

  test('a disk that is full: nothing is lost but the cache, and the next run with space makes it', {
    skip: process.platform === 'win32' && 'no limits',
  }, async () => {
    const tree = new CachedTree();
    const { report } = await tree.check('--no-cache');
    // Blocks of 512 bytes or a kilobyte, as the shell counts them: nothing at all, then files cut off at several places.
    for (const blocks of [0, 1, 2, 4]) {
      const limited = await tree.run([], blocks);
      assert.equal(limited.report, report, `${blocks} blocks`);
      assert.equal((await tree.checked()).report, report);
      rmSync(join(tree.cache, 'gfp-lens'), { recursive: true });
    }
  });

  test('files from the future, as after a clock was put back', async () => {
    const tree = new CachedTree();
    const future = new Date('2090-01-01');
    const path = join(tree.root, 'drivers/ring/main.c');
    utimesSync(path, future, future);
    const before = (await tree.checked()).report;
    // The same length, and the same time put back.
    tree.edit('drivers/ring/main.c', 'spin_lock(&r->lock);', 'spin_lock(&q->lock);');
    utimesSync(path, future, future);
    const after = (await tree.checked()).report;
    assert.notEqual(after, before);
    assert.match(after, /q->lock/);
  });

  test('--no-cache leaves nothing behind', async () => {
    const tree = new CachedTree();
    await tree.check('--no-cache');
    assert.deepEqual(readdirSync(tree.cache), []);
  });

  test('others cannot read what was kept', { skip: process.platform === 'win32' && 'no modes' }, async () => {
    const tree = new CachedTree();
    await tree.check();
    for (const piece of tree.pieces) assert.equal(statSync(piece).mode & 0o077, 0);
    chmodSync(tree.cache, 0o700);
  });
});
