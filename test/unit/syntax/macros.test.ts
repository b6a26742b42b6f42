import assert from 'node:assert/strict';
import { test } from 'node:test';
import { expandCall, type Fragment, parseMacroBody } from '../../../server/src/syntax/macros';
import { printTree } from '../../../server/src/syntax/print';
import type { Macro, SourceFile } from '../../../server/src/syntax/sourceFile';
import { rangeOf } from '../../../server/src/syntax/tree';
import { parse } from './parsing';

function macroOf(file: SourceFile): Macro {
  const macro = file.macros.all[0];
  assert.ok(macro);
  return macro;
}

function shown(fragment: Fragment | undefined): string | undefined {
  return fragment && `${fragment.shape}: ${printTree(fragment.source, fragment.root)}`;
}

function body(define: string): string | undefined {
  const file = parse(`${define}\n`);
  return shown(parseMacroBody(macroOf(file), file));
}

function expand(define: string, ...values: string[]): string | undefined {
  const file = parse(`${define}\n`);
  return shown(expandCall(file, macroOf(file), values));
}

test('the table lists names, parameters and bodies', () => {
  const code =
    '#define A\n#define B (1 | \\\n\t2) /* c */\n#define C(x, y...) f(x)\n#define D (x)\n# define E() 1\n#define C(z) z\n#undef A\n#define F(...) g(__VA_ARGS__)\n';
  const file = parse(code);
  assert.deepEqual(
    file.macros.all.map(({ name, parameters, body: range, nameRange }) => [
      name,
      parameters,
      code.slice(range.start, range.end),
      code.slice(nameRange.start, nameRange.end),
    ]),
    [
      ['A', undefined, '', 'A'],
      ['B', undefined, '(1 | \\\n\t2) /* c */', 'B'],
      ['C', ['x', 'y...'], 'f(x)', 'C'],
      ['D', undefined, '(x)', 'D'],
      ['E', [], '1', 'E'],
      ['C', ['z'], 'z', 'C'],
      ['F', ['...'], 'g(__VA_ARGS__)', 'F'],
    ],
  );
  assert.deepEqual(file.macros.bySymbol(file.interner.intern('C'))?.parameters, ['z']);
  assert.equal(file.macros.bySymbol(file.interner.intern('int')), undefined);
});

test('includes', () => {
  const file = parse('#include <linux/slab.h>\n# include "a/b.h" // c\n#include HEADER\n');
  assert.deepEqual(
    file.includes.map(({ path, quoted }) => [path, quoted]),
    [
      ['linux/slab.h', false],
      ['a/b.h', true],
    ],
  );
});

test('bodies of macros', () => {
  assert.equal(body('#define M (GFP_KERNEL | __GFP_ZERO)'), 'expression: (paren (binary | (id GFP_KERNEL) (id __GFP_ZERO)))');
  assert.equal(body('#define M ((__force gfp_t)0x10u)'), 'expression: (paren (cast (type (spec gfp_t (ref gfp_t)) (name)) (num 0x10u)))');
  assert.equal(body('#define M(p) do { kfree(p); } while (0)'), 'statements: (block (do (block (expr (call (id kfree) (id p)))) (num 0)))');
  assert.equal(body('#define M(p) \\\n\tkfree(p)'), 'expression: (call (id kfree) (id p))');
  assert.equal(body('#define M'), undefined);
  assert.equal(body('#define M )('), undefined);
});

test('offsets of a body are those of the file', () => {
  const code = 'int x;\n#define M (A | \\\n\tB)\n';
  const file = parse(code);
  const fragment = parseMacroBody(macroOf(file), file)!;
  const { start, end } = rangeOf(fragment.source.tree, fragment.root);
  assert.equal(code.slice(start, end), '(A | \\\n\tB)');
});

test('calls are expanded by text', () => {
  assert.equal(
    expand('#define M(s, f) kmalloc((s) + 1, f | __GFP_ZERO)', 'n', 'gfp'),
    'expression: (call (id kmalloc) (binary + (paren (id n)) (num 1)) (binary | (id gfp) (id __GFP_ZERO)))',
  );
  assert.equal(expand('#define M(l) spin_##l(&x.l)', 'lock'), 'expression: (call (id spin_lock) (unary & (member lock (id x))))');
  assert.equal(expand('#define M(x) f(#x)', 'a "b"'), 'expression: (call (id f) (str "a \\"b\\""))');
  assert.equal(expand('#define M(f, a...) printk(f, ##a)', '"x"'), 'expression: (call (id printk) (str "x"))');
  assert.equal(
    expand('#define M(f, ...) printk(f, ##__VA_ARGS__)', '"x"', '1', '2'),
    'expression: (call (id printk) (str "x") (num 1) (num 2))',
  );
  assert.equal(expand('#define M(f, ...) g(f __VA_OPT__(,) __VA_ARGS__)', 'a'), 'expression: (call (id g) (id a))');
  assert.equal(expand('#define M(f, ...) g(f __VA_OPT__(,) __VA_ARGS__)', 'a', 'b'), 'expression: (call (id g) (id a) (id b))');
  assert.equal(
    expand('#define M(p) if (p) \\\n\tf(p); else g()', 'x'),
    'statements: (block (if (id x) (expr (call (id f) (id x))) (expr (call (id g)))))',
  );
  assert.equal(expand('#define M() f()', ''), 'expression: (call (id f))');
  assert.equal(expand('#define M(t) sizeof(t)', 'struct s'), 'expression: (sizeof-type (type (spec struct (struct s)) (name)))');
});

test('calls that do not fit and bodies that cannot be read give nothing', () => {
  assert.equal(expand('#define M(a, b) f(a)', 'x'), undefined);
  assert.equal(expand('#define M(a) f(a)', 'x', 'y'), undefined);
  assert.equal(expand('#define M(a) f(a', 'x'), undefined);
  assert.equal(expand('#define M f()', 'x'), undefined);
  assert.equal(expand('#define M(a) a', 'x'.repeat(200_000)), undefined);
});
