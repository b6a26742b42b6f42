import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { CallVerdict } from '../../../server/src/facts/linkage/verdict';
import { movedVerdicts } from '../../../server/src/ide/settled';

const encode = (text: string) => new TextEncoder().encode(text);
const PATH = 'drivers/a.c';
const TEXT = 'lock(); f(); unlock(); /* between */ alloc(GFP_KERNEL); end();';

function verdictAt(word: string, ...steps: string[]): CallVerdict {
  const place = (name: string) => ({ path: PATH, start: TEXT.indexOf(name), end: TEXT.indexOf(name) + name.length, message: name });
  const offset = TEXT.indexOf(word);
  return { kind: 'atomic', offset, end: offset + word.length, certainty: 'definite', reason: '', steps: steps.map(place) };
}

const settled = { path: PATH, bytes: encode(TEXT), verdicts: [verdictAt('alloc', 'lock', 'f()')] };

/** The texts that a verdict points at: of the call, then of its steps. */
function pointsAt(text: string): string[] | undefined {
  const [verdict] = movedVerdicts(settled, encode(text));
  return verdict && [text.slice(verdict.offset, verdict.offset + 5), ...verdict.steps.map((step) => text.slice(step.start, step.end))];
}

test('a verdict follows its call and its steps while something else is typed', () => {
  assert.deepEqual(pointsAt(TEXT), ['alloc', 'lock', 'f()']);
  assert.deepEqual(pointsAt(TEXT.replace('between', 'between, and more')), ['alloc', 'lock', 'f()']);
  assert.deepEqual(pointsAt(`/* first */ ${TEXT}`), ['alloc', 'lock', 'f()']);
  assert.deepEqual(pointsAt(TEXT.replace('end();', '')), ['alloc', 'lock', 'f()']);
});

test('a verdict goes when its call or a step is changed', () => {
  assert.equal(pointsAt(TEXT.replace('alloc', 'allxoc')), undefined);
  assert.equal(pointsAt(TEXT.replace('lock', 'loxck')), undefined);
});

test('steps in other files stay where they are', () => {
  const step = { path: 'drivers/b.c', start: 3, end: 5, message: '' };
  const verdicts = [{ ...verdictAt('alloc'), steps: [step] }];
  assert.deepEqual(movedVerdicts({ ...settled, verdicts }, encode(`x${TEXT}`))[0]!.steps, [step]);
});

test('whatever is typed, a verdict points at the same text or is gone', () => {
  fc.assert(
    fc.property(fc.nat(TEXT.length), fc.nat(8), fc.string({ unit: 'grapheme-ascii', maxLength: 12 }), (at, removed, typed) => {
      const found = pointsAt(TEXT.slice(0, at) + typed + TEXT.slice(at + removed));
      if (found) assert.deepEqual(found, ['alloc', 'lock', 'f()']);
    }),
  );
});
