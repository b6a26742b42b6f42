import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { configOf, loadModel, newestRelease, parseRelease, sampledReleases } from '../../../server/src/kernel/index';

interface Vectors {
  readonly configurations: readonly (readonly string[])[];
  readonly rows: readonly (readonly [release: string, configuration: number, mask: string, text: string])[];
}
const vectors = JSON.parse(readFileSync(path.join(__dirname, 'printVectors.json'), 'utf8')) as Vectors;

test('masks print as the kernels printed them', () => {
  const models = new Map<string, ReturnType<typeof loadModel>>();
  for (const [release, configuration, mask, text] of vectors.rows) {
    const key = `${release} ${configuration}`;
    const config = configOf(Object.fromEntries(vectors.configurations[configuration]!.map((option) => [option, true])));
    const model = models.get(key) ?? loadModel({ release: parseRelease(release)!, config });
    models.set(key, model);
    assert.equal(
      model.numbers.preferred.print(Number(mask)),
      text,
      `${mask} on ${release} with ${vectors.configurations[configuration]!.join(' ')}`,
    );
  }
});

test('every release numbers its flags without overlap, and back', () => {
  for (const release of sampledReleases) {
    const model = loadModel({ release });
    const all = model.flags.names.reduce((bits, _, index) => bits | (1 << index), 0);
    for (const layout of model.numbers.layouts) {
      let seen = 0;
      model.flags.names.forEach((name, index) => {
        const value = layout.toNumber(1 << index);
        assert.equal(value === 0, (layout.absent & (1 << index)) !== 0, name);
        assert.equal(seen & value, 0, `${name} shares a bit on ${model.label}`);
        seen |= value;
      });
      assert.equal(layout.fromNumber(layout.toNumber(all)), all & ~layout.absent);
      assert.equal(layout.unknownBits(0xffffffff), ~seen >>> 0);
    }
  }
});

test('known values of GFP_KERNEL through the renumberings', () => {
  const kernel = (release: string) => {
    const model = loadModel({ release: parseRelease(release)! });
    return model.numbers.preferred.toNumber(model.flags.bits('GFP_KERNEL')!).toString(16);
  };
  assert.deepEqual(['4.4', '4.10', '4.18', '5.0', '5.1', '6.1', '6.12', '7.3'].map(kernel), [
    '24000c0',
    '14000c0',
    '6000c0',
    '6000c0',
    'cc0',
    'cc0',
    'cc0',
    'cc0',
  ]);
});

test('from 6.9 on a bit behind an option moves with the configuration', () => {
  const release = { major: 6, minor: 12, patch: undefined };
  const nolockdep = (config: Record<string, boolean>) => {
    const model = loadModel({ release, config: configOf(config) });
    assert.equal(model.numbers.certain, true);
    return model.numbers.preferred.toNumber(model.flags.bits('__GFP_NOLOCKDEP')!);
  };
  assert.equal(nolockdep({}), 0);
  assert.equal(nolockdep({ CONFIG_LOCKDEP: true }), 0x1000000);
  assert.equal(nolockdep({ CONFIG_LOCKDEP: true, CONFIG_KASAN_HW_TAGS: true }), 0x4000000);
  const open = loadModel({ release });
  assert.equal(open.numbers.certain, false);
  assert.equal(open.numbers.layouts.length, 8);
});

test('releases: parsing, the nearest tables, the ends', () => {
  assert.deepEqual(parseRelease('6.1.192'), { major: 6, minor: 1, patch: 192 });
  assert.deepEqual(parseRelease('v6.12-rc3'), { major: 6, minor: 12, patch: undefined });
  assert.deepEqual(parseRelease('5.15.0-91-generic'), { major: 5, minor: 15, patch: 0 });
  for (const bad of ['', '6', 'six.one', '6.', '1.2.3.4.5', '6.1.1.1']) assert.equal(parseRelease(bad), undefined, bad);
  const names = (release: string) => loadModel({ release: parseRelease(release)! }).flags.names.join();
  assert.equal(names('6.7'), names('6.6'));
  assert.equal(names('5.16'), names('5.15'));
  assert.equal(names('3.2'), names('4.4'));
  assert.equal(names('9.9'), names(`${newestRelease().major}.${newestRelease().minor}`));
});

test('bits that mean the same in every configuration', () => {
  const { numbers } = loadModel({ release: parseRelease('6.12')! });
  // ___GFP_DMA is the first bit everywhere; behind __GFP_ZEROTAGS options move what follows.
  assert.equal(numbers.certain, false);
  assert.equal(numbers.settled & 0xcc1, 0xcc1);
  const [first, ...others] = numbers.layouts;
  for (let position = 0; position < 32; position++) {
    const bit = (1 << position) >>> 0;
    const same = others.every((layout) => layout.fromNumber(bit) === first!.fromNumber(bit));
    assert.equal((numbers.settled & bit) !== 0, same, `bit ${position}`);
  }
  const { numbers: known } = loadModel({
    release: parseRelease('6.12')!,
    config: configOf({ CONFIG_KASAN_HW_TAGS: true, CONFIG_LOCKDEP: true }),
  });
  assert.deepEqual([known.certain, known.settled], [true, 0xffffffff]);
});

test('options as they are written and as they are asked for', () => {
  const config = configOf({ CONFIG_A: true, CONFIG_B: false, CONFIG_C: 1, CONFIG_D: 0, CONFIG_HZ: 250, CONFIG_E: 'm' });
  assert.deepEqual(
    ['CONFIG_A', 'B', 'CONFIG_C', 'D', 'CONFIG_HZ', 'E', 'CONFIG_F'].map((name) => config.value(name)),
    ['y', 'n', 'y', 'n', '250', 'm', undefined],
  );
});
