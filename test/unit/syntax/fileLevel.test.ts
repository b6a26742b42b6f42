import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DeclFlag } from '../../../server/src/syntax/nodes';
import { childAt } from '../../../server/src/syntax/tree';
import { functionNames, items, parse } from './parsing';

test('declarators list their derivations from the name outwards', () => {
  assert.deepEqual(items('int *(*fp[3])(int);'), [
    '(decl (spec int) (name fp (array (num 3)) (pointer) (params (param (spec int) (name))) (pointer)))',
  ]);
  assert.deepEqual(items('void (*signal(int n, void (*h)(int)))(int);'), [
    '(decl (spec void) (name signal (params (param (spec int) (name n)) (param (spec void) (name h (pointer) (params (param (spec int) (name)))))) (pointer) (params (param (spec int) (name)))))',
  ]);
  assert.deepEqual(items('extern int f(const char *fmt, ...);'), [
    '(decl (spec int) (name f (params (param (spec char) (name fmt (pointer))))))',
  ]);
});

test('structs, unions and what stands in them', () => {
  assert.deepEqual(
    items(`struct s {
	int a:3, :5, *b;
	DECLARE_BITMAP(map, 8);
	struct_group(tail,
		u8 c;
		u16 d;
	);
	union { int e; struct t f; } __packed;
	KABI_RESERVE(1)
	int (*fn)(struct s *s);
	u8 data[] __counted_by(a);
} __aligned(8);`),
    [
      '(decl (spec struct (struct s' +
        ' (decl (spec int) (name a (width (num 3))) (name (width (num 5))) (name b (pointer)))' +
        ' (macro DECLARE_BITMAP (call (id DECLARE_BITMAP) (id map) (num 8)))' +
        ' (macro struct_group (call (id struct_group) (id tail) (block (decl (spec u8 (ref u8)) (name c)) (decl (spec u16 (ref u16)) (name d)))))' +
        ' (decl (spec union (struct (decl (spec int) (name e)) (decl (spec struct (struct t)) (name f)) (attribute __packed))))' +
        ' (macro KABI_RESERVE (call (id KABI_RESERVE) (num 1)))' +
        ' (decl (spec int) (name fn (pointer) (params (param (spec struct (struct s)) (name s (pointer))))))' +
        ' (decl (spec u8 (ref u8)) (name data (array)))' +
        ' (attribute __aligned (num 8)))))',
    ],
  );
});

test('enums', () => {
  assert.deepEqual(items('enum e { A, B = 1 << 2, LIST(X) C, } x;'), [
    '(decl (spec enum (enum e (enumerator A) (enumerator B (binary << (num 1) (num 2))) (enumerator LIST) (enumerator C))) (name x))',
  ]);
});

test('initialisers', () => {
  assert.deepEqual(items('static const struct ops o = { .open = f, .map = { [0 ... 3] = 1, [4] = 2 }, old: g, .a.b[1] = 3, 4 };'), [
    '(decl (spec struct (struct ops)) (name o (init (list (designated (field open) (id f))' +
      ' (designated (field map) (list (designated (at (num 0) (num 3)) (num 1)) (designated (at (num 4)) (num 2))))' +
      ' (designated (field old) (id g)) (designated (field a) (field b) (at (num 1)) (num 3)) (num 4)))))',
  ]);
  assert.deepEqual(items('struct id t[] = {\n\tENTRY(1)\n\tENTRY(2)\n\t{ }\n};'), [
    '(decl (spec struct (struct id)) (name t (array) (init (list (call (id ENTRY) (num 1)) (call (id ENTRY) (num 2)) (list)))))',
  ]);
});

test('annotation words, known and unknown, do not get in the way', () => {
  for (const header of [
    'static int __init f(void)',
    '__printf(1, 2) static int f(void)',
    'static noinline __must_check int f(void) __must_hold(&l)',
    'STATIC int f(void)',
    'asmlinkage __visible int MYCALL f(void)',
    'int MYNOTE(3) f(void)',
    '__attribute__((noinline)) int f(void)',
    'int f(void) MYNOTE',
    'int __my_note f(void) __acquires(l)',
  ]) {
    const file = parse(`${header}\n{\n}\n`);
    if (header !== 'int MYNOTE(3) f(void)') assert.deepEqual(file.damage, [], header);
    assert.deepEqual(functionNames(file), [header === 'int MYNOTE(3) f(void)' ? 'MYNOTE' : 'f'], header);
  }
  const file = parse('widget_api thing *f(void)\n{\n}\nint __weak g(void)\n{\n}\n');
  assert.deepEqual(functionNames(file), ['f', 'g']);
  const specifiers = childAt(file.tree, file.functions[1]!.node, 0);
  assert.equal(file.tree.aux[specifiers]! & DeclFlag.Weak, DeclFlag.Weak);
});

test('words of the tree are passed over as annotations', () => {
  const code = 'struct s strange(3) x;\n';
  const file = parse(code, undefined, { annotations: new Set(['strange']) });
  assert.deepEqual(file.damage, []);
});

test('functions of all kinds', () => {
  const file = parse(`
static inline struct s *a(void) { return 0; }
int b(x, y)
	int x;
	char *y;
{
	return x;
}
SYSCALL_DEFINE3(open, const char __user *, name, int, flags, umode_t, mode)
{
	return do_open(name);
}
static DEFINE_OPS()
{
}
void NAME(made)(int x)
{
}
foo_t
long_header(int a,
	    int b)
{
}
`);
  assert.deepEqual(file.damage, []);
  assert.deepEqual(functionNames(file), ['a', 'b', 'open', 'DEFINE_OPS', 'made', 'long_header']);
  const open = file.functions[2]!.node;
  assert.equal(file.tree.aux[open], DeclFlag.MacroHeader);
});

test('macros at file level', () => {
  assert.deepEqual(items('MODULE_LICENSE("GPL");\nEXPORT_SYMBOL(f)\nstatic DEVICE_ATTR_RW(x);\nCOMMON;\nint y;'), [
    '(macro MODULE_LICENSE (call (id MODULE_LICENSE) (str "GPL")))',
    '(macro EXPORT_SYMBOL (call (id EXPORT_SYMBOL) (id f)))',
    '(macro DEVICE_ATTR_RW (call (id DEVICE_ATTR_RW) (id x)))',
    '(macro COMMON (id COMMON))',
    '(decl (spec int) (name y))',
  ]);
  assert.deepEqual(items('static DEFINE_PER_CPU(struct s, v) = { .a = 1 };'), [
    '(macro DEFINE_PER_CPU (call (id DEFINE_PER_CPU) (type (spec struct (struct s)) (name)) (id v)) (init (list (designated (field a) (num 1)))))',
  ]);
  assert.deepEqual(items('MACHINE_START(BOARD, "Board")\n\t.init = f,\n\t.nr = 3,\nMACHINE_END\n\nint y;'), [
    '(macro MACHINE_START (call (id MACHINE_START) (id BOARD) (str "Board")) (init (list (designated (field init) (id f)) (designated (field nr) (num 3)))))',
    '(decl (spec int) (name y))',
  ]);
  assert.deepEqual(items('define_machine(b) {\n\t.probe = f,\n};'), [
    '(macro define_machine (call (id define_machine) (id b)) (init (list (designated (field probe) (id f)))))',
  ]);
  assert.deepEqual(items('struct {\n\t__uint(type, T);\n} my_map SEC(".maps");').length, 1);
});
