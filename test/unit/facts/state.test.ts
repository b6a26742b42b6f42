import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  acquire,
  ENTRY_STATE,
  equalStates,
  type HeldEntry,
  joinStates,
  makeUncertain,
  release,
  type State,
} from '../../../server/src/facts/state';
import type { Resource } from '../../../server/src/kernel/model';
import { exactly } from '../../../server/src/mask/mask';

const entry = fc.record<HeldEntry>({
  resource: fc.constantFrom<Resource>('spinlock', 'rcu', 'irqs-off'),
  instance: fc.constantFrom('', '&a->lock', '&b->lock'),
  by: fc.constant('spin_lock'),
  range: fc.integer({ min: 0, max: 3 }).map((start) => ({ start, end: start + 1 })),
  must: fc.boolean(),
});

const state = fc.record<State>({
  held: fc.array(entry, { maxLength: 4 }).map((entries) => entries.reduce<readonly HeldEntry[]>((held, next) => acquire(held, next), [])),
  variables: fc
    .dictionary(fc.constantFrom('gfp', 'p'), fc.integer({ min: 0, max: 7 }), { maxKeys: 2 })
    .map(
      (values) =>
        new Map(
          Object.entries(values).map(([name, bits]) => [
            name,
            { mask: exactly(bits), allocations: [bits], complete: bits > 3, pending: undefined },
          ]),
        ),
    ),
  released: fc.constant([]),
  tested: fc.constant(undefined),
  guards: fc.subarray([
    { parameter: 0, nonzero: true, usual: false },
    { parameter: 0, nonzero: false, usual: false },
    { parameter: -1, nonzero: true, usual: false },
  ]),
  slept: fc.constantFrom(undefined, { resource: 'mutex' as const, instance: '', by: 'msleep', range: { start: 1, end: 2 } }),
});

const certain = (of: State) => of.held.filter((held) => held.must).map((held) => `${held.resource} ${held.instance}`);

test('a join is certain only of what both sides are certain of', () => {
  fc.assert(
    fc.property(state, state, (a, b) => {
      for (const held of certain(joinStates(a, b))) {
        assert.ok(certain(a).includes(held) && certain(b).includes(held), held);
      }
    }),
  );
});

test('a join forgets nothing that may be held', () => {
  fc.assert(
    fc.property(state, state, (a, b) => {
      const joined = joinStates(a, b).held.map((held) => `${held.resource} ${held.instance}`);
      for (const held of [...a.held, ...b.held]) assert.ok(joined.includes(`${held.resource} ${held.instance}`));
    }),
  );
});

test('joining again changes nothing, so that loops reach a fixed point', () => {
  fc.assert(
    fc.property(state, state, (a, b) => {
      const joined = joinStates(a, b);
      assert.ok(equalStates(joinStates(joined, b), joined));
      assert.ok(equalStates(joinStates(joined, a), joined));
      assert.ok(equalStates(joinStates(a, a), a));
    }),
  );
});

test('the order of a join does not show in what is certain', () => {
  fc.assert(
    fc.property(state, state, (a, b) => {
      assert.deepEqual(certain(joinStates(a, b)).sort(), certain(joinStates(b, a)).sort());
    }),
  );
});

const lock = (instance: string, must = true): HeldEntry => ({
  resource: 'spinlock',
  instance,
  by: 'spin_lock',
  range: { start: 0, end: 1 },
  must,
});

test('an unlock by another spelling takes the lone candidate, and makes several uncertain', () => {
  assert.deepEqual(release([lock('&r->lock')], 'spinlock', '&same->lock'), []);
  assert.deepEqual(release([lock('&a->tx'), lock('&a->rx')], 'spinlock', '&b->tx'), [lock('&a->rx')]);
  assert.deepEqual(release([lock('&a->lock'), lock('&b->lock')], 'spinlock', 'l'), [lock('&a->lock', false), lock('&b->lock', false)]);
});

test('a lock taken twice by one spelling stands once; global resources nest, but not without end', () => {
  assert.equal(acquire([lock('&a->lock')], lock('&a->lock')).length, 1);
  const rcu: HeldEntry = { ...lock(''), resource: 'rcu' };
  let held: readonly HeldEntry[] = [];
  for (let i = 0; i < 20; i++) held = acquire(held, rcu);
  assert.ok(held.length > 1 && held.length < 20);
});

test('a function known by name only leaves nothing certain', () => {
  assert.ok(makeUncertain([lock('&a->lock')]).every((held) => !held.must));
  assert.equal(ENTRY_STATE.held.length, 0);
});
