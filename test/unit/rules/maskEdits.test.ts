import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { FileFacts, MaskSite, MaskTerm } from '../../../server/src/facts/site';
import { UNKNOWN } from '../../../server/src/mask/mask';
import { removeTerm } from '../../../server/src/rules/maskEdits';

/** A site that covers `text`, whose terms are the words in it. */
function siteOf(text: string): { facts: FileFacts; site: MaskSite } {
  const bytes = new TextEncoder().encode(text);
  const terms = [...text.matchAll(/\w+/g)].map(
    (match): MaskTerm => ({ range: { start: match.index, end: match.index + match[0].length }, text: match[0], kind: 'flag', role: 'or' }),
  );
  const site: MaskSite = {
    node: 1,
    range: { start: 0, end: bytes.length },
    text,
    value: UNKNOWN,
    terms,
    wrongOperators: [],
    use: 'argument',
    call: undefined,
    function: undefined,
  };
  return { facts: { file: { bytes } } as unknown as FileFacts, site };
}

function without(text: string, index: number): string | undefined {
  const { facts, site } = siteOf(text);
  const edit = removeTerm(facts, site, site.terms[index]!);
  return edit && text.slice(0, edit.range.start) + edit.newText + text.slice(edit.range.end);
}

test('one operator goes with the word', () => {
  assert.equal(without('A | B | C', 0), 'B | C');
  assert.equal(without('A | B | C', 1), 'A | C');
  assert.equal(without('A | B | C', 2), 'A | B');
  assert.equal(without('A|B', 1), 'A');
  assert.equal(without('A |\n\t  B', 0), 'B');
  assert.equal(without('A |\n\t  B', 1), 'A');
});

test('what is no plain list is left alone', () => {
  assert.equal(without('A', 0), undefined);
  assert.equal(without('(A) & B', 0), undefined);
  assert.equal(without('A || B', 1), undefined);
  assert.equal(without('A || B', 0), undefined);
  assert.equal(without('A /* x */ | B', 0), undefined);
});

test('words out of a macro and words that are not ORed in are left alone', () => {
  const { facts, site } = siteOf('A | B');
  assert.equal(removeTerm(facts, site, { ...site.terms[0]!, via: 'MACRO' }), undefined);
  assert.equal(removeTerm(facts, site, { ...site.terms[0]!, role: 'remove' }), undefined);
});

test('the other words stay, in order and joined as before', () => {
  const word = fc.stringMatching(/^[A-Z_]{1,6}$/);
  const blank = fc.constantFrom('', ' ', '\n\t\t');
  fc.assert(
    fc.property(fc.array(fc.tuple(word, blank, blank), { minLength: 2, maxLength: 6 }), fc.nat(), (parts, pick) => {
      const index = pick % parts.length;
      const text = parts.map(([name, before, after], at) => (at === 0 ? name + after : `|${before}${name}${after}`)).join('');
      const left = without(text, index);
      const expected = parts.filter((_, at) => at !== index).map(([name]) => name);
      assert.deepEqual(
        left?.split('|').map((name) => name.trim()),
        expected,
      );
    }),
  );
});
