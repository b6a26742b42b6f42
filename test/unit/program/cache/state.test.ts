import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { openSections, packSections } from '../../../../server/src/program/cache/container';
import { type FileStamp, isSettled, sameStamp } from '../../../../server/src/program/cache/fileStamp';
import { IncludeGraph, IncludeNotebook } from '../../../../server/src/program/cache/includeGraph';
import { openState, packState } from '../../../../server/src/program/cache/stateFile';
import { type FileOutcome, TreeState } from '../../../../server/src/program/cache/treeState';
import { type Listing, validate } from '../../../../server/src/program/cache/validate';

const digest = (bytes: Uint8Array): string => createHash('sha1').update(bytes).digest('hex');

function joined(parts: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(parts));
}

describe('a piece of the cache', () => {
  const sections = fc.uniqueArray(fc.tuple(fc.string({ minLength: 1 }), fc.uint8Array({ maxLength: 40 })), { selector: ([name]) => name });

  test('gives back what was put in', () => {
    fc.assert(
      fc.property(sections, (given) => {
        const opened = openSections(joined(packSections(new Map(given), digest)), digest);
        assert.ok('sections' in opened);
        assert.deepEqual(
          [...opened.sections].map(([name, bytes]) => [name, [...bytes]]),
          given.map(([name, bytes]) => [name, [...bytes]]),
        );
      }),
    );
  });

  test('that is cut off, changed in one bit, or something else says so and is not read', () => {
    const whole = joined(
      packSections(
        new Map([
          ['a', Uint8Array.of(1, 2, 3)],
          ['b', new Uint8Array(100)],
        ]),
        digest,
      ),
    );
    fc.assert(
      fc.property(fc.nat({ max: whole.length - 1 }), fc.nat({ max: 7 }), (at, bit) => {
        assert.ok('problem' in openSections(whole.slice(0, at), digest));
        const flipped = whole.slice();
        flipped[at]! ^= 1 << bit;
        const opened = openSections(flipped, digest);
        // Bytes that only fill up to the next multiple of eight hold nothing.
        if (!('problem' in opened)) assert.deepEqual([...opened.sections.get('a')!], [1, 2, 3]);
      }),
    );
    assert.deepEqual(openSections(new Uint8Array(5000), digest), { problem: 'of another version' });
    assert.deepEqual(openSections(new Uint8Array(0), digest), { problem: 'cut off' });
  });
});

const OUTCOME: FileOutcome = { bytes: 10, analysed: true, functions: 2, calls: 3, linkage: undefined, gaps: undefined, refusal: undefined };
const LISTED = 1_000_000;

const stamp = (inode: number, size = 10): FileStamp => ({ size, modified: 1000.25, changed: 2000.125, inode });

/** A tree of files that were looked at, and what they include. */
function stateOf(includes: Readonly<Record<string, readonly string[]>>, askers: readonly string[]): TreeState<{ file: string }> {
  const state = new TreeState<{ file: string }>();
  const notebook = new IncludeNotebook();
  for (const [index, [path, targets]] of Object.entries(includes).entries()) {
    state.records.set(path, { stamp: stamp(index), settled: true, hash: `hash of ${path}`, included: false, outcome: OUTCOME });
    for (const target of targets) notebook.included(path, `x/${target.replace('?', '')}`, target.startsWith('?') ? undefined : target);
  }
  for (const path of askers) {
    notebook.asked(path);
    for (const target of includes[path]!)
      notebook.included(path, `x/${target.replace('?', '')}`, target.startsWith('?') ? undefined : target);
  }
  state.includes.add(notebook.take());
  state.names = Object.keys(includes).join('\n');
  return state;
}

function listingOf(state: TreeState<unknown>, change: Partial<Listing> = {}): Listing {
  const files = new Map([...state.records].map(([path, record]) => [path, record.stamp!]));
  return { files, names: state.names, stampOf: () => undefined, hashOf: (path) => `hash of ${path}`, at: LISTED, ...change };
}

/** The files that are to be looked at again. */
function missing(state: TreeState<unknown>, listing: Listing): string[] {
  validate(state, listing);
  return [...listing.files.keys()].filter((path) => state.records.get(path)?.outcome === undefined).sort();
}

const INCLUDES = {
  'a.c': ['a.h', '?gone.h'],
  'b.c': ['b.h'],
  'c.c': ['b.h'],
  'a.h': ['types.h'],
  'b.h': ['?other.h'],
  'types.h': [],
};
const ASKERS = ['a.c', 'b.c'];

