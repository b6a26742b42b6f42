import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Interner } from '../../../server/src/base/interner';
import { closingBracket, enclosingCall, openingBracket } from '../../../server/src/syntax/brackets';
import { lex } from '../../../server/src/syntax/lexer';

/** The tokens of a code in which `@` marks places: the tokens that begin there. */
function marked(code: string) {
  const parts = code.split('@');
  const { tokens } = lex(new TextEncoder().encode(parts.join('')), new Interner(), undefined, false);
  const { kind, count, start } = tokens;
  // Token 0 is none.
  const marks = parts.slice(1).map((_, mark) => start.indexOf(parts.slice(0, mark + 1).join('').length, 1));
  return { kind, count, marks };
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

for (const { code, position, what } of [
  { code: '@f(@r)', position: 0, what: 'the only argument' },
  { code: '@f(g(a, b), t[1, 2], (struct x){ 1, 2 }, @r, 0)', position: 3, what: 'commas of inner brackets count for nothing' },
  { code: 'ops->@done(r, &@x)', position: 1, what: 'a call through a member has that name' },
  { code: 'f(@g(@r), x)', position: 0, what: 'the innermost call counts' },
  { code: 'f(({ int a; g(a); }), @h(({ a; }), @r))', position: 1, what: 'a statement among the arguments' },
])
  test(`the call whose argument stands at a token: ${what}`, () => {
    const { kind, marks } = marked(code);
    assert.deepEqual(enclosingCall(kind, marks[1]!), { name: marks[0], position });
  });

for (const code of ['return (a, @r);', 'f(a); x = @r;', 'f({ a, @r })', 'f(a[@r])', 'for (i = 0; i < @r; i++)', `f(${'a, '.repeat(40)}@r)`])
  test(`no argument of a call: ${code}`, () => {
    const { kind, marks } = marked(code);
    assert.equal(enclosingCall(kind, marks[0]!), undefined);
  });
