import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { expandCall, parseMacroBody } from '../../../server/src/syntax/macros';
import { functionNames, parse } from './parsing';
import { SNIPPETS } from './snippets';
import { assertWellFormed } from './wellFormed';

const PIECES = [
  '(',
  ')',
  '{',
  '}',
  '[',
  ']',
  ';',
  ',',
  ':',
  '?',
  '*',
  '&',
  '=',
  '.',
  '->',
  '...',
  '#',
  '##',
  '\\\n',
  '\n',
  '"',
  "'",
  '/*',
  '*/',
  '//',
  '\n#if X\n',
  '\n#ifdef CONFIG_A\n',
  '\n#else\n',
  '\n#elif Y\n',
  '\n#endif\n',
  '\n#if 0\n',
  '\n#define M(x) x ## 1 #x\n',
  '\n#include <a.h>\n',
  'if (a)',
  'else',
  'for (;;)',
  'while (x)',
  'do',
  'switch (x)',
  'case 1:',
  'default:',
  'return',
  'goto',
  'struct s',
  'union {',
  'enum',
  'static ',
  'typedef ',
  'int ',
  'foo_t ',
  'sizeof(',
  'typeof(',
  'list_for_each(a, b)',
  'scoped_guard(x, y)',
  '__attribute__((',
  '__free(kfree)',
  'container_of(p, struct s, m)',
  'asm volatile("" : ',
  '({',
  '})',
  '&&',
  '\n}\n',
  '\nint f(void)\n{\n',
  'name',
  '1',
  '"text"',
  '_Generic(',
] as const;

const text = fc.oneof(
  { weight: 3, arbitrary: fc.array(fc.constantFrom(...PIECES), { maxLength: 60 }).map((pieces) => pieces.join(' ')) },
  { weight: 3, arbitrary: mutated() },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 200 }) },
);

/** A snippet with pieces cut out, doubled or replaced. */
function mutated(): fc.Arbitrary<string> {
  const edit = fc.record({ at: fc.nat(), length: fc.nat({ max: 40 }), piece: fc.constantFrom('', ...PIECES) });
  return fc.tuple(fc.constantFrom(...SNIPPETS), fc.array(edit, { minLength: 1, maxLength: 5 })).map(([snippet, edits]) =>
    edits.reduce((code, { at, length, piece }) => {
      const from = code.length === 0 ? 0 : at % code.length;
      return code.slice(0, from) + piece + code.slice(from + length);
    }, snippet),
  );
}

test('any text gives a well-formed file', () => {
  fc.assert(
    fc.property(text, (code) => {
      assertWellFormed(parse(code));
    }),
    { numRuns: 1500 },
  );
});

test('any bytes give a well-formed file', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
      assertWellFormed(parse(bytes));
    }),
    { numRuns: 1500 },
  );
});

test('any macro body and any arguments give a fragment or undefined', () => {
  fc.assert(
    fc.property(
      fc.array(fc.constantFrom(...PIECES.filter((piece) => !piece.includes('\n')), 'a', 'b'), { maxLength: 20 }),
      fc.array(fc.string({ maxLength: 10 }), { maxLength: 3 }),
      (body, values) => {
        const file = parse(`#define M(a, b...) ${body.join(' ')}\n`);
        for (const macro of file.macros.all) {
          parseMacroBody(macro, file);
          expandCall(file, macro, values);
        }
      },
    ),
    { numRuns: 500 },
  );
});

test('a function damaged anywhere leaves its neighbours alone', () => {
  const before = 'static int first(struct device *dev)\n{\n\treturn probe(dev, 1);\n}\n\n';
  const after = '\nstatic int last(struct device *dev)\n{\n\tmutex_lock(&lock);\n\treturn remove(dev);\n}\n';
  const middle = 'int middle(int a)\n{\n\tif (a > 1) {\n\t\tcall(a, 2);\n\t}\n\treturn a;\n}\n';
  for (let at = 0; at < middle.length; at++) {
    for (const piece of ['', '{', '}', '(', ')', ';', '"', ',']) {
      // Column 0 is what tells one definition from the next; a change there may well make another one.
      if (at > 0 && middle[at - 1] === '\n' && piece !== '' && middle[at] !== '\t') continue;
      const file = parse(before + middle.slice(0, at) + piece + middle.slice(piece === '' ? at + 1 : at) + after);
      const names = functionNames(file);
      assert.equal(names[0], 'first', `${piece} at ${at}`);
      assert.equal(names[names.length - 1], 'last', `${piece} at ${at}: ${names}`);
      assertWellFormed(file);
    }
  }
});

test('nesting without end is cut with too-deep, and the next function is read', () => {
  const deep: readonly string[] = [
    `x = ${'('.repeat(100_000)}1${')'.repeat(100_000)};`,
    `x = ${'('.repeat(100_000)};`,
    `x = ${'f('.repeat(50_000)}1${')'.repeat(50_000)};`,
    `x = ${'!'.repeat(100_000)}1;`,
    `x = ${'a['.repeat(50_000)}1${']'.repeat(50_000)};`,
    `${'{'.repeat(50_000)}${'}'.repeat(50_000)}`,
    `${'if (a) '.repeat(50_000)};`,
    `${'while (a) '.repeat(50_000)};`,
    `x = ${'a = '.repeat(50_000)}1;`,
    `int ${'('.repeat(50_000)}x${')'.repeat(50_000)};`,
    `int x = ${'{'.repeat(50_000)}${'}'.repeat(50_000)};`,
    `x = ${'({ '.repeat(20_000)}1;${' })'.repeat(20_000)};`,
    `x = ${'sizeof '.repeat(50_000)}1;`,
    `x = ${'(int)'.repeat(50_000)}1;`,
    `${'struct { '.repeat(20_000)}${'} a; '.repeat(20_000)}`,
  ];
  for (const body of deep) {
    const file = parse(`void f(void)\n{\n\t${body}\n}\n\nvoid g(void)\n{\n}\n`);
    assert.deepEqual(functionNames(file), ['f', 'g'], body.slice(0, 20));
    assert.ok(
      file.damage.some((damage) => damage.reason === 'too-deep'),
      body.slice(0, 20),
    );
    assertWellFormed(file);
  }
});

test('long chains need no recursion', () => {
  const chains: readonly string[] = [
    `x = ${'a + '.repeat(3_000)}1;`,
    `x = ${'a, '.repeat(100_000)}1;`,
    `${'if (a) b(); else '.repeat(50_000)}c();`,
    `x = ${'a ? b : '.repeat(3_000)}c;`,
    `switch (x) { ${'case 1: '.repeat(3_000)}; }`,
    `f(${'a, '.repeat(100_000)}b);`,
    `int ${'a, '.repeat(100_000)}b;`,
  ];
  for (const body of chains) {
    const file = parse(`void f(void)\n{\n\t${body}\n}\n`);
    assert.deepEqual(file.damage, [], body.slice(0, 20));
  }
});
