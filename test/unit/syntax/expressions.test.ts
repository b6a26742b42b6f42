import assert from 'node:assert/strict';
import { test } from 'node:test';
import { expression, items, parse, statement } from './parsing';

function each(cases: Readonly<Record<string, string>>): void {
  for (const [code, tree] of Object.entries(cases)) assert.equal(expression(code), tree, code);
}

test('operators bind as in C', () => {
  each({
    'a + b * c - d': '(binary - (binary + (id a) (binary * (id b) (id c))) (id d))',
    'a | b & c == d << 1': '(binary | (id a) (binary & (id b) (binary == (id c) (binary << (id d) (num 1)))))',
    'a || b && !c': '(logical || (id a) (logical && (id b) (unary ! (id c))))',
    'a ? b : c ? d : e': '(cond (id a) (id b) (cond (id c) (id d) (id e)))',
    'a ?: b': '(cond (id a) (omitted) (id b))',
    'a = b += c': '(assign = (id a) (assign += (id b) (id c)))',
    '-a++': '(unary - (postfix ++ (id a)))',
    '*p->q.r[i]++': '(unary * (postfix ++ (index (member r (arrow q (id p))) (id i))))',
    '(a + b) * c': '(binary * (paren (binary + (id a) (id b))) (id c))',
    '&&label': '(unary && (id label))',
  });
});

test('casts are told from calls and products without a symbol table', () => {
  each({
    '(u8)-1': '(cast (type (spec u8 (ref u8)) (name)) (unary - (num 1)))',
    '(a)-1': '(binary - (paren (id a)) (num 1))',
    '(foo_t)(x)': '(cast (type (spec foo_t (ref foo_t)) (name)) (paren (id x)))',
    '(fn)(x)': '(call (paren (id fn)) (id x))',
    '(name)(unsigned long)x': '(cast (type (spec name (ref name)) (name)) (cast (type (spec unsigned) (name)) (id x)))',
    '(name) x': '(cast (type (spec name (ref name)) (name)) (id x))',
    '(struct s *)p': '(cast (type (spec struct (struct s)) (name (pointer))) (id p))',
    '(foo *)p': '(cast (type (spec foo (ref foo)) (name (pointer))) (id p))',
    '(a * b)': '(paren (binary * (id a) (id b)))',
    '(void __iomem *)p': '(cast (type (spec void) (name (pointer))) (id p))',
    '(__force u32)x': '(cast (type (spec u32 (ref u32)) (name)) (id x))',
    '(int (*)(void))p': '(cast (type (spec int) (name (pointer) (params (param (spec void) (name))))) (id p))',
    '(struct s){ .a = 1 }': '(literal (type (spec struct (struct s)) (name)) (list (designated (field a) (num 1))))',
    '(u8[]){ 1, 2 }': '(literal (type (spec u8 (ref u8)) (name (array))) (list (num 1) (num 2)))',
  });
});

test('a typedef of the file makes a name a type', () => {
  const [, fn] = items('typedef struct thing thing;\nint f(void)\n{\n\treturn (thing)(x) + (other)(x);\n}\n');
  assert.match(fn!, /\(cast \(type \(spec thing \(ref thing\)\) \(name\)\) \(paren \(id x\)\)\) \(call \(paren \(id other\)\) \(id x\)\)/);
});

test('sizeof of types and of expressions', () => {
  each({
    'sizeof(struct s)': '(sizeof-type (type (spec struct (struct s)) (name)))',
    'sizeof(u32) * 2': '(binary * (sizeof-type (type (spec u32 (ref u32)) (name))) (num 2))',
    'sizeof(*p) - 1': '(binary - (sizeof-expr (paren (unary * (id p)))) (num 1))',
    'sizeof(x) & y': '(binary & (sizeof-expr (paren (id x))) (id y))',
    'sizeof p->q': '(sizeof-expr (arrow q (id p)))',
    'sizeof(p)->q': '(sizeof-expr (arrow q (paren (id p))))',
    'sizeof(char *[3])': '(sizeof-type (type (spec char) (name (array (num 3)) (pointer))))',
  });
});

test('macro arguments may be types, declarations, statements, fields and nothing', () => {
  each({
    'container_of(p, struct s, m.n)': '(call (id container_of) (id p) (type (spec struct (struct s)) (name)) (member n (id m)))',
    'min_t(unsigned int, a, b)': '(call (id min_t) (type (spec unsigned) (name)) (id a) (id b))',
    'va_arg(ap, foo_t *)': '(call (id va_arg) (id ap) (type (spec foo_t (ref foo_t)) (name (pointer))))',
    'kmalloc_obj(struct s)': '(call (id kmalloc_obj) (type (spec struct (struct s)) (name)))',
    '__builtin_offsetof(struct s, m[1])': '(call (id __builtin_offsetof) (type (spec struct (struct s)) (name)) (index (id m) (num 1)))',
    'f(, a)': '(call (id f) (omitted) (id a))',
    'f()': '(call (id f))',
    'f(a * b)': '(call (id f) (binary * (id a) (id b)))',
    'wait(q, c, lock(); n++, unlock())':
      '(call (id wait) (id q) (id c) (block (expr (call (id lock))) (expr (postfix ++ (id n)))) (call (id unlock)))',
    'f(return -1)': '(call (id f) (block (return (unary - (num 1)))))',
    'f({ a(); b(); })': '(call (id f) (block (block (expr (call (id a))) (expr (call (id b))))))',
    'limit(.h = { 1, 2 })': '(call (id limit) (designated (field h) (list (num 1) (num 2))))',
    'op(==, a)': '(call (id op) (block (damaged)) (id a))',
  });
});

test('adjacent literals and the macros between them are one string', () => {
  const file = parse('void f(void)\n{\n\tprintk(KERN_ERR PFX "a" PRIu64 "b" STR(x) "c", y);\n}\n');
  assert.deepEqual(file.damage, []);
  assert.equal(statement('printk(KERN_ERR "a" "b", y);'), '(expr (call (id printk) (str "a") (id y)))');
  assert.equal(statement('printk(FMT(1) "a", y);'), '(expr (call (id printk) (str "a") (id y)))');
});

test('GNU expressions', () => {
  each({
    '({ int a = 1; a; })': '(stmt-expr (block (decl (spec int) (name a (init (num 1)))) (expr (id a))))',
    '_Generic(a, int: 1, default: f(2))': '(call (id _Generic) (id a) (num 1) (call (id f) (num 2)))',
    '__extension__ 1': '(num 1)',
    '__alignof__(struct s)': '(sizeof-type (type (spec struct (struct s)) (name)))',
    '__builtin_types_compatible_p(typeof(a), int)':
      '(call (id __builtin_types_compatible_p) (type (spec typeof (typeof (id a))) (name)) (type (spec int) (name)))',
  });
});