describe('what is looked at again', () => {
  const changed = (path: string) => {
    const state = stateOf(INCLUDES, ASKERS);
    const listing = listingOf(state, { hashOf: (one) => (one === path ? 'another' : `hash of ${one}`) });
    return missing(state, { ...listing, files: new Map(listing.files).set(path, stamp(77)) });
  };

  test('nothing, when nothing has changed', () => {
    const state = stateOf(INCLUDES, ASKERS);
    assert.deepEqual(missing(state, listingOf(state)), []);
    assert.equal(validate(state, listingOf(state)).isStale, false);
  });

  test('a file that changed, and those that asked for what a header decides', () => {
    assert.deepEqual(changed('c.c'), ['c.c']);
    assert.deepEqual(changed('types.h'), ['a.c', 'types.h']);
    assert.deepEqual(changed('b.h'), ['b.c', 'b.h']);
  });

  test('nothing, when only stamps differ: they are noted', () => {
    const state = stateOf(INCLUDES, ASKERS);
    const listing = listingOf(state);
    const touched = { ...listing, files: new Map(listing.files).set('a.h', stamp(77)) };
    assert.equal(validate(state, touched).isStale, true);
    assert.deepEqual(missing(state, touched), []);
    assert.equal(validate(state, touched).isStale, false);
  });

  test('a file of the same size and time in which the content differs, when it was young then', () => {
    const state = stateOf(INCLUDES, ASKERS);
    state.records.set('c.c', { ...state.records.get('c.c')!, settled: false });
    assert.deepEqual(missing(state, listingOf(state, { hashOf: () => 'another' })), ['c.c']);
  });

  test('those whose includes may mean another file since one came or went', () => {
    for (const [name, again] of [
      ['x/gone.h', ['a.c']],
      ['y/other.h', ['b.c']],
      ['z/types.h', ['a.c']],
      ['z/new.h', []],
    ] as const) {
      const state = stateOf(INCLUDES, ASKERS);
      assert.deepEqual(missing(state, listingOf(state, { names: `${state.names}\n${name}` })), again, name);
    }
  });

  test('headers that are not checked themselves count as well', () => {
    const state = stateOf(INCLUDES, ASKERS);
    state.records.set('types.h', { ...state.records.get('types.h')!, outcome: undefined, included: true });
    const listing = listingOf(state);
    const files = new Map([...listing.files].filter(([path]) => path !== 'types.h'));
    assert.deepEqual(missing(state, { ...listing, files, stampOf: () => stamp(5) }), []);
    assert.deepEqual(missing(state, { ...listing, files, stampOf: () => stamp(6), hashOf: () => 'another' }), ['a.c']);
  });

  test('a file that went takes along what others found in it', () => {
    const state = stateOf(INCLUDES, ASKERS);
    const listing = listingOf(state, { names: state.names.replace('\na.h', '') });
    assert.deepEqual(missing(state, { ...listing, files: new Map([...listing.files].filter(([path]) => path !== 'a.h')) }), ['a.c']);
    assert.equal(state.records.has('a.h'), false);
  });
});

test('a stamp is the same only when all of it is, and young ones prove nothing', () => {
  const one = stamp(1);
  assert.equal(sameStamp(one, { ...one }), true);
  for (const other of [{ size: 11 }, { modified: 1 }, { changed: 1 }, { inode: 2 }])
    assert.equal(sameStamp(one, { ...one, ...other }), false);
  assert.deepEqual(
    [isSettled(one, LISTED), isSettled(one, 4000), isSettled({ ...one, modified: LISTED + 5 }, LISTED)],
    [true, false, false],
  );
});

test('a state is the same after it was written and read', () => {
  const state = stateOf(INCLUDES, ASKERS);
  const gaps = { 'damaged syntax': 2 };
  const refusal = { reason: 'not a text file', unreadable: false };
  state.records.set('b.c', {
    ...state.records.get('b.c')!,
    settled: false,
    outcome: { ...OUTCOME, linkage: { shard: 1, start: 7 }, gaps },
  });
  state.records.set('c.c', { ...state.records.get('c.c')!, outcome: { ...OUTCOME, analysed: false, refusal } });
  state.records.set('volatile.c', { ...state.records.get('c.c')!, stamp: undefined });
  const ref = { part: 'p', namesAt: 0, namesLength: 8, nameCount: 1, dataAt: 8, dataLength: 40, digest: 'd', files: 3 };
  state.shards.push({ ...ref, part: 'nobody uses it' }, ref);
  state.findings.set('b.c', [{ file: 'b.c' }]);
  const second = new Map([['b.c', { key: 'k', findings: [{ file: 'b.c' }] }]]);
  state.programs.set('all', { digest: 'd', gaps: { far: 2 }, answers: 'v', second, lost: new Set(['a.c']), current: true });
  const opened = openState<{ file: string }>(joined(packState(state, digest)), digest);
  assert.ok(!('problem' in opened));
  assert.deepEqual([...opened.records.keys()], Object.keys(INCLUDES));
  assert.deepEqual(opened.records.get('b.c')!.outcome, { ...OUTCOME, linkage: { shard: 0, start: 7 }, gaps });
  assert.deepEqual([opened.records.get('b.c')!.settled, opened.records.get('a.h')!.included], [false, true]);
  assert.deepEqual(opened.records.get('c.c')!.outcome, { ...OUTCOME, analysed: false, refusal });
  assert.deepEqual(opened.shards, [ref]);
  assert.deepEqual([[...opened.findings], [...opened.programs], opened.names], [[...state.findings], [...state.programs], state.names]);
  assert.deepEqual(opened.includes.headers(), state.includes.headers());
  assert.deepEqual(missing(opened, listingOf(opened, { hashOf: () => 'another' })), ['b.c']);
});

test('a graph of includes keeps who asked', () => {
  const graph = new IncludeGraph();
  graph.add(stateOf(INCLUDES, ASKERS).includes.rows());
  assert.deepEqual([...graph.askersReaching(['types.h'])], ['a.c']);
  graph.forget('a.c');
  assert.deepEqual([...graph.askersReaching(['types.h'])], []);
});
