import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Interner } from '../../../server/src/base/interner';
import { Host } from '../../../server/src/ide/host';
import type { Kernels } from '../../../server/src/ide/kernels';
import { DEFAULT_SETTINGS, type HostSettings } from '../../../server/src/ide/settings';
import type { Snapshot } from '../../../server/src/ide/snapshot';
import { loadModel, parseRelease } from '../../../server/src/kernel/index';

const URI = 'file:///linux/drivers/a.c';
const kernels: Kernels = {
  rootAbove: () => '/linux',
  projectOf: () => undefined,
  contextOf: () => ({
    model: loadModel({ release: parseRelease('6.1.192')! }),
    interner: new Interner(),
    annotations: new Set(),
    branches: undefined,
    headers: undefined,
  }),
  forget: () => undefined,
};

/** A snapshot of one open document, and the place of the mark `$` in it. */
function opened(
  marked: string,
  settings: Partial<HostSettings> = {},
): { readonly snapshot: Snapshot; readonly at: number; readonly source: string } {
  const at = marked.indexOf('$');
  const source = marked.replace('$', '');
  const host = new Host(kernels);
  host.apply({ kind: 'settings', settings: { base: { ...DEFAULT_SETTINGS, ...settings }, folders: [] } });
  host.apply({
    kind: 'text',
    text: { uri: URI, path: '/linux/drivers/a.c', languageId: 'c', version: 1, bytes: new TextEncoder().encode(source) },
  });
  return { snapshot: host.snapshot(), at, source };
}

function completed(body: string): readonly string[] {
  const { snapshot, at } = opened(`#include <linux/slab.h>\nstatic void *f(spinlock_t *lock, gfp_t gfp)\n{\n${body}\n}\n`);
  return snapshot.completions(URI, at).map((item) => item.name);
}

describe('completion of flags', () => {
  test('inside the mask argument, the usual masks first', () => {
    const names = completed('\treturn kmalloc(64, $);');
    assert.deepEqual(names.slice(0, 3), ['GFP_KERNEL', 'GFP_ATOMIC', 'GFP_NOWAIT']);
    assert.ok(names.includes('__GFP_ZERO'));
    assert.ok(!names.some((name) => name.endsWith('_MASK') || name.startsWith('___')));
  });

  test('where sleeping is forbidden GFP_ATOMIC comes first and masks that sleep last', () => {
    for (const call of ['kmalloc(64, $);', 'kmalloc(64, G$);', 'kmalloc(64, GFP_K$', 'kcalloc(4, sizeof(int), $']) {
      const names = completed(`\tvoid *p;\n\n\tspin_lock(lock);\n\tp = ${call}\n\tspin_unlock(lock);\n\treturn p;`);
      assert.equal(names[0], 'GFP_ATOMIC', call);
      assert.ok(names.indexOf('GFP_KERNEL') > names.indexOf('__GFP_ZERO'), call);
    }
  });

  test('inside a NOFS scope GFP_NOFS comes first', () => {
    const body = '\tunsigned int old = memalloc_nofs_save();\n\tvoid *p = kmalloc(64, $);\n\n\tmemalloc_nofs_restore(old);\n\treturn p;';
    assert.equal(completed(body)[0], 'GFP_NOFS');
  });

  test('behind an operator single flags come first, and those that are there are left out', () => {
    const names = completed('\treturn kmalloc(64, GFP_KERNEL | __GFP_NOWARN | __$);');
    assert.equal(names[0], '__GFP_ZERO');
    assert.ok(!names.includes('__GFP_NOWARN') && !names.includes('GFP_KERNEL'));
  });

  test('in values of masks', () => {
    assert.ok(completed('\tgfp_t mask = $;').includes('GFP_KERNEL'));
    assert.ok(completed('\tgfp |= __G$;').includes('__GFP_ZERO'));
    assert.ok(completed('\tgfp &= ~($').includes('__GFP_DIRECT_RECLAIM'));
    assert.ok(completed('\treturn kmalloc(64, (gfp & ~$__GFP_FS));').includes('__GFP_IO'));
  });

  test('and nowhere else: all other names are for other tools', () => {
    for (const body of [
      '\tint n = $;',
      '\treturn kmalloc($, GFP_KERNEL);',
      '\treturn kmalloc(64, GFP_KERNEL $);',
      '\treturn kmalloc(64, GFP_KERNEL && $);',
      '\treturn kmalloc(64, flags_of($));',
      '\treturn kmalloc(64, dev->$);',
      '\t/* kmalloc(64, $ */',
      '\tpr_info("kmalloc(64, $");',
      '\tif (gfp == $) return NULL;',
      '\tkfree($);',
      '\t$',
    ])
      assert.deepEqual(completed(body), [], body);
  });

  test('replaces the word that was begun', () => {
    const { snapshot, at, source } = opened('#include <linux/slab.h>\nvoid *f(void)\n{\n\treturn kmalloc(64, GFP_$NOFS);\n}\n');
    const [item] = snapshot.completions(URI, at);
    assert.equal(source.slice(item!.range.start, item!.range.end), 'GFP_NOFS');
  });
});

