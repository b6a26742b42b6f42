import assert from 'node:assert/strict';
import { test } from 'node:test';
import { clipRanges, subtractRanges } from '../../../server/src/syntax/branches';
import { printTree } from '../../../server/src/syntax/print';
import { bodyOf, functionNames, parse } from './parsing';

/** Each function with its body, by name and view. */
function bodies(code: string, config?: Readonly<Record<string, boolean>>): Readonly<Record<string, readonly string[]>> {
  const file = parse(code, config);
  assert.deepEqual(file.damage, []);
  return Object.fromEntries(file.functions.map((entry) => [`${entry.name}/${entry.view}`, bodyOf(file, entry.node)]));
}

const call = (name: string): string => `(expr (call (id ${name})))`;

test('a function with an #else is read twice', () => {
  const code = 'void f(void)\n{\n\ta();\n#ifdef CONFIG_X\n\tb();\n#else\n\tc();\n#endif\n\td();\n}\n';
  assert.deepEqual(bodies(code), {
    'f/0': [call('a'), call('b'), call('d')],
    'f/1': [call('a'), call('c'), call('d')],
  });
  assert.deepEqual(bodies(code, { CONFIG_X: true }), { 'f/0': [call('a'), call('b'), call('d')] });
  assert.deepEqual(bodies(code, { CONFIG_X: false }), { 'f/0': [call('a'), call('c'), call('d')] });
});

test('conditions that are known everywhere need no configuration', () => {
  assert.deepEqual(bodies('void f(void)\n{\n#if 0\n\ta(;\n#else\n\tb();\n#endif\n#ifdef __KERNEL__\n\tc();\n#else\n\td();\n#endif\n}\n'), {
    'f/0': [call('b'), call('c')],
  });
});

test('a switch that the file itself sets is known', () => {
  const code = (defined: string, condition = 'DUMP_IT') =>
    `${defined}\nvoid f(void)\n{\n#if ${condition}\n\ta();\n#else\n\tb();\n#endif\n}\n`;
  assert.deepEqual(bodies(code('#define DUMP_IT 0 /* for debugging */')), { 'f/0': [call('b')] });
  assert.deepEqual(bodies(code('#define DUMP_IT 1')), { 'f/0': [call('a')] });
  assert.deepEqual(bodies(code('#define DUMP_IT 0', '!DUMP_IT // not yet')), { 'f/0': [call('a')] });
  const both = { 'f/0': [call('a')], 'f/1': [call('b')] };
  for (const defined of [
    '',
    '#define DUMP_IT OTHER',
    '#ifdef X\n#define DUMP_IT 1\n#else\n#define DUMP_IT 0\n#endif',
    '#ifndef DUMP_IT\n#define DUMP_IT 0\n#endif',
    '#define DUMP_IT 0\n#undef DUMP_IT',
  ])
    assert.deepEqual(bodies(code(defined)), both, defined);
});

test('what one reading assumes about a macro holds to its end', () => {
  const code =
    'void f(void)\n{\n#ifdef A\n\tlock();\n#endif\n#ifndef A\n\tsleep();\n#else\n\tspin();\n#endif\n#if defined(A)\n\tunlock();\n#endif\n}\n';
  assert.deepEqual(bodies(code), {
    'f/0': [call('lock'), call('spin'), call('unlock')],
    'f/1': [call('sleep')],
  });
});

test('structure survives branches that split it', () => {
  assert.deepEqual(bodies('void f(void)\n{\n#ifdef X\n\tif (a) {\n#else\n\tif (b) {\n#endif\n\t\tc();\n\t}\n}\n'), {
    'f/0': [`(if (id a) (block ${call('c')}))`],
    'f/1': [`(if (id b) (block ${call('c')}))`],
  });
  assert.deepEqual(bodies('void f(void)\n{\n#ifdef X\n\tif (a)\n\t\tb();\n\telse\n#endif\n\t\tc();\n}\n'), {
    'f/0': [`(if (id a) ${call('b')} ${call('c')})`],
  });
  assert.deepEqual(bodies('void f(void)\n{\n\tg(a,\n#ifdef X\n\t  b\n#else\n\t  c\n#endif\n\t);\n}\n'), {
    'f/0': ['(expr (call (id g) (id a) (id b)))'],
    'f/1': ['(expr (call (id g) (id a) (id c)))'],
  });
});

test('two headers with one body are two functions', () => {
  const code = '#ifdef X\nint f(int a)\n#else\nint f(long a, int b)\n#endif\n{\n\tg();\n}\n\nint h(void)\n{\n}\n';
  const file = parse(code);
  assert.deepEqual(file.damage, []);
  assert.deepEqual(functionNames(file), ['f', 'f/1', 'h']);
  assert.deepEqual(bodyOf(file, file.functions[1]!.node), [call('g')]);
  assert.deepEqual(file.alternates, [file.functions[1]!.node]);
});

test('functions and declarations of other branches are listed', () => {
  const code = `#if A
int f(void) { a(); }
int only_a;
#elif B
int f(void) { b(); }
#else
int f(void) { c(); }
struct only_else { int x; };
#endif
int g(void) { }
`;
  const file = parse(code);
  assert.deepEqual(file.damage, []);
  assert.deepEqual(functionNames(file), ['f', 'f/1', 'f/1', 'g']);
  assert.deepEqual(
    file.functions.slice(0, 3).flatMap((entry) => bodyOf(file, entry.node)),
    [call('a'), call('b'), call('c')],
  );
  assert.equal(file.alternates.length, 3);
  assert.equal(printTree(file, file.alternates[2]!), '(decl (spec struct (struct only_else (decl (spec int) (name x)))))');
});

test('choices inside an #else are both read', () => {
  const code = `#ifdef RT
int f(void) { rt(); }
#else
int f(void)
{
#ifdef TRACE
	trace();
#endif
	plain();
}
#endif
`;
  const file = parse(code);
  assert.deepEqual(file.damage, []);
  assert.deepEqual(functionNames(file), ['f', 'f/1']);
});

test('an initialiser with an #else is read again as a whole', () => {
  const file = parse('int x =\n#ifdef A\n\t1;\n#else\n\t2;\n#endif\nint y;\n');
  assert.deepEqual(file.damage, []);
  assert.deepEqual(
    file.alternates.map((node) => printTree(file, node)),
    ['(decl (spec int) (name x (init (num 2))))'],
  );
});

test('include guards and defaults are not a choice', () => {
  const file = parse('#ifndef _X_H\n#define _X_H\nint f(void) { a(); }\n#endif\n', {});
  assert.deepEqual(functionNames(file), ['f']);
  assert.deepEqual(
    functionNames(parse('#ifndef _X_H\n#define _X_H\n#ifdef B\nint f(void) { }\n#else\nint g(void) { }\n#endif\n#endif\n')),
    ['f', 'g/1'],
  );
});

test('stray and missing directives do no harm', () => {
  assert.deepEqual(functionNames(parse('#endif\n#else\nint f(void)\n{\n}\n#elif X\n#if A\nint g(void)\n{\n}\n')), ['f', 'g']);
});

test('ranges are subtracted and clipped', () => {
  assert.deepEqual(subtractRanges([1, 10, 12, 20], [3, 4, 9, 13, 19, 30]), [1, 3, 4, 9, 13, 19]);
  assert.deepEqual(subtractRanges([1, 5], []), [1, 5]);
  assert.deepEqual(subtractRanges([], [1, 5]), []);
  assert.deepEqual(clipRanges([1, 5, 7, 9], 3, 8), [3, 5, 7, 8]);
});
