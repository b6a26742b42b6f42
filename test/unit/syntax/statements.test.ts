import assert from 'node:assert/strict';
import { test } from 'node:test';
import { statement, statements } from './parsing';

test('plain statements', () => {
  assert.deepEqual(statements('if (a) b(); else if (c) ; else { d(); }'), [
    '(if (id a) (expr (call (id b))) (if (id c) (empty) (block (expr (call (id d))))))',
  ]);
  assert.deepEqual(statements('while (a) b();\ndo { c(); } while (d);'), [
    '(while (id a) (expr (call (id b))))',
    '(do (block (expr (call (id c)))) (id d))',
  ]);
  assert.deepEqual(statements('for (i = 0, j = 1; i < 3; i++) f();\nfor (;;) break;\nfor (int i = 0; ; ) continue;'), [
    '(for (comma (assign = (id i) (num 0)) (assign = (id j) (num 1))) (binary < (id i) (num 3)) (postfix ++ (id i)) (expr (call (id f))))',
    '(for (omitted) (omitted) (omitted) (break))',
    '(for (decl (spec int) (name i (init (num 0)))) (omitted) (omitted) (continue))',
  ]);
  assert.deepEqual(statements('goto out;\nreturn;\nreturn a;\ngoto *p;\nout:\n;'), [
    '(goto out)',
    '(return)',
    '(return (id a))',
    '(computed-goto (id p))',
    '(label out (empty))',
  ]);
});

test('case labels, ranges, and what stands on them', () => {
  assert.equal(
    statement('switch (x) { case 1 ... 3: case A: f(); break; default: g(); }'),
    '(switch (id x) (block (case (num 1) (num 3) (case (id A) (expr (call (id f))))) (break) (default (expr (call (id g))))))',
  );
  assert.equal(
    statement('switch (x) { case 0x1...0x3: ; case 4: }'),
    '(switch (id x) (block (case (num 0x1) (num 0x3) (empty)) (case (num 4))))',
  );
  assert.equal(statement('switch (x) { case 1: { int a; } }'), '(switch (id x) (block (case (num 1) (block (decl (spec int) (name a))))))');
});

test('an iterator macro governs the statement behind it', () => {
  assert.equal(
    statement('list_for_each_entry(p, &h, m) {\n\tf(p);\n}'),
    '(for-each list_for_each_entry (call (id list_for_each_entry) (id p) (unary & (id h)) (id m)) (block (expr (call (id f) (id p)))))',
  );
  for (const [body, tree] of [
    ['\tif (a) b();', '(if (id a) (expr (call (id b))))'],
    ['\t++n;', '(expr (unary ++ (id n)))'],
    ['\t*p = 1;', '(expr (assign = (unary * (id p)) (num 1)))'],
    ['\t(void)g();', '(expr (cast (type (spec void) (name)) (call (id g))))'],
    ['\tfor_each_b(x)\n\t\tc();', '(for-each for_each_b (call (id for_each_b) (id x)) (expr (call (id c))))'],
  ]) {
    assert.equal(statement(`for_each_a(i)\n${body}`), `(for-each for_each_a (call (id for_each_a) (id i)) ${tree})`);
  }
  assert.equal(
    statement('walk_nodes(t, n) {\n\tf();\n}'),
    '(for-each walk_nodes (call (id walk_nodes) (id t) (id n)) (block (expr (call (id f)))))',
  );
  assert.deepEqual(statements('walk_nodes(t, n)\n\t\tf();\ng();'), [
    '(for-each walk_nodes (call (id walk_nodes) (id t) (id n)) (expr (call (id f))))',
    '(expr (call (id g)))',
  ]);
  assert.equal(statement('list_for_each(a, b);'), '(expr (call (id list_for_each) (id a) (id b)))');
  assert.equal(
    statement('if (a) for_each_b(c) d(); else e();'),
    '(if (id a) (for-each for_each_b (call (id for_each_b) (id c)) (expr (call (id d)))) (expr (call (id e))))',
  );
});

test('guards', () => {
  assert.equal(statement('guard(mutex)(&l);'), '(expr (call (call (id guard) (id mutex)) (unary & (id l))))');
  assert.equal(
    statement('scoped_guard(spinlock, &l) {\n\tf();\n}'),
    '(guard scoped_guard (call (id scoped_guard) (id spinlock) (unary & (id l))) (block (expr (call (id f)))))',
  );
  assert.equal(
    statement('scoped_cond_guard(mutex_intr, return -EINTR, &l)\n\tf();'),
    '(guard scoped_cond_guard (call (id scoped_cond_guard) (id mutex_intr) (block (return (unary - (id EINTR)))) (unary & (id l))) (expr (call (id f))))',
  );
  assert.equal(
    statement('do {\n\tf();\n} while_each_thread(g, t);'),
    '(do (block (expr (call (id f)))) (call (id while_each_thread) (id g) (id t)))',
  );
});

