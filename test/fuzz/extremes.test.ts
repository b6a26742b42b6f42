import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Interner } from '../../server/src/base/interner';
import { createHeaders } from '../../server/src/facts/headers/headers';
import { analyseSource, type SourceAnalysis } from '../../server/src/program/analyseSource';
import { DEFAULT_RULE_SETTINGS } from '../../server/src/rules/run';
import { modelFor } from '../support/analyse';

const DEEP = 100_000;
/** Calls in a row: deeper than any stack. */
const LONG = 30_000;
const MEGABYTE = 1 << 20;
const model = modelFor('6.1');

/** Analyses what nobody writes. A run that takes minutes fails by the limit of the test run. */
function analysed(text: string, headerFiles: Readonly<Record<string, string>> = {}): SourceAnalysis {
  const encoder = new TextEncoder();
  const read = (path: string): Uint8Array | undefined => {
    const header = headerFiles[path];
    return header === undefined ? undefined : encoder.encode(header);
  };
  const annotations = new Set<string>();
  const headers = createHeaders({ read, model, branches: undefined, annotations });
  const rules = { ...DEFAULT_RULE_SETTINGS, possible: true };
  return analyseSource(
    'drivers/a.c',
    encoder.encode(text),
    { model, interner: new Interner(), annotations, branches: undefined, headers, rules },
    { alone: true },
  );
}

const NEIGHBOUR = 'void *neighbour(void)\n{\n\treturn kmalloc(8, GFP_KERNEL | GFP_ATOMIC);\n}\n';
const within = (body: string): string => `#include <linux/slab.h>\nvoid *f(int a, int n, struct s *p)\n{\n${body}\n}\n${NEIGHBOUR}`;
const list = (count: number, item: (index: number) => string): string =>
  Array.from({ length: count }, (_, index) => item(index)).join('\n');

/** Whatever stands beside it, the neighbour is read as always. */
function assertNeighbour({ findings }: SourceAnalysis): void {
  assert.ok(
    findings.some((finding) => finding.function?.name === 'neighbour' && finding.rule === 'conflicting-flags'),
    'the function behind it was not read',
  );
}

describe('what nests 100,000 deep is a gap, and the next function is read', () => {
  const nested: Readonly<Record<string, string>> = {
    'parentheses in a size': `return kmalloc(${'('.repeat(DEEP)}8${')'.repeat(DEEP)}, GFP_KERNEL);`,
    'parentheses in a mask': `return kmalloc(8, ${'('.repeat(DEEP)}GFP_KERNEL${')'.repeat(DEEP)});`,
    'parentheses that are not closed': `return kmalloc(${'('.repeat(DEEP)}`,
    blocks: `${'{'.repeat(DEEP)}kmalloc(8, GFP_KERNEL);${'}'.repeat(DEEP)}`,
    brackets: `x${'['.repeat(DEEP)}0${']'.repeat(DEEP)} = kmalloc(8, GFP_KERNEL);`,
    'operators before a mask': `return kmalloc(8, ${'~'.repeat(DEEP)}GFP_KERNEL);`,
    casts: `return kmalloc(${'(int)'.repeat(DEEP)}8, GFP_KERNEL);`,
    conditions: `return kmalloc(8, ${'a ? GFP_ATOMIC : '.repeat(DEEP)}GFP_KERNEL);`,
    'conditions in conditions': `return kmalloc(8, ${'a ? '.repeat(DEEP)}GFP_KERNEL${' : 1'.repeat(DEEP)});`,
    sums: `return kmalloc(${'1 + '.repeat(DEEP)}8, GFP_KERNEL);`,
    ors: `return kmalloc(8, ${'__GFP_ZERO | '.repeat(DEEP)}GFP_KERNEL);`,
    'tests in a test': `if (${'a && '.repeat(DEEP)}n) return kmalloc(8, GFP_KERNEL);`,
    ifs: `${'if (a) '.repeat(DEEP)}kmalloc(8, GFP_KERNEL);`,
    loops: `${'while (a) '.repeat(DEEP)}kmalloc(8, GFP_KERNEL);`,
    switches: `${'switch (a) { case 1: '.repeat(DEEP)}kmalloc(8, GFP_KERNEL);${'}'.repeat(DEEP)}`,
    'statement expressions': `x = ${'({ '.repeat(DEEP)}kmalloc(8, GFP_KERNEL);${' })'.repeat(DEEP)};`,
    'sizes of types': `p = kmalloc(${'sizeof(typeof('.repeat(DEEP)}x${'))'.repeat(DEEP)}, GFP_KERNEL);`,
  };
  for (const [name, body] of Object.entries(nested)) {
    test(name, () => {
      const analysis = analysed(within(body));
      assertNeighbour(analysis);
      assert.ok(analysis.gaps.some((gap) => gap.reason === 'damaged syntax'));
    });
  }

  const flat: Readonly<Record<string, string>> = {
    'else ifs': `${'if (a) kfree(p); else '.repeat(DEEP)}kmalloc(8, GFP_KERNEL);`,
    'commas in a mask': `return kmalloc(8, (${'a, '.repeat(DEEP)}GFP_KERNEL));`,
    arguments: `return kmalloc(${'a, '.repeat(DEEP)}GFP_KERNEL);`,
    members: `p${'->next'.repeat(DEEP)} = kmalloc(8, GFP_KERNEL);`,
    '#if in #if': `${'#if A\n'.repeat(DEEP)}kmalloc(8, GFP_KERNEL);\n${'#endif\n'.repeat(DEEP)}`,
    '#elif after #elif': `#if A\n${'#elif B\nx;\n'.repeat(DEEP)}kmalloc(8, GFP_KERNEL);\n#endif\n`,
    'labels one after another': `switch (a) {\n${list(DEEP, (index) => `case ${index}:`)}\nl0: l1:\nkmalloc(8, GFP_KERNEL); }`,
    'constants that fall through': `switch (a) {\n${list(20_000, (index) => `case RING_${index}: g();`)}\nkmalloc(8, GFP_KERNEL); }`,
    'names for one place': `${list(DEEP, (index) => `l${index}:`)}\nkmalloc(8, GFP_KERNEL);`,
    'switches that are not closed': 'switch (a) { case 1: '.repeat(DEEP),
    'braces in calls that are not closed': 'i({si('.repeat(DEEP / 4),
    'calls in calls that are not closed': 'i(si('.repeat(DEEP / 2),
    'gotos that cross each other': `${list(DEEP, (index) => `l${index}: goto l${DEEP - 1 - index};`)}\nkmalloc(8, GFP_KERNEL);`,
  };
  for (const [name, body] of Object.entries(flat)) test(name, () => assertNeighbour(analysed(within(body))));
});

