import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { allReleases, configOf, explainMask, type KernelModel, loadModel } from '../../../server/src/kernel/index';
import { explainMaskText, parseMaskText } from '../../../server/src/mask/index';
import { explanationJson } from '../../../server/src/report/maskJson';

const OPTIONS = ['CONFIG_KASAN_HW_TAGS', 'CONFIG_LOCKDEP', 'CONFIG_SLAB_OBJ_EXT'];

/** Every release with every configuration that moves a bit. */
const models: readonly KernelModel[] = allReleases().flatMap((release) =>
  Array.from({ length: 1 << OPTIONS.length }, (_, choice) => {
    const config = configOf(Object.fromEntries(OPTIONS.map((option, index) => [option, (choice & (1 << index)) !== 0])));
    return loadModel({ release, config });
  }),
);

function bitsOf(model: KernelModel, text: string): number {
  const parsed = parseMaskText(model, text);
  return 'error' in parsed
    ? assert.fail(`${text} on ${model.label}: ${parsed.error}`)
    : model.numbers.preferred.toNumber(parsed.bits) | parsed.unknownBits;
}

test('reading what a kernel prints gives the number back, for every release and configuration', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 0xffffffff }), fc.integer({ min: 0, max: 0xffffffff }), (one, other) => {
      for (const model of models) {
        // Random numbers have too many bits: sparse ones reach the composites.
        for (const number of [one, (one & other) >>> 0]) {
          const text = model.numbers.preferred.print(number);
          if (text !== '') assert.equal(bitsOf(model, text) >>> 0, number, `${text} on ${model.label}`);
          assert.equal(bitsOf(model, `0x${number.toString(16)}`) >>> 0, number);
        }
      }
    }),
    { numRuns: 30 },
  );
});

test('the same for every composite with one more flag', () => {
  for (const model of models) {
    const { preferred } = model.numbers;
    for (const { bits } of model.flags.composites) {
      for (let bit = 0; bit < 32; bit++) {
        const number = (preferred.toNumber(bits) | (1 << bit)) >>> 0;
        assert.equal(bitsOf(model, preferred.print(number)) >>> 0, number, model.label);
      }
    }
  }
});

test('the fast JSON is what JSON.stringify() makes of the same answer', () => {
  const context = fc.subarray(['nofs', 'noio', 'pin', 'memalloc', 'softirq', 'rt', 'oom', 'noreclaim'] as const);
  const mask = fc.oneof(
    fc.integer({ min: 0, max: 0xffffffff }).map(String),
    fc.constantFrom('GFP_KERNEL', 'GFP_ATOMIC | __GFP_ZERO', '0xcc0 ', 'mode:0xcc0 "é"'),
  );
  fc.assert(
    fc.property(
      fc.nat(models.length - 1),
      mask,
      fc.nat(16),
      fc.option(fc.nat(10_000_000), { nil: undefined }),
      context,
      fc.boolean(),
      (model, text, order, size, words, path) => {
        const answer = explainMaskText(models[model]!, { mask: text, order, size, context: words, path });
        if (!('error' in answer)) assert.equal(explanationJson(answer), JSON.stringify(answer));
      },
    ),
    { numRuns: 2000 },
  );
  const open = loadModel({ release: { major: 6, minor: 12, patch: undefined } });
  const answer = explainMask(open, { input: 'a "b" é', bits: 0 });
  assert.equal(explanationJson(answer), JSON.stringify(answer));
});
