import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fingerprint } from '../../../server/src/rules/fingerprint';

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
