import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Interner } from '../../../server/src/base/interner';
import { closingBracket, openingBracket } from '../../../server/src/syntax/brackets';
import { lex } from '../../../server/src/syntax/lexer';

/** The tokens of a code in which `@` marks a place: its token is the one that begins there. */
function marked(code: string) {
  const [before = '', ...behind] = code.split('@');
  const { tokens } = lex(new TextEncoder().encode(before + behind.join('')), new Interner(), undefined, false);
  const starts = [...tokens.start];
  return {
    kind: tokens.kind,
    count: tokens.count,
    marks: behind.map((_, mark) => starts.indexOf(code.split('@', mark + 1).join('').length)),
  };
}

for (const code of [
  'f@(a, (b), c@);',
  'f@(a[0}, (b), c@);',
  'x @{ if (a) { b(); } @}',
  'handlers@[r->state[n[0]]@](r);',
  'handlers[r->state@[n[0]@]](r);',
  '(*r->start)@(r, (struct ring){ 1, (2) }@)',
])
  test(`a bracket and the one that closes it find each other: ${code}`, () => {
    const { kind, count, marks } = marked(code);
    const [open, close] = [marks[0]!, marks[1]!];
    assert.equal(closingBracket(kind, open, count), close);
    assert.equal(openingBracket(kind, close, 1), open);
  });

test('a bracket without its fellow, or with one that is too far away, finds none', () => {
  const { kind, count, marks } = marked('a@) b(@(c, d, e@)');
  const [lonely, open, close] = [marks[0]!, marks[1]!, marks[2]!];
  assert.equal(openingBracket(kind, lonely, 1), 0);
  assert.equal(openingBracket(kind, close, open), open);
  assert.equal(openingBracket(kind, close, open + 1), 0);
  assert.equal(closingBracket(kind, open - 1, count), 0);
  assert.equal(closingBracket(kind, open, close + 1), close);
  assert.equal(closingBracket(kind, open, close), 0);
});
