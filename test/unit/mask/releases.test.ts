import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { allReleases, formatRelease, loadModel, newestRelease, parseRelease } from '../../../server/src/kernel/index';
import { explainMaskText, likeliestRelease, parseMaskText, releasesOf } from '../../../server/src/mask/index';

const NEWEST = formatRelease(newestRelease());
const of = (release: string) => loadModel({ release: parseRelease(release)! });

test('which release a number comes from', () => {
  const first = (number: number) => {
    const { from, to, reading } = releasesOf(number)[0]!;
    return [from, to, reading];
  };
  assert.deepEqual(first(0x24000c0), ['4.4', '4.9', 'GFP_KERNEL']);
  assert.deepEqual(first(0x14000c0), ['4.10', '4.17', 'GFP_KERNEL']);
  assert.deepEqual(first(0x6000c0), ['4.18', '5.0', 'GFP_KERNEL']);
  assert.deepEqual(first(0xcc0), ['5.1', NEWEST, 'GFP_KERNEL']);
  assert.deepEqual(first(0x2084020), ['4.4', '4.9', 'GFP_ATOMIC|__GFP_COMP']);
  assert.equal(releasesOf(0x40dc0).find((range) => range.from === '5.1')?.reading, 'GFP_KERNEL|__GFP_COMP|__GFP_ZERO');
  assert.equal(releasesOf(0)[0]!.reading, 'none');
  const readings = (number: number) => releasesOf(number).map(({ from, to, unknownBits }) => `${from}-${to} ${unknownBits}`);
  // A release that has a name for every bit comes before one that has fewer names and a bit without.
  assert.deepEqual(readings(0xa20), ['5.1-6.2 0x0', '4.4-5.0 0x0', `6.3-${NEWEST} 0x200`]);
  assert.deepEqual(readings(0x80000cc0), [`5.1-${NEWEST} 0x80000000`, '4.13-5.0 0x80000000', '4.4-4.12 0x80000000']);
});

test('the ranges cover every release once, and incomplete readings come last', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 0xffffffff }), (number) => {
      const ranges = releasesOf(number);
      const names = allReleases().map(({ major, minor }) => `${major}.${minor}`);
      const covered = ranges.flatMap((range) => names.slice(names.indexOf(range.from), names.indexOf(range.to) + 1));
      assert.deepEqual([...covered].sort(), [...names].sort());
      const incomplete = ranges.map((range) => range.unknownBits !== '0x0');
      assert.ok(incomplete.lastIndexOf(false) < (incomplete.includes(true) ? incomplete.indexOf(true) : Number.POSITIVE_INFINITY));
    }),
    { numRuns: 50 },
  );
});

test('names beside the number choose the release, and a stated release that does not fit is told so', () => {
  assert.equal(likeliestRelease(0x24000c0, 'GFP_KERNEL'), '4.9');
  // Not the likeliest reading of the number alone, but the names decide; names of no kernel do not.
  const strange = '__GFP_IO|__GFP_FS|__GFP_RETRY_MAYFAIL|__GFP_NOFAIL';
  assert.deepEqual(
    [undefined, strange, 'GFP_NONSENSE'].map((printed) => likeliestRelease(0xcc0, printed)),
    [NEWEST, '5.0', NEWEST],
  );
  // The newest of several ranges that print it so, and of a number that means something in no release, the last without fewer names.
  assert.equal(likeliestRelease(0x1000cc0, 'GFP_KERNEL|__GFP_NOLOCKDEP'), NEWEST);
  const mismatch = (release: string, mask: string) => {
    const answer = explainMaskText(of(release), { mask });
    return 'error' in answer ? assert.fail(answer.error) : answer.mismatch;
  };
  assert.deepEqual(mismatch('6.1', 'mode:0x24000c0(GFP_KERNEL)')?.fits, [{ from: '4.6', to: '4.9', config: '' }]);
  assert.equal(mismatch('4.9', 'mode:0x24000c0(GFP_KERNEL)'), undefined);
  assert.equal(mismatch('6.1', '0x40dc0(GFP_KERNEL|__GFP_COMP|__GFP_ZERO)'), undefined);
  assert.deepEqual(
    mismatch('6.12', '0x1000cc0(GFP_KERNEL|__GFP_NOLOCKDEP)')?.fits.map((fit) => [fit.from, fit.config.includes('CONFIG_LOCKDEP=y')]),
    [
      ['6.15', true],
      ['6.19', true],
    ],
  );
  assert.deepEqual(mismatch('6.12', '0xcc0(GFP_ATOMIC)')?.fits, []);
});

test('flags of the past say what replaced them and when', () => {
  const seeds: readonly (readonly [name: string, release: string, successor: RegExp])[] = [
    ['___GFP_WAIT', '4.4', /__GFP_RECLAIM/],
    ['__GFP_WAIT', '4.4', /__GFP_RECLAIM/],
    ['__GFP_NO_KSWAPD', '4.4', /__GFP_KSWAPD_RECLAIM/],
    ['GFP_IOFS', '4.4', /__GFP_IO \| __GFP_FS/],
    ['__GFP_OTHER_NODE', '4.10', /drop it/],
    ['__GFP_REPEAT', '4.13', /__GFP_RETRY_MAYFAIL/],
    ['GFP_TEMPORARY', '4.14', /GFP_KERNEL/],
    ['__GFP_COLD', '4.15', /drop it/],
    ['__GFP_NOTRACK', '4.15', /drop it/],
    ['__GFP_ATOMIC', '6.3', /__GFP_HIGH/],
  ];
  for (const [name, release, successor] of seeds) {
    const result = parseMaskText(of('6.12'), name);
    assert.ok('error' in result, name);
    assert.match(result.error, new RegExp(`removed in ${release.replace('.', '\\.')}`), name);
    assert.match(result.error, successor, name);
  }
});

test('an order no kernel has is a mistake of the question; one above the maximum is a request that fails', () => {
  const ask = (order: number) => explainMaskText(of('6.12'), { mask: 'GFP_KERNEL', order });
  const eleven = ask(11);
  assert.ok(!('error' in eleven) && eleven.problems.some((problem) => problem.rule === 'order-too-large'));
  const answer = ask(64);
  assert.ok('error' in answer);
  assert.match(answer.error, /order 64/);
});