describe('what a function has too much of', () => {
  const many: Readonly<Record<string, string>> = {
    'one megabyte of allocations in one line': 'p = kmalloc(8, GFP_KERNEL);'.repeat(MEGABYTE / 27),
    'one megabyte of findings in one line': 'p = __get_free_pages(GFP_KERNEL, 4);'.repeat(MEGABYTE / 36),
    'allocations into different variables': list(20_000, (index) => `p${index} = kmalloc(8, GFP_KERNEL);`),
    'allocations and frees': 'p = kmalloc(8, GFP_KERNEL); kfree(p);'.repeat(20_000),
    'different locks': `${list(DEEP, (index) => `spin_lock(&p->lock${index});`)}\nspin_unlock(&p->lock7);`,
    'locks that depend': 'if (a) spin_lock(&l); if (n) spin_unlock(&l);\n'.repeat(20_000),
    'calls of one variable': `int (*fn)(int) = g;\n${'fn('.repeat(DEEP)}\nkmalloc(8, GFP_KERNEL);`,
    'a name of one megabyte': `${'a'.repeat(MEGABYTE)} = kmalloc(8, GFP_KERNEL);`,
    'a string of one megabyte': `printk("${'x'.repeat(MEGABYTE)}"); kmalloc(8, GFP_KERNEL);`,
    'a comment of one megabyte': `/*${'*'.repeat(MEGABYTE)}*/ kmalloc(8, GFP_KERNEL);`,
    'a number of one megabyte': `kmalloc(${'9'.repeat(MEGABYTE)}, GFP_KERNEL);`,
    'a name over half a million lines': `k${'\\\n'.repeat(MEGABYTE / 2)}malloc(8, GFP_KERNEL);`,
    'comments for the rules': `${'/* gfp-lens: allow(sleep-in-atomic) x */\n'.repeat(20_000)}kmalloc(8, GFP_KERNEL);`,
  };
  for (const [name, body] of Object.entries(many)) test(name, () => assertNeighbour(analysed(within(body))));

  test('of many locks the first hundreds are told apart, and the allocation under them is found', () => {
    const locks = list(DEEP, (index) => `spin_lock(&p->lock${index});`);
    const { findings } = analysed(within(`${locks}\nreturn kmalloc(8, GFP_KERNEL);`));
    assert.equal(findings.filter((finding) => finding.rule === 'sleep-in-atomic').length, 1);
  });
});

