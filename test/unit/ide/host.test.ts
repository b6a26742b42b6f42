import assert from 'node:assert/strict';
import { beforeEach, describe, test } from 'node:test';
import { Interner } from '../../../server/src/base/interner';
import { finish } from '../../../server/src/base/steps';
import type { OpenText } from '../../../server/src/ide/document';
import { Host } from '../../../server/src/ide/host';
import type { KernelContext, Kernels } from '../../../server/src/ide/kernels';
import { DEFAULT_SETTINGS, type HostSettings } from '../../../server/src/ide/settings';
import { loadModel, newestRelease, parseRelease } from '../../../server/src/kernel/index';
import type { Neighbour } from '../../../server/src/program/link/neighbours';

/** Everything below /linux is one tree; counts what it is asked for. */
class OneTree implements Kernels {
  contexts = 0;
  forgotten = 0;
  private readonly context: KernelContext = {
    model: loadModel({ release: parseRelease('6.1.192') ?? newestRelease() }),
    interner: new Interner(),
    annotations: new Set(),
    branches: undefined,
    headers: undefined,
  };

  projectOf(): undefined {}

  rootAbove(path: string): string | undefined {
    return path.startsWith('/linux/') ? '/linux' : undefined;
  }

  contextOf(): KernelContext {
    this.contexts++;
    return this.context;
  }

  forget(): void {
    this.forgotten++;
  }
}

const SLEEPS = `#include <linux/slab.h>
static void *f(spinlock_t *lock)
{
	void *p;

	spin_lock(lock);
	p = kmalloc(64, GFP_KERNEL);
	spin_unlock(lock);
	return p;
}
`;

function text(path: string, source: string, version = 1, languageId = 'c'): OpenText {
  return { uri: `file://${path}`, path, languageId, version, bytes: new TextEncoder().encode(source) };
}

function settings(change: Partial<HostSettings>): { kind: 'settings'; settings: { base: HostSettings; folders: [] } } {
  return { kind: 'settings', settings: { base: { ...DEFAULT_SETTINGS, ...change }, folders: [] } };
}

