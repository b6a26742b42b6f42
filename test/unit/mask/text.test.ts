import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { configOf, loadModel } from '../../../server/src/kernel/index';
import type { ParsedMask } from '../../../server/src/mask/index';
import { exactly, explainMaskText, maskOfNames, parseMaskText, printMask, UNKNOWN } from '../../../server/src/mask/index';

const model = loadModel({ release: { major: 6, minor: 12, patch: undefined } });
const older = loadModel({ release: { major: 6, minor: 1, patch: 192 } });
const bits = (...names: string[]) => maskOfNames(model, names).set;

function parsed(text: string, of = model): ParsedMask {
  const result = parseMaskText(of, text);
  if ('error' in result) assert.fail(result.error);
  return result;
}

function problem(text: string, of = model): string {
  const result = parseMaskText(of, text);
  return 'error' in result ? result.error : assert.fail(`${text} was read as ${of.flags.print(result.bits)}`);
}

test('expressions of names', () => {
  assert.equal(parsed('GFP_KERNEL').bits, bits('GFP_KERNEL'));
  assert.equal(parsed(' GFP_KERNEL | __GFP_NOWARN ').bits, bits('GFP_KERNEL', '__GFP_NOWARN'));
  assert.equal(parsed('GFP_KERNEL & ~__GFP_FS').bits, bits('GFP_NOFS'));
  assert.equal(parsed('(GFP_KERNEL & ~(__GFP_FS | __GFP_IO)) | ___GFP_ZERO').bits, bits('GFP_NOIO', '__GFP_ZERO'));
  assert.equal(parsed('(__force gfp_t)GFP_ATOMIC').bits, bits('GFP_ATOMIC'));
  assert.equal(parsed('~0 & GFP_KERNEL').bits, bits('GFP_KERNEL'));
  assert.equal(parsed('GFP_KERNEL|0x2000u').bits, bits('GFP_KERNEL', '__GFP_NOWARN'));
});

test('numbers are read with the numbering of the release', () => {
  assert.deepEqual([parsed('0xcc0').bits, parsed('3264').bits, parsed('0').bits], [bits('GFP_KERNEL'), bits('GFP_KERNEL'), 0]);
  assert.equal(older.flags.print(parsed('0xa20', older).bits), 'GFP_ATOMIC');
  const foreign = parsed('0xa20');
  assert.equal(model.flags.print(foreign.bits), 'GFP_ATOMIC');
  assert.equal(foreign.unknownBits, 0x200);
});

test('log fragments', () => {
  const line =
    'kworker/0:1: page allocation failure: order:3, mode:0x40820(GFP_ATOMIC|__GFP_COMP), nodemask=(null),cpuset=/,mems_allowed=0';
  const { text, bits: mask, order, printed } = parsed(line);
  assert.deepEqual(
    { text, mask, order, printed },
    { text: '0x40820', mask: bits('GFP_ATOMIC', '__GFP_COMP'), order: 3, printed: 'GFP_ATOMIC|__GFP_COMP' },
  );
  assert.equal(parsed('x invoked oom-killer: gfp_mask=0x140cca(GFP_HIGHUSER_MOVABLE|__GFP_COMP), order=0, oom_score_adj=0').order, 0);
  assert.equal(parsed('0xcc0(GFP_KERNEL)').bits, bits('GFP_KERNEL'));
  assert.equal(parsed('kmalloc: call_site=x bytes_req=8 gfp_flags=GFP_KERNEL|__GFP_ZERO').bits, bits('GFP_KERNEL', '__GFP_ZERO'));
});

test('a number whose meaning the configuration decides has readings, and the names beside it choose one', () => {
  const open = parsed('0x1000cc0');
  assert.deepEqual(
    open.readings.map((reading) => reading.flags?.at(-1)),
    ['__GFP_NO_OBJ_EXT', '__GFP_SKIP_ZERO', '__GFP_NOLOCKDEP'],
  );
  const newer = loadModel({ release: { major: 6, minor: 18, patch: undefined } });
  const decided = parsed('0x1000cc0(GFP_KERNEL|__GFP_NOLOCKDEP)', newer);
  assert.equal(decided.readings.length, 1);
  assert.equal(newer.flags.print(decided.bits), 'GFP_KERNEL|__GFP_NOLOCKDEP');
  const known = loadModel({ release: newer.release, config: configOf({ CONFIG_LOCKDEP: true }) });
  assert.equal(known.flags.print(parsed('0x1000cc0', known).bits), 'GFP_KERNEL|__GFP_NOLOCKDEP');
  assert.deepEqual(
    parsed('GFP_KERNEL|__GFP_NOLOCKDEP').readings.map((reading) => reading.hex),
    ['0xcc0', '0x1000cc0', '0x4000cc0'],
  );
});

test('numbers and names may be mixed: bits without a name are kept, the largest number is read, a larger one is not', () => {
  const asked = (mask: string) => {
    const answer = explainMaskText(model, { mask });
    return 'error' in answer ? answer.error : [answer.hex, answer.canonical, answer.unknownBits];
  };
  assert.deepEqual(asked('GFP_KERNEL|0x200'), ['0xec0', 'GFP_KERNEL|0x200', '0x200']);
  assert.deepEqual(asked('GFP_KERNEL|0x80000000'), ['0x80000cc0', 'GFP_KERNEL|0x80000000', '0x80000000']);
  assert.deepEqual(asked('0x200|0x80000000'), ['0x80000200', '0x80000200', '0x80000200']);
  assert.equal(asked('GFP_KERNEL|0xffffffff')[0], '0xffffffff');
  assert.equal(asked('GFP_KERNEL|0x100000000'), 'a mask has 32 bits');
  assert.equal(parsed('0xffffffff').number, 0xffffffff);
  // A question in names has a number only when it has bits that no name gives back.
  assert.deepEqual([parsed('GFP_KERNEL').number, parsed('GFP_KERNEL|0x200').number], [undefined, 0xec0]);
});

