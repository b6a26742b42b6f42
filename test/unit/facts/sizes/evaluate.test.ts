import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { exactly, isHeld, MODEL, probe, UNBOUNDED, valueIn, valueOfText } from './support';

describe('constants', () => {
  const cases: readonly (readonly [string, number])[] = [
    ['42', 42],
    ['0x10UL', 16],
    ['010', 8],
    ['0b101', 5],
    ["'A'", 65],
    ["'\\n'", 10],
    ['(1 << 16) | 3', 65539],
    ['7 / 2 + 9 % 4', 4],
    ['(100 - 1) & ~7', 96],
    ['1 ? 5 : 9', 5],
    ['0 ? 5 : 9', 9],
    ['PAGE_SIZE', 4096],
    ['1 << PAGE_SHIFT', 4096],
    ['SZ_64K', 65536],
    ['4 * SZ_1M', 4194304],
    ['BIT(5)', 32],
    ['PATH_MAX + 1', 4097],
    ['round_up(5000, PAGE_SIZE)', 8192],
    ['ALIGN(33, 32)', 64],
    ['PAGE_ALIGN(1)', 4096],
    ['DIV_ROUND_UP(10, 4)', 3],
    ['BITS_TO_LONGS(65)', 2],
    ['array_size(10, sizeof(u32))', 40],
    ['array3_size(2, 3, 4)', 24],
    ['size_add(1, size_mul(2, 3))', 7],
    ['min(3, 5) + max(3, 5)', 8],
    ['min_t(size_t, 70000, SZ_64K)', 65536],
    ['clamp(500, 1, 100)', 100],
    ['get_order(SZ_64K)', 4],
    ['get_order(4097)', 1],
    ['ilog2(4096)', 12],
    ['roundup_pow_of_two(33)', 64],
    ['(u8)5', 5],
    ['1024 * 1024 * 1024', 1073741824],
  ];
  for (const [expression, expected] of cases) {
    it(expression, () => assert.deepEqual(valueOfText(expression), exactly(expected)));
  }

  it('gives up beyond 2^53 instead of rounding', () => {
    assert.equal(valueOfText('0x7fffffffffffffff').max, undefined);
    assert.equal(valueOfText('SZ_1G * SZ_1G').max, undefined);
  });

  it('takes the page size from the model', () => {
    const large = { ...MODEL, limits: { ...MODEL.limits, pageSize: 65536 } };
    assert.deepEqual(probe('void f(void) { probe(PAGE_SIZE); }', large).interval, exactly(65536));
  });
});

describe('names of the file', () => {
  it('follows object-like and function-like macros', () => {
    const macros = '#define COUNT 12\n#define BYTES(n) ((n) * COUNT)\n';
    assert.deepEqual(valueOfText('BYTES(4)', macros), exactly(48));
  });

  it('counts enumerators', () => {
    const list = 'enum { FIRST, SECOND = 10, THIRD, COUNT };';
    assert.deepEqual(valueOfText('FIRST', list), exactly(0));
    assert.deepEqual(valueOfText('COUNT', list), exactly(12));
  });

  it('does not loop on a macro or enumerator that is defined by itself', () => {
    assert.deepEqual(valueOfText('LOOP', '#define LOOP (LOOP + 1)\n').max, undefined);
    assert.deepEqual(valueOfText('A', 'enum { A = A };').max, undefined);
  });

  it('knows the length of arrays', () => {
    assert.deepEqual(valueOfText('ARRAY_SIZE(table)', 'static int table[7];'), exactly(7));
    assert.deepEqual(valueOfText('ARRAY_SIZE(table)', 'static int table[] = { 1, 2, 3 };'), exactly(3));
    assert.deepEqual(valueOfText('ARRAY_SIZE(table)', 'static int table[] = { [9] = 1 };'), { min: 0, max: 2 ** 20 });
  });
});