describe('host', () => {
  let kernels: OneTree;
  let host: Host;
  beforeEach(() => {
    kernels = new OneTree();
    host = new Host(kernels);
  });

  const rulesOf = (uri: string): string[] =>
    host
      .snapshot()
      .diagnostics(uri)
      .map((finding) => finding.rule);

  test('a text is analysed once per version', () => {
    host.apply({ kind: 'text', text: text('/linux/a.c', SLEEPS) });
    const first = host.snapshot().document('file:///linux/a.c');
    host.apply({ kind: 'text', text: text('/linux/b.c', SLEEPS) });
    assert.equal(host.snapshot().document('file:///linux/a.c'), first);
    host.apply({ kind: 'text', text: text('/linux/a.c', SLEEPS, 2) });
    assert.notEqual(host.snapshot().document('file:///linux/a.c'), first);
  });

  test('a snapshot does not see later changes', () => {
    host.apply({ kind: 'text', text: text('/linux/a.c', SLEEPS) });
    const before = host.snapshot();
    host.apply({ kind: 'text', text: text('/linux/a.c', '', 2) });
    host.apply(settings({ enable: 'never' }));
    assert.deepEqual(
      before.diagnostics('file:///linux/a.c').map((finding) => finding.rule),
      ['sleep-in-atomic'],
    );
    assert.deepEqual(rulesOf('file:///linux/a.c'), []);
  });

  test('a snapshot says the same of a text that was read and has changed since', () => {
    host.apply({ kind: 'text', text: text('/linux/a.c', SLEEPS) });
    const before = host.snapshot();
    const said = before.diagnostics('file:///linux/a.c').map(({ rule, range }) => ({ rule, range }));
    host.apply({ kind: 'text', text: text('/linux/a.c', `int x;\n${SLEEPS}`, 2) });
    assert.deepEqual(rulesOf('file:///linux/a.c'), ['sleep-in-atomic']);
    assert.deepEqual(
      before.diagnostics('file:///linux/a.c').map(({ rule, range }) => ({ rule, range })),
      said,
    );
  });

  test('a closed document has no answers', () => {
    host.apply({ kind: 'text', text: text('/linux/a.c', SLEEPS) });
    host.apply({ kind: 'close', uri: 'file:///linux/a.c' });
    const snapshot = host.snapshot();
    assert.deepEqual(snapshot.diagnostics('file:///linux/a.c'), []);
    assert.equal(snapshot.hover('file:///linux/a.c', SLEEPS.indexOf('GFP_KERNEL')), undefined);
    assert.deepEqual(snapshot.codeActions('file:///linux/a.c', { start: 0, end: 1e9 }), []);
    assert.equal(snapshot.maskAt('file:///linux/a.c', 0), undefined);
    assert.equal(snapshot.fixAll('file:///linux/a.c'), undefined);
  });

  test('what is analysed: kernel trees, files that include <linux/…>, or what the settings say', () => {
    const bare = SLEEPS.replace('#include <linux/slab.h>\n', '');
    host.apply({ kind: 'text', text: text('/home/out.c', SLEEPS) });
    host.apply({ kind: 'text', text: text('/home/bare.c', bare) });
    host.apply({ kind: 'text', text: text('/linux/bare.c', bare) });
    host.apply({ kind: 'text', text: text('/linux/notes.txt', SLEEPS, 1, 'plaintext') });
    const analysed = (): string[] =>
      ['/home/out.c', '/home/bare.c', '/linux/bare.c', '/linux/notes.txt'].filter((path) => rulesOf(`file://${path}`).length > 0);
    assert.deepEqual(analysed(), ['/home/out.c', '/linux/bare.c']);
    host.apply(settings({ enable: 'always' }));
    assert.deepEqual(analysed(), ['/home/out.c', '/home/bare.c', '/linux/bare.c']);
    host.apply(settings({ enable: 'never' }));
    assert.deepEqual(analysed(), []);
  });

  test('settings of the longest folder above a document count', () => {
    host.apply({ kind: 'text', text: text('/linux/drivers/a.c', SLEEPS) });
    host.apply({ kind: 'text', text: text('/linux/drivers2/a.c', SLEEPS) });
    const off: HostSettings = { ...DEFAULT_SETTINGS, severities: new Map([['sleep-in-atomic', 'off']]) };
    host.apply({
      kind: 'settings',
      settings: {
        base: DEFAULT_SETTINGS,
        folders: [
          { path: '/linux', settings: DEFAULT_SETTINGS },
          { path: '/linux/drivers', settings: off },
        ],
      },
    });
    assert.deepEqual(rulesOf('file:///linux/drivers/a.c'), []);
    assert.deepEqual(rulesOf('file:///linux/drivers2/a.c'), ['sleep-in-atomic']);
  });

  test('a changed kernel is read again', () => {
    host.apply({ kind: 'text', text: text('/linux/a.c', SLEEPS) });
    rulesOf('file:///linux/a.c');
    const asked = kernels.contexts;
    rulesOf('file:///linux/a.c');
    assert.equal(kernels.contexts, asked);
    host.apply({ kind: 'kernel' });
    assert.equal(kernels.forgotten, 1);
    rulesOf('file:///linux/a.c');
    assert.ok(kernels.contexts > asked);
  });

  test('senseless offsets have no answer', () => {
    host.apply({ kind: 'text', text: text('/linux/a.c', SLEEPS) });
    for (const offset of [-1, 1e9, Number.NaN, 0.5]) {
      assert.equal(host.snapshot().hover('file:///linux/a.c', offset), undefined);
      assert.equal(host.snapshot().maskAt('file:///linux/a.c', offset), undefined);
    }
  });

  test('findings carry paths relative to their tree', () => {
    host.apply({ kind: 'text', text: text('/linux/drivers/a.c', SLEEPS) });
    assert.equal(host.snapshot().diagnostics('file:///linux/drivers/a.c')[0]!.path, 'drivers/a.c');
  });
});

/** A tree whose folder has another file, which fills what the document frees. */
class TwoFiles extends OneTree {
  asked = 0;
  fills = FILLS;

  filesBelow(_root: string, folder: string): readonly Neighbour[] {
    this.asked++;
    return [{ path: `${folder}/fill.c`, bytes: new TextEncoder().encode(this.fills) }];
  }
}

const FILLS = `#include "ring.h"
int fill(struct ring *ring, unsigned int n)
{
	ring->slots = kvcalloc(n, sizeof(*ring->slots), GFP_KERNEL);
	return ring->slots ? 0 : -ENOMEM;
}
`;
const FREES = `#include "ring.h"
void drain(struct ring *ring)
{
	kfree(ring->slots);
}
`;

