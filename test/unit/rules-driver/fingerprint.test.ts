import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fingerprint, normalisedLine } from '../../../server/src/rules/fingerprint';
import { sourceFileOf } from './sourceFileOf';

const parts = { rule: 'r', path: 'a/b.c', function: 'f', line: 'x = g(1);', occurrence: 0 };

test('a fingerprint depends on every part and on nothing else', () => {
  const base = fingerprint(parts);
  assert.match(base, /^[0-9a-f]{16}$/);
  assert.equal(fingerprint({ ...parts }), base);
  const others = [{ rule: 's' }, { path: 'a/c.c' }, { function: 'g' }, { line: 'x = g(2);' }, { occurrence: 1 }].map((change) =>
    fingerprint({ ...parts, ...change }),
  );
  assert.equal(new Set([base, ...others]).size, 6);
});

test('many similar lines get different fingerprints', () => {
  const seen = new Set<string>();
  for (let i = 0; i < 20_000; i++) seen.add(fingerprint({ ...parts, line: `p${i} = kmalloc(${i});`, occurrence: i % 3 }));
  assert.equal(seen.size, 20_000);
});

/** Baselines hold them: what one release has written, the next must know. */
test('a fingerprint never changes', () => {
  assert.deepEqual([parts, { ...parts, occurrence: 3 }, { ...parts, function: '', line: 'größe = kmalloc(\u{1F427});' }].map(fingerprint), [
    '5ce3574c80a296bc',
    'd23736c7077898ca',
    '97ab5582b3249724',
  ]);
});

test('it holds the whole line of a place, whatever its white space', () => {
  const file = sourceFileOf('int a;\n\tb =  f(\t1);\nreturn\n}');
  const lineAt = (offset: number): string => normalisedLine(file, offset);
  assert.deepEqual(
    [lineAt(0), lineAt(5), lineAt(7), lineAt(8), lineAt(18), lineAt(27)],
    ['int a;', 'int a;', 'b = f( 1);', 'b = f( 1);', 'b = f( 1);', '}'],
  );
});

test('of a line without end the beginning counts', () => {
  const [long, longer] = [5000, 6000].map((length) => sourceFileOf(`int a${'1'.repeat(length)};`));
  assert.equal(normalisedLine(long!, 4999), normalisedLine(longer!, 5999));
});
