import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bodyOf, functionNames, parse } from './parsing';
import { assertWellFormed } from './wellFormed';

const NEXT = '\nint next(void)\n{\n\tkfree(p);\n}\n';

/** Damage of a broken function in front of a good one, as `reason function`. */
function damageOf(code: string): readonly string[] {
  const file = parse(code + NEXT);
  assertWellFormed(file);
  const names = functionNames(file);
  assert.equal(names[names.length - 1], 'next', code);
  assert.deepEqual(bodyOf(file, file.functions[file.functions.length - 1]!.node), ['(expr (call (id kfree) (id p)))']);
  assert.equal(
    file.damage.some((damage) => damage.function === 'next'),
    false,
    code,
  );
  return file.damage.map((damage) => `${damage.reason} ${damage.function}`.trim());
}

test('unbalanced functions end where the layout says', () => {
  assert.deepEqual(damageOf('int f(void)\n{\n\tif (a) {\n\t\tb();\n}\n'), ['unbalanced f']);
  assert.deepEqual(damageOf('int f(void)\n{\n\tif (a) {\n\t\tb();\n'), ['unbalanced f', 'unbalanced f']);
  assert.ok(damageOf('int f(void)\n{\n\tif (a)\n\t\tb(); }\n\tc();\n}\n').includes('unbalanced f'));
  assert.ok(damageOf('int f(void)\n{\n\tb();\n\t}\n}\n').includes('unbalanced f'));
  assert.deepEqual(damageOf('int f(void) {\n\tb(\n'), ['unbalanced f', 'statement f']);
});

test('a broken statement is one damaged statement', () => {
  const file = parse(`int f(void)\n{\n\ta();\n\tb(1, ;\n\tc();\n}\n${NEXT}`);
  assert.deepEqual(functionNames(file), ['f', 'next']);
  const body = bodyOf(file, file.functions[0]!.node);
  assert.equal(body.length, 3);
  assert.match(body[1]!, /^\(damaged \(call \(id b\)/);
  assert.deepEqual([body[0], body[2]], ['(expr (call (id a)))', '(expr (call (id c)))']);
  assert.deepEqual(
    file.damage.map(({ reason, function: name }) => [reason, name]),
    [['statement', 'f']],
  );
});

test('what is being typed does not hide the next statement', () => {
  for (const typed of [
    'p->',
    'x = ',
    'if (',
    'foo(a,',
    'return',
    'struct s *',
    'kmalloc(sizeof(*p), GFP_',
    'for (i = 0; i <',
    'goto',
    'if (a) {',
    '"text',
    'while',
    'case',
    'a ?',
    'f(&',
  ]) {
    const file = parse(`int f(void)\n{\n\t${typed}\n\n\treturn done();\n}\n${NEXT}`);
    assertWellFormed(file);
    assert.deepEqual(functionNames(file), ['f', 'next'], typed);
  }
});

test('a missing semicolon costs nothing but its own mention', () => {
  const file = parse('int f(void)\n{\n\tx = 1\n\tg();\n\treturn x\n}\n');
  assert.deepEqual(bodyOf(file, file.functions[0]!.node), ['(expr (assign = (id x) (num 1)))', '(expr (call (id g)))', '(return (id x))']);
  assert.deepEqual(
    file.damage.map((damage) => damage.reason),
    ['statement', 'statement'],
  );
});

test('broken declarations at file level', () => {
  for (const broken of [
    'int x = {\n\t1, 2\n',
    'struct s {\n\tint a;\n',
    'enum e { A,\n',
    'int f(int a,\n',
    '}\n',
    ')\n',
    'FOO(a,\n',
    '@@@ int\n',
    'typedef struct {\n\tint a\n} t\n',
    'int f(struct s *p 3, int b)\n{\n\ta();\n}\n',
  ]) {
    assert.notDeepEqual(damageOf(broken), [], broken);
  }
});

test('a function whose parameters cannot be read keeps its body', () => {
  const file = parse(`int f(struct s *p 3, int b)\n{\n\ta();\n}\n${NEXT}`);
  assert.deepEqual(functionNames(file), ['f', 'next']);
  assert.deepEqual(bodyOf(file, file.functions[0]!.node), ['(expr (call (id a)))']);
});

test('binary, empty and huge files', () => {
  const binary = parse(new Uint8Array([105, 110, 116, 0, 120]));
  assert.deepEqual([binary.tokens.count, binary.damage.map((damage) => damage.reason)], [2, ['binary']]);
  const empty = parse('');
  assert.deepEqual([empty.functions.length, empty.damage.length], [0, 0]);
  const huge = parse(new Uint8Array((32 << 20) + 1).fill(32));
  assert.deepEqual([huge.tokens.count, huge.damage.map((damage) => damage.reason)], [2, ['too-large']]);
});

test('damage is listed by byte range', () => {
  const code = 'int f(void)\n{\n\ta b c;\n}\n';
  const file = parse(code.replace('a b c', 'x = = 1'));
  assert.equal(file.damage.length, 1);
  assert.equal(code.replace('a b c', 'x = = 1').slice(file.damage[0]!.range.start, file.damage[0]!.range.end), '= 1;');
});