describe('a document looked at as a whole, in steps', () => {
  const path = '/linux/drivers/a/drain.c';
  const uri = `file://${path}`;
  const rulesOf = (host: Host): string[] =>
    host
      .snapshot()
      .diagnostics(uri)
      .map(({ rule }) => rule);

  test('says in the end what the files around say', () => {
    const host = new Host(new TwoFiles());
    host.apply(settings({ showPossible: true }));
    host.apply({ kind: 'text', text: text(path, FREES) });
    assert.deepEqual(rulesOf(host), []);
    const work = host.settling(uri);
    assert.equal(work.next().done, false);
    assert.deepEqual(rulesOf(host), [], 'nothing is shown halfway');
    assert.equal(finish(work), true);
    assert.deepEqual(rulesOf(host), ['free-mismatch']);
  });

  test('stops once somebody types, and leaves the newer text alone', () => {
    const kernels = new TwoFiles();
    const host = new Host(kernels);
    host.apply(settings({ showPossible: true }));
    host.apply({ kind: 'text', text: text(path, FREES) });
    const work = host.settling(uri);
    work.next();
    host.apply({ kind: 'text', text: text(path, FREES.replace('kfree', 'kvfree'), 2) });
    assert.deepEqual(work.next(), { done: true, value: false });
    assert.equal(kernels.asked, 0, 'files are read for an old text');
    host.settle(uri);
    assert.deepEqual(rulesOf(host), []);
  });

  test('hears of a file around that has changed, and of one that has not', () => {
    const kernels = new TwoFiles();
    const host = new Host(kernels);
    host.apply(settings({ showPossible: true }));
    const show = (version: number): string[] => {
      host.apply({ kind: 'text', text: text(path, `${FREES}/* ${version} */\n`, version) });
      host.settle(uri);
      return rulesOf(host);
    };
    assert.deepEqual([show(1), show(2)], [['free-mismatch'], ['free-mismatch']]);
    kernels.fills = FILLS.replace('kvcalloc', 'kcalloc');
    assert.deepEqual(show(3), []);
    kernels.fills = FILLS;
    assert.deepEqual(show(4), ['free-mismatch']);
  });

  test('stops once the settings are others', () => {
    const host = new Host(new TwoFiles());
    host.apply({ kind: 'text', text: text(path, FREES) });
    const work = host.settling(uri);
    work.next();
    host.apply(settings({ showPossible: true }));
    assert.equal(finish(work), false);
    assert.equal(host.settle(uri), true);
    assert.deepEqual(rulesOf(host), ['free-mismatch']);
  });
});

describe('typing inside of one function', () => {
  const path = '/linux/drivers/a/ring.c';
  const uri = `file://${path}`;
  const source = `${FILLS}void drain(struct ring *ring)\n{\n\tkfree(ring->slots);\n}\n${SLEEPS}`;
  const seen = (host: Host): string[] =>
    host
      .snapshot()
      .diagnostics(uri)
      .map(({ rule }) => rule);
  let host: Host;
  let version = 1;
  const type = (edited: string): void => host.apply({ kind: 'text', text: text(path, edited, ++version) });
  beforeEach(() => {
    host = new Host(new OneTree());
    host.apply({ kind: 'text', text: text(path, source) });
    assert.deepEqual(seen(host), ['free-mismatch', 'sleep-in-atomic']);
    host.settle(uri);
  });

  test('its own findings follow at once', () => {
    type(source.replace('64, GFP_KERNEL', '64, GFP_ATOMIC'));
    assert.deepEqual(seen(host), ['free-mismatch']);
    type(source.replace('kfree', 'kvfree'));
    assert.deepEqual(seen(host), ['sleep-in-atomic']);
    type(source);
    assert.deepEqual(seen(host), ['free-mismatch', 'sleep-in-atomic']);
  });

  test('what it means for other functions is said when the document is looked at as a whole', () => {
    const edited = source.replace('kvcalloc', 'kcalloc');
    type(edited);
    assert.deepEqual(seen(host), ['free-mismatch', 'sleep-in-atomic']);
    assert.equal(host.settle(uri), true, 'the findings are others than those shown');
    assert.deepEqual(seen(host), ['sleep-in-atomic']);
  });

  test('questions are answered from the text as it is, and change nothing that is shown', () => {
    type(source.replace('kvcalloc', 'kcalloc'));
    assert.equal(seen(host).length, 2);
    const all = { start: 0, end: source.length };
    assert.deepEqual(
      host
        .snapshot()
        .findingsIn(uri, all)
        .map(({ rule }) => rule),
      ['sleep-in-atomic'],
    );
    assert.equal(seen(host).length, 2);
    assert.equal(host.settle(uri), true);
    assert.equal(seen(host).length, 1);
  });

  test('fixes lie where the text is by now', () => {
    const edited = source.replace('return ring->slots', 'return ring->slots && n');
    type(edited);
    assert.equal(seen(host).length, 2);
    const [action] = host.snapshot().codeActions(uri, { start: edited.indexOf('kfree'), end: edited.indexOf('kfree') });
    const [edit] = action!.edits;
    assert.equal(edited.slice(edit!.range.start, edit!.range.end), 'kfree');
  });
});
