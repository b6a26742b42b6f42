import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loadModel, parseRelease, sampledReleases, whyUnknown } from '../../../server/src/kernel/index';

const of = (release: string) => loadModel({ release: parseRelease(release)! }).flags;

test('composites expand to flags', () => {
  const flags = of('6.12');
  const bits = (...names: string[]) => names.reduce((all, name) => all | flags.bits(name)!, 0);
  assert.equal(flags.bits('GFP_KERNEL'), bits('__GFP_IO', '__GFP_FS', '__GFP_DIRECT_RECLAIM', '__GFP_KSWAPD_RECLAIM'));
  assert.equal(flags.bits('GFP_ATOMIC'), bits('__GFP_HIGH', '__GFP_KSWAPD_RECLAIM'));
  assert.equal(flags.bits('GFP_TRANSHUGE_LIGHT')! & flags.bits('__GFP_RECLAIM')!, 0);
  assert.equal(flags.bits('GFP_ZONEMASK'), bits('__GFP_DMA', '__GFP_HIGHMEM', '__GFP_DMA32', '__GFP_MOVABLE'));
  assert.equal(flags.bits('GFP_PGTABLE_USER'), bits('GFP_KERNEL', '__GFP_ZERO', '__GFP_ACCOUNT'));
  assert.equal(flags.bits('GFP_NONSENSE'), undefined);
  assert.equal(of('6.1').bits('GFP_ATOMIC')! & of('6.1').bits('__GFP_ATOMIC')!, of('6.1').bits('__GFP_ATOMIC'));
  assert.equal(of('6.6').bits('GFP_NOWAIT'), of('6.6').bits('__GFP_KSWAPD_RECLAIM'));
});

test('printing puts composites first and names every flag', () => {
  const flags = of('6.12');
  assert.equal(flags.print(flags.bits('GFP_KERNEL')! | flags.bits('__GFP_NOWARN')!), 'GFP_KERNEL|__GFP_NOWARN');
  assert.equal(flags.print(flags.bits('GFP_HIGHUSER_MOVABLE')!), 'GFP_HIGHUSER_MOVABLE');
  assert.equal(flags.print(flags.bits('__GFP_NOLOCKDEP')!), '__GFP_NOLOCKDEP');
  assert.equal(flags.print(0), '0');
  assert.deepEqual(
    flags.composites.slice(0, 3).map((composite) => composite.name),
    ['GFP_TRANSHUGE', 'GFP_TRANSHUGE_LIGHT', 'GFP_HIGHUSER_MOVABLE'],
  );
});

test('raw names', () => {
  assert.equal(of('6.12').rawName('___GFP_FS'), '__GFP_FS');
  assert.equal(of('6.12').rawName('___GFP_ATOMIC'), undefined);
  assert.equal(of('6.12').rawName('__GFP_FS'), undefined);
  for (const [name, plain] of [
    ['___GFP_FS', '__GFP_FS'],
    ['__GFP_FS', '__GFP_FS'],
    ['GFP_KERNEL', 'GFP_KERNEL'],
    ['___GFP_ATOMIC', '___GFP_ATOMIC'],
  ] as const)
    assert.equal(of('6.12').plainName(name), plain);
});

test('names of other releases say when they went or came, and what to write', () => {
  const atomic = of('6.3').absent('__GFP_ATOMIC');
  assert.deepEqual([atomic?.kind, atomic?.release, atomic?.successor], ['removed', '6.3', '__GFP_HIGH']);
  assert.equal(of('6.2').absent('__GFP_ATOMIC'), undefined);
  assert.deepEqual(of('4.19').absent('__GFP_REPEAT')?.successor, '__GFP_RETRY_MAYFAIL');
  const wait = of('6.1').absent('__GFP_WAIT');
  assert.deepEqual([wait?.release, wait?.successor, wait?.equivalent], ['4.4', '__GFP_RECLAIM', true]);
  assert.deepEqual(
    [of('4.9').absent('__GFP_RETRY_MAYFAIL')?.kind, of('4.9').absent('__GFP_RETRY_MAYFAIL')?.successor],
    ['newer', '__GFP_REPEAT'],
  );
  assert.equal(of('6.1').absent('GFP_NONSENSE'), undefined);
});

test('every name that some release has and another has not is explained where it is missing', () => {
  const names = new Set(sampledReleases.flatMap((release) => loadModel({ release }).flags.names));
  for (const release of sampledReleases) {
    const { flags } = loadModel({ release });
    for (const name of names) {
      if (flags.bits(name) !== undefined) continue;
      const absent = flags.absent(name);
      assert.ok(absent, `${name} on ${release.major}.${release.minor}`);
      for (const word of absent.successor?.match(/\w*GFP_\w+/g) ?? []) {
        assert.notEqual(flags.bits(word), undefined, `${name} on ${release.major}.${release.minor}: ${word} does not exist there`);
      }
    }
  }
});

test('suggestions', () => {
  assert.equal(of('6.12').suggest('GFP_KERNAL'), 'GFP_KERNEL');
  assert.equal(of('6.12').suggest('_GFP_ZERO'), '__GFP_ZERO');
  assert.equal(of('6.12').suggest('__GFP_KERNEL'), 'GFP_KERNEL');
  assert.equal(of('6.12').suggest('completely_else'), undefined);
  // One letter of four may be wrong, two may not.
  assert.deepEqual([of('6.12').suggest('__GFP_ZERU'), of('6.12').suggest('__GFP_ZEXX')], ['__GFP_ZERO', undefined]);
  // Of two names with the same letters the one with as many underscores.
  assert.deepEqual([of('6.12').suggest('GFP_DMAA'), of('6.12').suggest('__GFP_DMAA')], ['GFP_DMA', '__GFP_DMA']);
});

test('every flag and composite of every release is described', () => {
  for (const release of sampledReleases) {
    const { flags } = loadModel({ release });
    for (const name of flags.names) assert.ok(flags.describe(name), name);
    for (const { name } of flags.composites) assert.ok(flags.describe(name), name);
  }
});

test('releases that the tables know, and why another one is not known', () => {
  assert.deepEqual([sampledReleases[0], sampledReleases.every(({ patch }) => patch === undefined)], [parseRelease('4.4'), true]);
  const why = (release: string) => whyUnknown(parseRelease(release)!);
  assert.deepEqual(
    [why('4.3'), why('4.21'), why('6.20'), why('4.20'), why('6.12')],
    [
      'the oldest release that is known is 4.4',
      'the last release before 5.0 was 4.20',
      'the last release before 7.0 was 6.19',
      undefined,
      undefined,
    ],
  );
  assert.match(why('9.0')!, /^the newest release that is known is 7\.\d+$/);
});