const SOURCE = `#include <linux/slab.h>
static void *f(spinlock_t *lock)
{
	gfp_t mask = GFP_KERNEL;
	unsigned int old = memalloc_noio_save();
	void *p = kmalloc(64, mask | __GFP_ZERO);

	memalloc_noio_restore(old);
	p = kzalloc(65536, GFP_KERNEL);
	p = kmalloc(64, GFP_KERNEL);
	return p;
}

static int quiet(int n)
{
	return n;
}
`;

describe('inlay hints', () => {
  const whole = { start: 0, end: SOURCE.length };

  test('say what a mask comes to, where the source does not, and the page order', () => {
    const hints = opened(SOURCE, { inlayHints: true }).snapshot.inlayHints(URI, whole);
    assert.deepEqual(
      hints.map((hint) => [SOURCE.slice(0, hint.at).split('\n').length, hint.label]),
      [
        [6, '= GFP_NOIO | __GFP_ZERO'],
        [9, '= GFP_KERNEL | __GFP_ZERO, order 4'],
      ],
    );
    assert.match(hints[0]!.tooltip, /scope noio/);
  });

  test('what editors would cut off is said by what comes to the written mask, and what goes', () => {
    const source = SOURCE.replace('65536, GFP_KERNEL', '65536, GFP_KERNEL | __GFP_RETRY_MAYFAIL').replace(
      'mask | __GFP_ZERO',
      'GFP_KERNEL | __GFP_RETRY_MAYFAIL | __GFP_NOWARN',
    );
    const hints = opened(source, { inlayHints: true }).snapshot.inlayHints(URI, { start: 0, end: source.length });
    assert.deepEqual(
      hints.map(({ label }) => label),
      ['- __GFP_IO | __GFP_FS', '+ __GFP_ZERO, order 4'],
    );
    assert.match(hints[1]!.tooltip, /: GFP_KERNEL \| __GFP_RETRY_MAYFAIL \| __GFP_ZERO$/);
  });

  test('only in the range that is asked for, and only when switched on', () => {
    assert.deepEqual(opened(SOURCE).snapshot.inlayHints(URI, whole), []);
    const end = SOURCE.indexOf('p = kzalloc');
    assert.equal(opened(SOURCE, { inlayHints: true }).snapshot.inlayHints(URI, { start: 0, end }).length, 1);
  });
});

describe('code lens', () => {
  test('one line above each function that allocates', () => {
    const lenses = opened(SOURCE, { codeLens: true }).snapshot.codeLenses(URI);
    assert.equal(lenses.length, 1);
    assert.equal(SOURCE.slice(lenses[0]!.range.start, lenses[0]!.range.end), 'f');
    assert.match(lenses[0]!.title, /^3 allocations · GFP_KERNEL \| __GFP_ZERO ×2, GFP_KERNEL/);
    assert.deepEqual(opened(SOURCE).snapshot.codeLenses(URI), []);
  });
});

describe('suppressing a finding from the editor', () => {
  const broken = `#include <linux/slab.h>
static void *f(spinlock_t *lock)
{
	void *p;

	spin_lock(lock);
	p = kmalloc(64,
		    GFP_KERNEL);
	spin_unlock(lock);
	return p;
}
`;

  test('puts a comment above the statement, which silences it', () => {
    const { snapshot } = opened(broken);
    const at = broken.indexOf('GFP_KERNEL');
    const actions = snapshot.codeActions(URI, { start: at, end: at });
    const action = actions.find((one) => one.title === 'Suppress sleep-in-atomic here');
    assert.ok(action !== undefined && !action.preferred && actions.at(-1) === action);
    const [edit] = action.edits;
    const fixed = broken.slice(0, edit!.range.start) + edit!.newText + broken.slice(edit!.range.end);
    assert.match(fixed, /\n\t\/\* gfp-lens: allow\(sleep-in-atomic\) .+ \*\/\n\tp = kmalloc\(64,\n/);
    assert.deepEqual(
      opened(fixed)
        .snapshot.diagnostics(URI)
        .map((finding) => finding.rule),
      [],
    );
  });
});