describe('variables', () => {
  it('knows nothing of an int parameter and the range of a u8', () => {
    assert.deepEqual(valueIn('probe(n);', 'int n'), UNBOUNDED);
    assert.deepEqual(valueIn('probe(n * 4);', 'u8 n'), { min: 0, max: 1020 });
  });

  it('bounds members by their type and bit width', () => {
    const record = 'struct q { u16 len; unsigned int depth : 4; };';
    assert.deepEqual(valueIn('probe(q->len);', 'struct q *q', record), { min: 0, max: 65535 });
    assert.deepEqual(valueIn('probe(q->depth);', 'struct q *q', record), { min: 0, max: 15 });
  });

  it('prefers what the environment says', () => {
    const text = 'void f(int n) { probe(n + 1); }';
    assert.deepEqual(probe(text, MODEL, (name) => (name === 'n' ? { min: 3, max: 9 } : undefined)).interval, { min: 4, max: 10 });
  });

  it('follows plain assignments', () => {
    assert.deepEqual(valueIn('size_t n = 4096; probe(n * 2);'), exactly(8192));
    assert.deepEqual(valueIn('size_t n; n = 10; probe(n);'), exactly(10));
    assert.deepEqual(valueIn('int n; if (a) n = 10; else n = 20; probe(n);', 'int a'), { min: 10, max: 20 });
  });

  it('does not trust a variable that is written through its address, counted down or set by a macro', () => {
    assert.equal(valueIn('int n = 1; get(&n); probe(n);').max, undefined);
    assert.equal(valueIn('int n = 1; n--; probe(n);').max, undefined);
    assert.equal(valueIn('int n = 1; get_user(n, p); probe(n);', 'int *p').max, undefined);
  });

  it('counts what is added outside of loops, each time once', () => {
    assert.deepEqual(valueIn('int n = 1; if (a) n++; if (b) ++n; n += 3; probe(n);', 'int a, int b'), { min: 1, max: 6 });
    assert.deepEqual(valueIn('int n; n = a ? 2 : 4; n++; if (a) goto out; probe(n); out: return 0;', 'int a'), { min: 2, max: 5 });
  });

  it('does not count what may be added again or is not known', () => {
    const most = (body: string) => valueIn(body, 'int a').max;
    assert.equal(most('int n = 0; while (next()) n++; probe(n);'), undefined);
    assert.equal(most('int n = 0; list_for_each_entry(r, l, node) { n += 2; } probe(n);'), undefined);
    assert.equal(most('int n = 0; again: n++; if (a) goto again; probe(n);'), undefined);
    assert.equal(most('int n = 0; n++; n -= a; probe(n);'), undefined);
    assert.equal(most('int n = 0; n++; get(&n); probe(n);'), undefined);
    assert.equal(most('int n = 0; n++; get_user(n, p); probe(n);'), undefined);
    assert.equal(most('int n = 0; n += a; probe(n);'), undefined);
    assert.equal(most('int n; n++; probe(n);'), undefined);
    assert.equal(most('static int n = 0; n++; probe(n);'), undefined);
  });

  it('does not take one assignment for all values of a global variable', () => {
    assert.equal(
      valueIn('limit = 4; probe(limit + other);', 'void', 'static int limit, other; static void set(int n) { limit = n; other = n; }').max,
      undefined,
    );
    assert.equal(valueIn('if (strict) limit = 4; probe(limit);', 'int strict', 'static int limit;').max, undefined);
  });

  it('takes a difference that may wrap as unknown', () => {
    assert.deepEqual(valueIn('probe(64 - n);', 'u8 n'), UNBOUNDED);
    assert.deepEqual(valueOfText('100000 + -99999'), UNBOUNDED);
  });
});

describe('tests before the place', () => {
  const bounded = (body: string, parameters = 'size_t len') => valueIn(body, parameters).max;

  it('reads a test that leaves the function', () => {
    assert.equal(bounded('if (len > 512) return -1; probe(len);'), 512);
    assert.equal(bounded('if (len >= 512) { pr_err("x"); return -1; } probe(len);'), 511);
    assert.equal(bounded('if (!len || len > PAGE_SIZE) goto out; probe(len); out: return 0;'), 4096);
    assert.equal(bounded('if (512 < len) return -1; probe(len);'), 512);
    assert.equal(bounded('if (unlikely(len > 512)) return -1; probe(len);'), 512);
  });

  it('reads the test around the place', () => {
    assert.equal(bounded('if (len <= 64) probe(len);'), 64);
    assert.equal(bounded('if (len > 64) return 1; else probe(len);'), 64);
    assert.equal(bounded('if (a && len < 64) { probe(len); }', 'size_t len, int a'), 63);
  });

  it('reads clamps', () => {
    assert.equal(bounded('if (len > 64) len = 64; probe(len);'), 64);
    assert.equal(bounded('len = min_t(size_t, len, 64); probe(len);'), 64);
    assert.equal(bounded('len &= 0xff; probe(len);'), 255);
    assert.equal(bounded('len &= _ULCAST_(0xffff) << 0; probe(len);'), 65535);
    assert.equal(bounded('len %= 10; probe(len);'), 9);
    assert.equal(bounded('len |= 0xff; probe(len);'), undefined);
    assert.equal(bounded('len &= mask; probe(len);', 'size_t len, size_t mask'), undefined);
  });

  it('reads tests of members', () => {
    assert.equal(valueIn('if (r->len > 100) return -1; probe(r->len + 1);', 'struct req *r').max, 101);
  });

  it('does not believe a test that does not hold at the place', () => {
    assert.equal(bounded('if (len > 512) pr_err("long"); probe(len);'), undefined);
    assert.equal(bounded('if (len > 512 && strict) return -1; probe(len);', 'size_t len, int strict'), undefined);
    assert.equal(bounded('if (len > 512) return -1; len = read_length(); probe(len);'), undefined);
    assert.equal(bounded('if (len > 512) return -1; len += 4096; probe(len);'), undefined);
    assert.equal(bounded('if (len > 512) return -1; again: probe(len); len *= 2; goto again;'), undefined);
    assert.equal(bounded('if (len > 512) return -1; while (more()) { probe(len); len *= 2; }'), undefined);
    assert.equal(bounded('if (len < 512) return -1; probe(len);'), undefined);
  });
});

