import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { exactly, probe, valueIn, valueOfText } from './support';

describe('basic types', () => {
  const cases: readonly (readonly [string, number])[] = [
    ['char', 1],
    ['unsigned short', 2],
    ['int', 4],
    ['unsigned', 4],
    ['long', 8],
    ['unsigned long long', 8],
    ['void *', 8],
    ['struct anything *', 8],
    ['__le32', 4],
    ['size_t', 8],
    ['dma_addr_t', 8],
    ['atomic_t', 4],
    ['struct list_head', 16],
    ['unsigned char[6]', 6],
  ];
  for (const [type, size] of cases) it(type, () => assert.deepEqual(valueOfText(`sizeof(${type})`), exactly(size)));
});

describe('layout', () => {
  const sizeOf = (body: string, after = '') => valueOfText('sizeof(struct s)', `struct s { ${body} } ${after};`);

  it('pads members and the end', () => {
    assert.deepEqual(sizeOf('u8 a; u32 b; u8 c;'), exactly(12));
    assert.deepEqual(sizeOf('u8 a; u64 b;'), exactly(16));
    assert.deepEqual(sizeOf('void *p; int n;'), exactly(16));
  });

  it('honours packed and aligned', () => {
    assert.deepEqual(sizeOf('u8 a; u32 b;', '__packed'), exactly(5));
    assert.deepEqual(sizeOf('u8 a; u32 b;', '__attribute__((packed))'), exactly(5));
    assert.deepEqual(sizeOf('u8 a; u32 b __packed; u16 c;', ''), exactly(8));
    assert.deepEqual(sizeOf('u8 a;', '__aligned(64)'), exactly(64));
  });

  it('lays out arrays, nested and anonymous records, unions and enums', () => {
    assert.deepEqual(sizeOf('u16 a[3][2];'), exactly(12));
    assert.deepEqual(sizeOf('struct { u32 x; u8 y; } in[2];'), exactly(16));
    assert.deepEqual(sizeOf('union { u64 l; u8 b[12]; }; u8 t;'), exactly(24));
    assert.deepEqual(sizeOf('enum kind { A, B } kind; u8 flag;'), exactly(8));
    assert.deepEqual(sizeOf('int (*open)(void); int (*ops[4])(int);'), exactly(40));
  });

  it('packs bit fields into units of their type', () => {
    assert.deepEqual(sizeOf('unsigned int a : 1; unsigned int b : 31;'), exactly(4));
    assert.deepEqual(sizeOf('unsigned int a : 20; unsigned int b : 20;'), exactly(8));
    assert.deepEqual(sizeOf('u8 a; u8 b : 4; u8 c : 4; u8 d;'), exactly(3));
    assert.deepEqual(sizeOf('u32 a : 3; u32 : 0; u32 b : 3;'), exactly(8));
  });

  it('takes no alignment from unnamed bit fields', () => {
    assert.deepEqual(sizeOf('char a; int : 0; char b;'), exactly(5));
    assert.deepEqual(sizeOf('char a; unsigned short : 0; unsigned int : 0; unsigned char b; unsigned short : 0;'), exactly(6));
  });

  it('leaves flexible arrays out and knows bitmaps', () => {
    assert.deepEqual(sizeOf('u32 n; u8 data[];'), exactly(4));
    assert.deepEqual(sizeOf('DECLARE_BITMAP(map, 100); u8 x;'), exactly(24));
  });

  it('keeps what the known members prove when one is unknown', () => {
    assert.deepEqual(sizeOf('struct elsewhere e; u8 data[1000];'), { min: 1000, max: undefined });
    assert.deepEqual(sizeOf('spinlock_t lock; u64 n;').min, 8);
  });

  it('does not count members that a configuration may leave out', () => {
    assert.deepEqual(sizeOf('u32 a;\n#ifdef CONFIG_X\nu8 big[100];\n#endif\nu32 b;'), { min: 8, max: 108 });
  });

  it('takes one of the branches of an #if with an #else, not both and not none', () => {
    const alternatives = 'u32 a;\n#ifdef CONFIG_X\nu8 big[100];\n#else\nu8 huge[1000];\n#endif\n';
    assert.deepEqual(sizeOf(alternatives), { min: 104, max: 1004 });
    assert.deepEqual(valueOfText('sizeof(union s)', `union s { ${alternatives} };`), { min: 100, max: 1000 });
  });

  it('reads member groups as the struct they make', () => {
    assert.deepEqual(sizeOf('u8 a;\nstruct_group(pair, u32 b; u32 c;);\nu8 d;'), exactly(16));
  });

  it('gives up on a directive in the middle of a member', () => {
    assert.equal(sizeOf('u32 a;\nu8 b[\n#ifdef CONFIG_X\n4\n#else\n8\n#endif\n];').max, undefined);
  });

  it('ends on a record that holds itself', () => {
    assert.equal(sizeOf('struct s inner;').max, undefined);
  });
});

describe('sizeof expressions', () => {
  const record =
    'struct item { u32 id; u8 name[28]; }; struct list { struct item *items; struct item first; u16 count; struct item tail[]; };';

  it('follows pointers, members and elements', () => {
    const of = (expression: string) => valueIn(`probe(sizeof(${expression}));`, 'struct list *l, struct item **v', record);
    assert.deepEqual(of('*l'), exactly(48));
    assert.deepEqual(of('l->items'), exactly(8));
    assert.deepEqual(of('*l->items'), exactly(32));
    assert.deepEqual(of('l->items[0]'), exactly(32));
    assert.deepEqual(of('l->first.name'), exactly(28));
    assert.deepEqual(of('**v'), exactly(32));
    assert.deepEqual(of('&l->first'), exactly(8));
    assert.deepEqual(of('(*v)->id'), exactly(4));
  });

  it('computes struct_size and says where the numbers come from', () => {
    const text = `${record}\nint f(struct list *l) { probe(struct_size(l, tail, 10)); }`;
    assert.deepEqual(probe(text).interval, exactly(48 + 320));
    assert.match(probe(`${record}\nint f(struct list *l) { probe(3 * sizeof(*l)); }`).reason, /sizeof\(struct list\) = 48/);
  });

  it('follows typedefs, typeof and the result of a function', () => {
    assert.deepEqual(valueOfText('sizeof(item_t)', `${record} typedef struct item item_t;`), exactly(32));
    assert.deepEqual(valueIn('typeof(*l) copy; probe(sizeof(copy));', 'struct list *l', record), exactly(48));
    assert.deepEqual(valueOfText('sizeof(*get())', `${record} static struct item *get(void) { return 0; }`), exactly(32));
  });

  it('sees the innermost variable of a name', () => {
    assert.deepEqual(valueIn('u8 *p; { u64 *p; probe(sizeof(*p)); }'), exactly(8));
  });
});