describe('what a file has too much of', () => {
  // A million takes ten times as long, which nobody wants to wait for at each change.
  test('a hundred thousand functions', () => {
    const functions = list(DEEP, (index) => `void f${index}(void){g();}`);
    const { facts } = analysed(`#include <linux/slab.h>\n${NEIGHBOUR}${functions}`);
    assert.ok(facts.file.functions.length === DEEP + 1);
  });

  test('functions that call each other in a ring', () => {
    const ring = list(LONG, (index) => `void r${index}(void) { r${(index + 1) % LONG}(); }`);
    assertNeighbour(
      analysed(`${ring}\nvoid lk(void) { spin_lock(&l); r0(); spin_unlock(&l); }\n${within('r5(); p = kmalloc(8, GFP_KERNEL);')}`),
    );
  });

  test('static functions that call each other down to a lock', () => {
    const chain = list(LONG, (index) => `static void r${index}(void) { r${index + 1}(); }`);
    assertNeighbour(analysed(`${chain}\nstatic void r${LONG}(void) { spin_lock(&l); }\n${within('r0(); p = kmalloc(8, GFP_KERNEL);')}`));
  });

  test('every function calls every other, all under a lock', () => {
    const calls = list(300, (index) => `r${index}();`);
    const all = list(300, (index) => `void r${index}(void) {\n${calls}\nkmalloc(8, GFP_KERNEL); }`);
    const { findings } = analysed(`#include <linux/slab.h>\n${all}\nvoid lk(void) { spin_lock(&l); r0(); spin_unlock(&l); }\n`);
    assert.ok(findings.some((finding) => finding.rule === 'sleep-in-atomic'));
  });

  test('structs in structs', () => {
    const chain = list(DEEP, (index) => `struct s${index + 1} { struct s${index} a, b; };`);
    assertNeighbour(analysed(`struct s0 { int a; };\n${chain}\n${within(`p = kmalloc(sizeof(struct s${DEEP}), GFP_KERNEL);`)}`));
  });
});