test('blanks, suffixes and signs of numbers', () => {
  for (const text of [' 0xcc0 ', '0XCC0', '3264u', '0xcc0UL']) assert.equal(parsed(text).bits, bits('GFP_KERNEL'), text);
  assert.equal(parsed('mode: 0xcc0 (GFP_KERNEL)').printed, 'GFP_KERNEL');
  assert.equal(parsed('gfp=GFP_NOFS order=2').order, 2);
});

test('an unknown configuration: the bits it decides have one reading each, others none', () => {
  const flags = (text: string) => parsed(text).readings.map((reading) => reading.flags?.join('|'));
  assert.deepEqual(flags('0xcc0'), []);
  assert.deepEqual(flags('0x1000000'), ['__GFP_NO_OBJ_EXT', '__GFP_SKIP_ZERO', '__GFP_NOLOCKDEP']);
  // Two open bits: only layouts that have a name for both.
  assert.deepEqual(flags('0x3000000'), ['__GFP_SKIP_ZERO|__GFP_SKIP_KASAN', '__GFP_NOLOCKDEP|__GFP_NO_OBJ_EXT']);
  // No layout has a name for the highest bit: the usual one answers.
  assert.deepEqual(flags('0x81000000'), ['__GFP_NO_OBJ_EXT']);
});

test('what cannot be read says why', () => {
  assert.match(problem('GFP_KERNAL'), /did you mean GFP_KERNEL/);
  assert.match(problem('GFP_KERNEL|__GFP_WAIT'), /removed in 4\.4.*__GFP_RECLAIM/);
  assert.match(problem('GFP_KERNEL|__GFP_SKIP_KASAN', older), /came with 6\.4/);
  assert.match(problem('GFP_KERNEL || __GFP_ZERO'), /cannot read/);
  assert.match(problem(''), /no mask/);
  assert.match(problem('0x1ffffffff'), /32 bits/);
  assert.match(problem('GFP_KERNEL | foo'), /foo/);
});

test('reading never throws', () => {
  const words = fc.constantFrom('GFP_KERNEL', '__GFP_FS', '|', '&', '~', '(', ')', '0x', '0xcc0', ' ', 'mode:', 'gfp_t', '12', '||');
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.array(words).map((parts) => parts.join('')),
      ),
      (text) => void parseMaskText(model, text),
    ),
  );
});

test('printing and reading a mask are inverse, but for flags that are 0 in the configuration', () => {
  const all = ((1 << model.flags.names.length) - 1) & ~model.numbers.preferred.absent;
  fc.assert(
    fc.property(fc.integer({ min: 0, max: all }), (mask) => {
      assert.equal(parsed(model.flags.print(mask & all)).bits & all, mask & all);
    }),
  );
});

test('partly known masks are printed with what is open', () => {
  assert.equal(printMask(model, exactly(bits('GFP_KERNEL', '__GFP_NOWARN'))), 'GFP_KERNEL|__GFP_NOWARN');
  assert.equal(printMask(model, exactly(0)), '0');
  assert.equal(printMask(model, UNKNOWN), '?');
  assert.equal(printMask(model, { set: bits('__GFP_NOWARN'), clear: 0 }), '__GFP_NOWARN|?');
  assert.equal(printMask(model, { set: 0, clear: bits('__GFP_FS') }), '? without __GFP_FS');
  const open = (...names: string[]) => printMask(model, { set: bits('GFP_KERNEL'), clear: ~bits('GFP_KERNEL', ...names) });
  assert.equal(open('__GFP_ZERO'), 'GFP_KERNEL[|__GFP_ZERO]');
  // The lowest and the highest flag are flags like others.
  const highest = model.flags.names.at(-1)!;
  assert.equal(open('__GFP_DMA', highest), `GFP_KERNEL[|__GFP_DMA][|${highest}]`);
  assert.equal(open('__GFP_HIGH', '__GFP_ZERO', '__GFP_NOWARN'), 'GFP_KERNEL[|__GFP_HIGH][|__GFP_ZERO][|__GFP_NOWARN]');
  assert.match(open('__GFP_HIGH', '__GFP_ZERO', '__GFP_NOWARN', '__GFP_COMP'), /^GFP_KERNEL\|\? without .*__GFP_MOVABLE/);
  // Bits that are no flags of this kernel are not undecided flags.
  assert.equal(
    printMask(model, { set: bits('GFP_KERNEL'), clear: (2 ** model.flags.names.length - 1) & ~bits('GFP_KERNEL') }),
    'GFP_KERNEL',
  );
});

test('a question in text is explained in one step', () => {
  const explanation = explainMaskText(model, { mask: 'mode:0x820(GFP_ATOMIC), order:2' });
  assert.ok(!('error' in explanation));
  assert.deepEqual([explanation.canonical, explanation.highatomic, explanation.hex], ['GFP_ATOMIC', true, '0x820']);
});
