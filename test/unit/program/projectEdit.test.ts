import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parse } from '@humanwhocodes/momoa';
import type { JsonNode } from '../../../server/src/program/jsonNode';
import { withMember } from '../../../server/src/program/projectEdit';

const parseJsonc = (text: string): JsonNode => parse(text, { mode: 'jsonc', allowTrailingCommas: true }).body;
const add = (text: string | undefined, path: readonly string[], value: string): string | undefined =>
  withMember(text, path, value, parseJsonc);

test('a file that is not there yet is made', () => {
  assert.equal(add(undefined, ['baseline'], 'known.json'), '{\n  "baseline": "known.json"\n}\n');
  assert.equal(add(undefined, ['rules', 'costly-order'], 'off'), '{\n  "rules": {\n    "costly-order": "off"\n  }\n}\n');
});

test('comments and order stay, a member that is there gets its new value', () => {
  const text = '{\n  // ours\n  "kernel": "6.1", /* stable */\n  "rules": { "costly-order": "hint" }\n}\n';
  assert.equal(add(text, ['rules', 'costly-order'], 'off'), text.replace('"hint"', '"off"'));
  assert.equal(add(text, ['rules', 'redundant-flag'], 'off'), text.replace('"hint" }', '"hint",\n    "redundant-flag": "off" }'));
  assert.equal(add(text, ['baseline'], 'known.json'), text.replace('"hint" }\n', '"hint" },\n  "baseline": "known.json"\n'));
});

test('empty objects and commas behind the last member', () => {
  assert.equal(add('{}', ['baseline'], 'b'), '{\n  "baseline": "b"\n}');
  const added = add('{\n  "rules": {},\n}\n', ['baseline'], 'b')!;
  assert.deepEqual(parseJsonc(added).type, 'Object');
  assert.match(added, /"rules": \{\},\n {2}"baseline": "b",\n\}/);
});

test('what cannot be read, or is no object, is left alone', () => {
  assert.equal(add('{ "rules": ', ['baseline'], 'b'), undefined);
  assert.equal(add('[]', ['baseline'], 'b'), undefined);
  assert.equal(add('{ "rules": "off" }', ['rules', 'costly-order'], 'off'), undefined);
});