describe('what refers to itself', () => {
  test('a struct that contains itself, with a name and without', () => {
    const types = `struct s { struct s a[4]; struct t b; };
struct t { struct s a; };
union u { union u; union v; };
union v { union u; int q[]; };
struct w { struct w; struct w; struct w; struct w; struct x; struct x; struct x; };
struct x { struct w; struct w; struct w; struct x; struct x; int *p[]; };
typedef T T;
typedef T2 T3; typedef T3 T2;
`;
    const sizes = [
      'sizeof(struct s)',
      'sizeof(union u)',
      'sizeof(T)',
      'sizeof(T2)',
      'offsetof(struct w, zz)',
      'offsetof(struct w, p)',
      'sizeof(((struct x *)p)->zz)',
    ];
    assertNeighbour(analysed(types + within(sizes.map((size) => `p = kmalloc(${size}, GFP_KERNEL);`).join('\n'))));
  });

  describe('a declaration that asks for itself', () => {
    const declared: Readonly<Record<string, readonly [declaration: string, asked: string]>> = {
      'an array of its own size': ['int a[sizeof(a)];', 'sizeof(a)'],
      'arrays of the size of the next one': ['int a[sizeof(b)]; int b[sizeof(c)]; int c[sizeof(a)];', 'sizeof(c)'],
      'a variable of its own type': ['typeof(a) a;', 'sizeof(a)'],
      'variables of the type of the other one': ['typeof(b) a; typeof(a) b;', 'sizeof(a)'],
      'a function of its own type': ['typeof(g()) g(void) { return 0; }', 'sizeof(g())'],
      'a member of its own size': ['struct s { char a[sizeof(((struct s *)0)->a)]; };', 'sizeof(struct s)'],
      'a member of the size of its struct': ['struct s { char a[sizeof(struct s)]; };', 'sizeof(struct s)'],
      'an alignment of the size of the struct': ['struct s { int a; } __aligned(sizeof(struct s));', 'sizeof(struct s)'],
      'a bit field as wide as it says': ['struct s { int x : h->x; } *h;', 'h->x'],
      'a bit field of a struct with an #if': ['struct s {\n#ifdef A\nint y;\n#endif\nint x : h->x; } *h;', 'sizeof(*h) + h->x'],
      'structs as large as the other one': [
        'struct s { char a[sizeof(struct t)]; }; struct t { char a[sizeof(struct s)]; };',
        'sizeof(struct t)',
      ],
    };
    for (const [name, [declaration, asked]] of Object.entries(declared)) {
      test(name, () => {
        const call = `p = kmalloc(${asked}, GFP_KERNEL);`;
        assertNeighbour(analysed(`${declaration}\n${within(call)}`));
        assertNeighbour(analysed(within(`${declaration}\n${call}`)));
        assertNeighbour(analysed(`#include <linux/a.h>\n${within(call)}`, { 'include/linux/a.h': `${declaration}\n` }));
      });
    }
  });

  describe('a long row of declarations, each of which asks for the one before it', () => {
    const rows: Readonly<Record<string, readonly [first: string, next: (now: string, before: string) => string, asked: string]>> = {
      arrays: ['int a0[1];', (now, before) => `int ${now}[sizeof(${before})];`, 'sizeof(LAST)'],
      'arrays that ask twice': ['int a0[1];', (now, before) => `int ${now}[sizeof(${before}) + sizeof(${before})];`, 'sizeof(LAST)'],
      types: ['int a0;', (now, before) => `typeof(${before}) ${now};`, 'sizeof(LAST)'],
      typedefs: ['typedef int a0;', (now, before) => `typedef ${before} ${now};`, 'sizeof(LAST)'],
      members: ['struct a0 { int x; };', (now, before) => `struct ${now} { char x[sizeof(struct ${before})]; };`, 'sizeof(struct LAST)'],
    };
    for (const [name, [first, next, asked]] of Object.entries(rows)) {
      test(name, () => {
        const row = `${first}\n${list(LONG, (index) => next(`a${index + 1}`, `a${index}`))}`;
        const call = `p = kmalloc(${asked.replace('LAST', `a${LONG}`)}, GFP_KERNEL);`;
        assertNeighbour(analysed(`${row}\n${within(call)}`));
        assertNeighbour(analysed(within(`${row}\n${call}`)));
        assertNeighbour(analysed(`#include <linux/a.h>\n${within(call)}`, { 'include/linux/a.h': `${row}\n` }));
      });
    }
  });

  test('a member that stands behind another in an anonymous struct keeps its offset', () => {
    const { facts } = analysed(
      `struct w { u32 a; struct { u32 b; union { u32 c; u64 d; }; }; };\n${within('p = kmalloc(offsetof(struct w, d), GFP_KERNEL);')}`,
    );
    assert.deepEqual(facts.functions[0]?.calls[0]?.size?.bytes, { min: 16, max: 16 });
  });

  test('macros that double 64 times, call themselves, or go in a circle', () => {
    const sums = list(64, (index) => `#define A${index + 1} (A${index} + A${index})\n#define M${index + 1} (M${index} | M${index})`);
    const calls = list(
      40,
      (index) => `#define F${index + 1}(x) F${index}(F${index}(x))\n#define L${index + 1}(x) do { L${index}(x); L${index}(x); } while (0)`,
    );
    const circle = '#define S S\n#define B C\n#define C B\n#define G(x) G(G(x))\n';
    const base = '#define A0 1\n#define M0 GFP_KERNEL\n#define F0(x) ((x) + (x))\n#define L0(x) spin_lock(x)\n';
    const uses = ['kmalloc(A64, M64)', 'kmalloc(F40(1), GFP_KERNEL)', 'kmalloc(S + B + G(1), S | B)'];
    assertNeighbour(
      analysed(`${sums}\n${calls}\n${circle}${base}${within(`L40(&p->lock);\n${uses.map((use) => `p = ${use};`).join('\n')}`)}`),
    );
  });

  test('headers that include each other', () => {
    const headers = {
      'include/linux/a.h': '#include <linux/b.h>\n#include "a.h"\nstruct s { struct t t; };\n',
      'include/linux/b.h': '#include <linux/a.h>\nstruct t { u64 x; struct s *s; };\n',
    };
    assertNeighbour(
      analysed(`#include <linux/a.h>\n#include "../../drivers/a.c"\n${within('p = kmalloc(sizeof(struct s), GFP_KERNEL);')}`, headers),
    );
  });

  test('headers of which each includes the next one twice', () => {
    const headers = Object.fromEntries(
      Array.from({ length: 64 }, (_, index) => [`include/linux/h${index}.h`, `#include <linux/h${index + 1}.h>\n`.repeat(2)]),
    );
    assertNeighbour(analysed(`#include <linux/h0.h>\n${within('p = kmalloc(sizeof(struct s), GFP_KERNEL);')}`, headers));
  });
});