test('macros without a semicolon do not swallow their neighbour', () => {
  assert.deepEqual(statements('TRACE_ENTRY(a)\nf();'), ['(expr (call (id TRACE_ENTRY) (id a)))', '(expr (call (id f)))']);
  assert.deepEqual(statements('trace(a)\nf();'), ['(expr (call (id trace) (id a)))', '(expr (call (id f)))']);
  assert.equal(statement('if (a) LOG(b) else c();'), '(if (id a) (expr (call (id LOG) (id b))) (expr (call (id c))))');
  assert.equal(statement('if time_after(a, b)\n\treturn;'), '(if (call (id time_after) (id a) (id b)) (return))');
});

test('declarations are told from expressions', () => {
  for (const [code, tree] of [
    ['foo_t x;', '(decl (spec foo_t (ref foo_t)) (name x))'],
    ['foo x = 1, *y;', '(decl (spec foo (ref foo)) (name x (init (num 1))) (name y (pointer)))'],
    ['a * b;', '(decl (spec a (ref a)) (name b (pointer)))'],
    ['a *b = c;', '(decl (spec a (ref a)) (name b (pointer) (init (id c))))'],
    ['a * b(c) + d;', '(expr (binary + (binary * (id a) (call (id b) (id c))) (id d)))'],
    ['a * b[1];', '(decl (spec a (ref a)) (name b (array (num 1)) (pointer)))'],
    ['foo_t (*fn)(int);', '(decl (spec foo_t (ref foo_t)) (name fn (pointer) (params (param (spec int) (name)))))'],
    ['u8 (*map)[4] = x;', '(decl (spec u8 (ref u8)) (name map (pointer) (array (num 4)) (init (id x))))'],
    ['f(*p)(x);', '(expr (call (call (id f) (unary * (id p))) (id x)))'],
    ['u8 __iomem *base;', '(decl (spec u8 (ref u8)) (name base (pointer)))'],
    ['__maybe_unused struct s *p;', '(decl (spec struct (struct s)) (name p (pointer)))'],
    ['MYNOTE int x;', '(decl (spec int) (name x))'],
    ['u_char far *p;', '(decl (spec far (ref far)) (name p (pointer)))'],
    ['char far *p;', '(decl (spec char) (name p (pointer)))'],
    ['typeof(x) y = x;', '(decl (spec typeof (typeof (id x))) (name y (init (id x))))'],
    ['__auto_type z = 1;', '(decl (spec __auto_type) (name z (init (num 1))))'],
    ['static DEFINE_SPINLOCK(l);', '(macro DEFINE_SPINLOCK (call (id DEFINE_SPINLOCK) (id l)))'],
    ['DECLARE_BITMAP(m, 3);', '(expr (call (id DECLARE_BITMAP) (id m) (num 3)))'],
  ]) {
    assert.equal(statement(code!), tree, code);
  }
});

test('cleanup attributes stay on the declarator', () => {
  assert.equal(
    statement('void *p __free(kfree) = a();'),
    '(decl (spec void) (name p (pointer) (attribute __free (id kfree)) (init (call (id a)))))',
  );
  assert.equal(
    statement('int x __attribute__((cleanup(f), unused));'),
    '(decl (spec int) (name x (attribute cleanup (id f)) (attribute unused)))',
  );
  assert.equal(
    statement('u8 b[3] __aligned(8) __maybe_unused;'),
    '(decl (spec u8 (ref u8)) (name b (array (num 3)) (attribute __aligned (num 8))))',
  );
});

test('assembler keeps its operands', () => {
  assert.equal(
    statement('asm volatile("op %0" : [r] "=r" (out), "+m" (*p) : "r" (f(in)) : "memory", "cc");'),
    '(asm (id out) (unary * (id p)) (call (id f) (id in)))',
  );
  assert.equal(statement('asm goto("jmp %l0" : : "i" (key) : : l_yes);'), '(asm (id key))');
  assert.equal(statement('asm_volatile_goto("1: nop" : : "i" (&key->x) : : l_yes);'), '(asm (unary & (arrow x (id key))))');
});

test('small GNU statements', () => {
  assert.deepEqual(statements('__label__ a, b;\n__attribute__((fallthrough));\nfallthrough;'), [
    '(empty)',
    '(empty)',
    '(expr (id fallthrough))',
  ]);
  assert.equal(
    statement('int f(int a) { return a; }'),
    '(function f (spec int) (name f (params (param (spec int) (name a)))) (block (return (id a))))',
  );
});