describe('bounds that hold after a check', () => {
  const cases: readonly (readonly [string, string, number])[] = [
    ['a chain of tests that leave', 'if (!n)\nreturn 0;\nelse if (n > 8)\nreturn -1;\nprobe(n);', 8],
    ['BUG_ON()', 'BUG_ON(n > 64);\nprobe(n);', 64],
    ['min_t() of a wider value', 'n = min_t(u8, n, 64);\nprobe(n);', 64],
  ];
  for (const [name, body, max] of cases) {
    it(name, () => assert.equal(valueIn(body, 'unsigned int n').max, max));
  }
});

describe('results of functions that are bounded whatever they are given', () => {
  const cases: readonly (readonly [string, number])[] = [
    ['num_possible_nodes()', 1024],
    ['cpumask_weight(mask)', 8192],
    ['nla_len(attr)', 65531],
    ['nla_get_u8(attr)', 255],
    ['readw(base)', 65535],
    ['hweight32(bits)', 32],
    ['FIELD_GET(GENMASK(7, 4), value)', 15],
    ['min_not_zero(value, 10)', 10],
  ];
  for (const [expression, max] of cases) {
    it(expression, () => assert.equal(valueOfText(expression).max, max));
  }
});

describe('limits whose value does not matter', () => {
  /** Whether tests hold the argument of probe() below a limit that is a quotient, or below any that is spelled in small letters. */
  const held = (body: string, counts: (limit: string) => boolean) => isHeld(`int f(size_t n, struct ring *r)\n{\n${body}\n}\n`, counts);
  const byQuotient = (body: string) => held(body, (limit) => limit.includes('/'));
  const bySomething = (body: string) => held(body, (limit) => limit === '' || /[a-z]/.test(limit));

  it('are found in tests and clamps', () => {
    assert.ok(byQuotient('if (n > SIZE_MAX / sizeof(*r)) return -1; probe(n);'));
    assert.ok(bySomething('if (n > r->most) return -1; probe(n);'));
    assert.ok(bySomething('n = min(n, r->most); probe(n);'));
    assert.ok(bySomething('if (r->count >= limit(r)) return -1; probe(r->count + 1);'));
    assert.ok(bySomething('if (n > r->most) return -1; n = roundup_pow_of_two(n); probe(n);'));
    assert.ok(bySomething('size_t copy = (u32)n; if (copy > r->most) return -1; probe(copy);'));
  });

  it('are not those of other tests', () => {
    assert.ok(!byQuotient('if (n > r->most) return -1; probe(n);'));
    assert.ok(!byQuotient('probe(4);'));
    assert.ok(!bySomething('if (n != r->most) return -1; probe(n);'));
    assert.ok(!bySomething('if (n < r->least) return -1; probe(n);'));
    assert.ok(!bySomething('if (n > r->most) pr_err("much"); probe(n);'));
    assert.ok(!bySomething('if (n > r->most) return -1; n = read_length(); probe(n);'));
    assert.ok(!bySomething('if (n > r->most) return -1; probe(n + r->count);'));
    assert.ok(!bySomething('if (n > MOST) return -1; probe(n);'));
    assert.ok(!bySomething('probe(*r);'));
  });
});
