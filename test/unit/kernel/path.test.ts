import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { type ContextWord, configOf, explainMask, loadModel, type MaskExplanation, parseRelease } from '../../../server/src/kernel/index';
import { maskOfNames } from '../../../server/src/mask/index';

interface Asked {
  readonly order?: number;
  readonly context?: readonly ContextWord[];
  readonly config?: Readonly<Record<string, boolean>>;
}

function explain(release: string, names: string, { config, ...query }: Asked = {}): MaskExplanation {
  const model = loadModel({ release: parseRelease(release)!, config: config && configOf(config) });
  return explainMask(model, { input: names, bits: maskOfNames(model, names.split('|')).set, ...query });
}

/** What the path of a request says of one step, with the reason; `none` where it does not come by. */
function said(release: string, names: string, step: string, asked?: Asked): string {
  const found = explain(release, names, asked).path!.filter((one) => one.step === step);
  return found.length === 0 ? 'none' : found.map(({ outcome, why }) => (why === undefined ? outcome : `${outcome} [${why}]`)).join('; ');
}

type Row = readonly [release: string, mask: string, asked: Asked, said: string];

function check(step: string, rows: readonly Row[]): void {
  test(step, () => {
    for (const [release, mask, asked, wanted] of rows)
      assert.equal(said(release, mask, step, asked), wanted, `${release} ${mask} ${JSON.stringify(asked)}`);
  });
}

// gfp_to_alloc_flags(), __gfp_pfmemalloc_flags(), __alloc_pages_slowpath(), __alloc_pages_direct_compact(), should_reclaim_retry(), __alloc_pages_may_oom()
// of mm/page_alloc.c in these releases.
describe('what each step of the path says', () => {
  const NO_RESERVE = 'down to the min watermark, no reserve';
  const HIGHATOMIC = ', and may take high-atomic page blocks';
  check('retry with reserves', [
    ['6.12', 'GFP_KERNEL', {}, NO_RESERVE],
    ['6.12', 'GFP_NOWAIT', {}, `${NO_RESERVE} [no __GFP_DIRECT_RECLAIM]`],
    ['6.12.0', 'GFP_NOWAIT', { order: 2 }, `${NO_RESERVE}${HIGHATOMIC} [no __GFP_DIRECT_RECLAIM]`],
    ['6.12.117', 'GFP_NOWAIT', { order: 2 }, `${NO_RESERVE} [no __GFP_DIRECT_RECLAIM]`],
    ['6.12', 'GFP_ATOMIC', {}, 'down to 37.5 % of the min watermark [__GFP_HIGH, no __GFP_DIRECT_RECLAIM]'],
    ['6.12', 'GFP_ATOMIC', { order: 1 }, `down to 37.5 % of the min watermark${HIGHATOMIC} [__GFP_HIGH, no __GFP_DIRECT_RECLAIM]`],
    [
      '6.12',
      'GFP_ATOMIC|__GFP_NOMEMALLOC',
      { order: 1 },
      'down to 50 % of the min watermark [__GFP_HIGH, no __GFP_DIRECT_RECLAIM, less for __GFP_NOMEMALLOC]',
    ],
    ['6.12', 'GFP_KERNEL|__GFP_HIGH', {}, 'down to 50 % of the min watermark [__GFP_HIGH]'],
    ['6.12', 'GFP_KERNEL', { context: ['rt'] }, 'down to 50 % of the min watermark [real-time task]'],
    ['6.12', 'GFP_KERNEL', { context: ['rt', 'softirq'] }, NO_RESERVE],
    ['6.12', 'GFP_NOWAIT', { context: ['rt'] }, `${NO_RESERVE} [no __GFP_DIRECT_RECLAIM]`],
    ['6.12', 'GFP_KERNEL|__GFP_NOMEMALLOC', {}, NO_RESERVE],
    ['6.12', 'GFP_KERNEL|__GFP_MEMALLOC', {}, 'as any other request'],
    ['6.12', 'GFP_KERNEL', { context: ['oom'] }, 'as any other request'],
    ['6.1.38', 'GFP_ATOMIC', {}, 'down to 37.5 % of the min watermark [__GFP_HIGH, __GFP_ATOMIC]'],
    ['6.1.38', 'GFP_ATOMIC', { order: 1 }, `down to 37.5 % of the min watermark${HIGHATOMIC} [__GFP_HIGH, __GFP_ATOMIC]`],
    ['6.1.38', 'GFP_NOWAIT', { order: 1 }, NO_RESERVE],
    ['6.1.38', 'GFP_NOWAIT', { context: ['rt'] }, 'down to 75 % of the min watermark [real-time task]'],
    // The flag that the sanity check drops opens nothing.
    ['6.1.38', 'GFP_KERNEL|__GFP_ATOMIC', {}, NO_RESERVE],
  ]);

  check('emergency reserve', [
    ['6.12', 'GFP_KERNEL', {}, 'none'],
    ['6.12', 'GFP_KERNEL|__GFP_MEMALLOC', {}, 'takes any free page: watermarks are ignored [__GFP_MEMALLOC]'],
    ['6.12', 'GFP_NOWAIT', { context: ['memalloc'] }, 'takes any free page: watermarks are ignored [PF_MEMALLOC]'],
    ['6.12', 'GFP_NOWAIT', { context: ['memalloc', 'softirq'] }, 'takes any free page: watermarks are ignored [PF_MEMALLOC]'],
    ['6.12', 'GFP_NOWAIT', { context: ['memalloc', 'hardirq'] }, 'none'],
    ['6.12', 'GFP_KERNEL|__GFP_MEMALLOC|__GFP_NOMEMALLOC', {}, 'none'],
    ['6.12', 'GFP_KERNEL', { context: ['oom'] }, 'down to 50 % of the min watermark [OOM victim]'],
    ['6.12', 'GFP_KERNEL', { context: ['oom'], config: { CONFIG_MMU: false } }, 'takes any free page: watermarks are ignored [OOM victim]'],
    ['4.13', 'GFP_KERNEL', { context: ['oom'] }, 'takes any free page: watermarks are ignored [OOM victim]'],
    ['4.14', 'GFP_KERNEL', { context: ['oom', 'softirq'] }, 'none'],
  ]);

  check('context', [
    ['6.12', 'GFP_ATOMIC', {}, 'none'],
    [
      '6.12',
      'GFP_ATOMIC',
      { context: ['softirq'] },
      "the interrupted task's real-time priority and choice by the OOM killer do not count [softirq]",
    ],
    [
      '6.12',
      'GFP_ATOMIC',
      { context: ['hardirq'] },
      "the interrupted task's PF_MEMALLOC, real-time priority and choice by the OOM killer do not count [hard interrupt]",
    ],
  ]);

  check('scope', [
    ['6.12', 'GFP_KERNEL', {}, 'none'],
    ['6.12', 'GFP_KERNEL', { context: ['nofs'] }, "the task's memalloc scope makes it GFP_NOFS"],
    ['6.12', 'GFP_KERNEL', { context: ['noio', 'nofs'] }, "the task's memalloc scope makes it GFP_NOIO"],
    ['6.1', 'GFP_USER|__GFP_MOVABLE|__GFP_ZERO', { context: ['pin'] }, "the task's memalloc scope makes it GFP_USER | __GFP_ZERO"],
    ['4.4', 'GFP_KERNEL', { context: ['nofs'] }, 'none'],
  ]);

  check('kswapd', [
    ['6.12', 'GFP_KERNEL', {}, 'woken to reclaim in the background [__GFP_KSWAPD_RECLAIM]'],
    ['6.12', '__GFP_DIRECT_RECLAIM', {}, 'not woken [no __GFP_KSWAPD_RECLAIM]'],
  ]);

  check('sanity check', [
    ['6.12', 'GFP_KERNEL|__GFP_NOFAIL', { order: 1 }, 'none'],
    ['6.12', 'GFP_KERNEL|__GFP_NOFAIL', { order: 2 }, 'warns once [__GFP_NOFAIL with order > 1]'],
    ['5.15', 'GFP_KERNEL|__GFP_NOFAIL', { order: 3 }, 'none'],
    ['5.15', 'GFP_KERNEL|__GFP_NOFAIL', { order: 4 }, 'warns once [__GFP_NOFAIL with order > 3]'],
    ['6.19', 'GFP_KERNEL|__GFP_NOFAIL', { order: 4 }, 'none'],
    ['6.12', 'GFP_ATOMIC|__GFP_NOFAIL', {}, 'warns once [__GFP_NOFAIL with no __GFP_DIRECT_RECLAIM]'],
    ['6.12', 'GFP_ATOMIC|__GFP_NOFAIL|__GFP_NOWARN', {}, 'warns once [__GFP_NOFAIL with no __GFP_DIRECT_RECLAIM]'],
    ['6.6', 'GFP_ATOMIC|__GFP_NOFAIL|__GFP_NOWARN', {}, 'none'],
    ['5.10', 'GFP_ATOMIC|__GFP_NOFAIL|__GFP_NOWARN', {}, 'warns once [__GFP_NOFAIL with no __GFP_DIRECT_RECLAIM]'],
    ['6.12', 'GFP_KERNEL|__GFP_NOFAIL', { order: 2, context: ['memalloc'] }, 'warns once [__GFP_NOFAIL with order > 1, PF_MEMALLOC]'],
    ['6.12', 'GFP_KERNEL', { order: 2, context: ['memalloc'] }, 'none'],
    [
      '6.1.38',
      'GFP_KERNEL|__GFP_ATOMIC',
      {},
      'warns once and drops __GFP_ATOMIC, which then opens no reserve [__GFP_ATOMIC with __GFP_DIRECT_RECLAIM]',
    ],
    ['6.1.38', 'GFP_ATOMIC', {}, 'none'],
  ]);

  check('last resort', [
    ['6.12', 'GFP_ATOMIC', {}, 'a page of a high-atomic block [order 0, cannot block]'],
    ['6.12', 'GFP_ATOMIC', { order: 1 }, 'none'],
    ['6.12', 'GFP_ATOMIC|__GFP_NOMEMALLOC', {}, 'none'],
    ['6.12', 'GFP_ATOMIC|__GFP_MEMALLOC', {}, 'none'],
    ['6.12', 'GFP_KERNEL', {}, 'none'],
    ['6.6', 'GFP_ATOMIC', {}, 'none'],
  ]);

  const BLOCK = 'moves pages to build a block, before any reclaim';
  check('first compaction', [
    ['6.12', 'GFP_KERNEL', {}, 'none'],
    ['6.12', 'GFP_KERNEL', { order: 1 }, `${BLOCK} [order > 0]`],
    ['6.12', 'GFP_KERNEL', { order: 4 }, `${BLOCK} [order > 3]`],
    ['6.12', 'GFP_HIGHUSER_MOVABLE', { order: 3 }, 'none'],
    ['6.12', 'GFP_HIGHUSER_MOVABLE', { order: 4 }, `${BLOCK} [order > 3]`],
    ['6.12', 'GFP_ATOMIC', { order: 4 }, 'none'],
    ['6.12', 'GFP_NOIO', { order: 4 }, 'none'],
    ['6.6.44', 'GFP_NOIO', { order: 4 }, `${BLOCK} [order > 3]`],
    ['6.12', 'GFP_KERNEL', { order: 4, config: { CONFIG_COMPACTION: false } }, 'none'],
    ['6.12', 'GFP_KERNEL|__GFP_MEMALLOC', { order: 4 }, 'none'],
    [
      '6.12',
      'GFP_KERNEL|__GFP_NORETRY',
      { order: 4 },
      `${BLOCK}; gives up when compaction was put off recently or has too few free pages [__GFP_NORETRY]`,
    ],
    ['6.12', 'GFP_KERNEL|__GFP_NORETRY', { order: 3 }, `${BLOCK} [order > 0]`],
    ['5.4', 'GFP_KERNEL|__GFP_NORETRY', { order: 4 }, `${BLOCK}; gives up when compaction was put off recently [__GFP_NORETRY]`],
    ['6.12.117', 'GFP_KERNEL|__GFP_NORETRY|__GFP_THISNODE', { order: 4 }, `${BLOCK}; then gives up [__GFP_NORETRY, __GFP_THISNODE]`],
    ['4.9', 'GFP_KERNEL', { order: 3 }, 'none'],
    ['4.9', 'GFP_KERNEL', { order: 4 }, `${BLOCK} [order > 3]`],
    ['4.4', 'GFP_KERNEL', { order: 1 }, `${BLOCK} [order > 0]`],
  ]);

  check('direct reclaim', [
    ['6.12', 'GFP_KERNEL', {}, 'the caller reclaims memory, sleeping; may write pages and call into filesystems [__GFP_FS]'],
    ['6.12', 'GFP_NOFS', {}, 'the caller reclaims memory, sleeping; may start I/O, calls into no filesystem [__GFP_IO, no __GFP_FS]'],
    ['6.12', 'GFP_NOIO', {}, 'the caller reclaims memory, sleeping; starts no I/O, takes clean pages only [no __GFP_IO]'],
    ['6.12', 'GFP_ATOMIC', {}, 'not allowed: the request ends here [no __GFP_DIRECT_RECLAIM]'],
    ['6.12', 'GFP_KERNEL', { context: ['memalloc'] }, 'refused: the task is already reclaiming [PF_MEMALLOC]'],
  ]);

  check('compaction', [
    ['6.12', 'GFP_KERNEL', {}, 'none'],
    ['6.12', 'GFP_KERNEL', { order: 2 }, 'moves pages to build a block of order 2'],
    ['6.12', 'GFP_NOIO', { order: 2 }, 'not possible [no __GFP_IO]'],
    ['6.12', 'GFP_KERNEL', { order: 2, config: { CONFIG_COMPACTION: false } }, 'not possible [CONFIG_COMPACTION=n]'],
  ]);

  const COUNTED = 'up to 16 rounds without progress; progress starts the count again, while reclaimable memory would suffice';
  check('retry', [
    ['6.12', 'GFP_KERNEL', { order: 3 }, `${COUNTED} [order <= 3]`],
    ['6.12', 'GFP_KERNEL', { order: 4 }, 'none: one round of reclaim only [order > 3, no __GFP_RETRY_MAYFAIL]'],
    ['6.12', 'GFP_KERNEL|__GFP_NORETRY', {}, 'none: one round of reclaim only [__GFP_NORETRY]'],
    [
      '6.12',
      'GFP_KERNEL|__GFP_RETRY_MAYFAIL',
      { order: 4 },
      'up to 16 rounds, while reclaimable memory would suffice [__GFP_RETRY_MAYFAIL]',
    ],
    ['6.12', 'GFP_NOIO|__GFP_RETRY_MAYFAIL', { order: 4 }, 'none: one round of reclaim only [order > 3, no compaction]'],
    [
      '6.6.44',
      'GFP_NOIO|__GFP_RETRY_MAYFAIL',
      { order: 4 },
      'up to 16 rounds, while reclaimable memory would suffice [__GFP_RETRY_MAYFAIL]',
    ],
    ['4.9', 'GFP_KERNEL', { order: 4 }, 'none: one round of reclaim only [order > 3, no __GFP_REPEAT]'],
    ['4.9', 'GFP_KERNEL|__GFP_REPEAT', { order: 4 }, 'up to 16 rounds, while reclaimable memory would suffice [__GFP_REPEAT]'],
    ['4.4', 'GFP_KERNEL', {}, 'as long as reclaim makes progress [order <= 3]'],
    ['4.4', 'GFP_KERNEL|__GFP_REPEAT', { order: 4 }, 'until as many pages are reclaimed as the block has [__GFP_REPEAT]'],
  ]);

  check('compaction retry', [
    ['6.12', 'GFP_KERNEL', {}, 'none'],
    ['6.12', 'GFP_KERNEL', { order: 1 }, 'up to 16 more tries, each more thorough'],
    ['6.12', 'GFP_KERNEL|__GFP_RETRY_MAYFAIL', { order: 5 }, 'up to 4 more tries, each more thorough'],
    ['6.12', 'GFP_NOIO', { order: 1 }, 'none'],
  ]);

  const LOW_ZONE = 'not called for a request limited to a low zone';
  check('OOM killer', [
    ['6.12', 'GFP_KERNEL', {}, 'kills a task, then tries again'],
    ['6.12', 'GFP_NOFS', {}, 'kills nothing, but counts as progress: the request keeps trying [no __GFP_FS]'],
    ['6.12', 'GFP_KERNEL|__GFP_DMA', {}, `${LOW_ZONE} [zone DMA]`],
    ['6.12', 'GFP_KERNEL|__GFP_DMA32', {}, `${LOW_ZONE} [zone DMA32]`],
    ['6.12', 'GFP_KERNEL|__GFP_THISNODE', {}, 'not called: it may free nothing on that node [__GFP_THISNODE]'],
    ['6.12', 'GFP_KERNEL|__GFP_RETRY_MAYFAIL', {}, 'not called: the caller has a fallback [__GFP_RETRY_MAYFAIL]'],
    ['6.12', 'GFP_KERNEL|__GFP_RETRY_MAYFAIL', { order: 4 }, 'not called: killing a task does not make large blocks [order > 3]'],
    ['6.12', 'GFP_KERNEL|__GFP_NORETRY', {}, 'none'],
  ]);

  check('failure', [
    ['6.12', 'GFP_KERNEL', {}, 'NULL, reported as "page allocation failure" (rate limited)'],
    ['6.12', 'GFP_KERNEL|__GFP_NOWARN', {}, 'NULL, no report [__GFP_NOWARN]'],
    ['6.12', 'GFP_ATOMIC|__GFP_NOFAIL', {}, 'NULL, reported as "page allocation failure" (rate limited)'],
    ['6.12', 'GFP_KERNEL|__GFP_NOFAIL', {}, 'none'],
  ]);

  check('order check', [
    ['6.12', 'GFP_KERNEL', { order: 10 }, 'none'],
    ['6.12', 'GFP_KERNEL', { order: 11 }, 'order 11 is above the maximum of 10: NULL, with a warning'],
    ['6.12', 'GFP_KERNEL|__GFP_NOWARN', { order: 11 }, 'order 11 is above the maximum of 10: NULL, silently [__GFP_NOWARN]'],
  ]);
});

test('the steps stand in the order of the events', () => {
  const steps = (release: string, names: string, asked?: Asked) => explain(release, names, asked).path!.map(({ step }) => step);
  const reclaim = ['direct reclaim', 'compaction', 'retry', 'compaction retry', 'OOM killer', 'failure'];
  assert.deepEqual(steps('6.12', 'GFP_KERNEL', { order: 1, context: ['nofs', 'softirq'] }), [
    'context',
    'scope',
    'fast path',
    'kswapd',
    'retry with reserves',
    'first compaction',
    ...reclaim,
  ]);
  // From 4.8 on a task that is reclaiming compacts before it is refused, if it may not use the emergency reserve.
  const refused = { order: 4, context: ['memalloc'] } as const;
  assert.deepEqual(
    ['4.7', '4.8'].map((release) => steps(release, 'GFP_KERNEL|__GFP_NOMEMALLOC', refused).slice(3)),
    [
      ['direct reclaim', 'failure'],
      ['first compaction', 'direct reclaim', 'failure'],
    ],
  );
  // Until 4.7 the slow path asked for the emergency reserve before it compacted.
  assert.deepEqual(steps('4.4', 'GFP_KERNEL|__GFP_MEMALLOC', { order: 1 }).slice(0, 4), [
    'fast path',
    'kswapd',
    'retry with reserves',
    'emergency reserve',
  ]);
  assert.deepEqual(steps('4.4', 'GFP_KERNEL', { order: 1, context: ['memalloc'] }).slice(-3), [
    'emergency reserve',
    'direct reclaim',
    'failure',
  ]);
});

test('each step names the function of its release', () => {
  const source = (release: string, step: string, asked: Asked = { order: 1 }) =>
    explain(release, 'GFP_KERNEL', asked)
      .path!.find((one) => one.step === step)!
      .source?.replace('mm/page_alloc.c: ', '');
  const entries = ['5.12', '5.13', '6.9', '6.10', '6.13', '6.14'].map((release) => source(release, 'fast path'));
  assert.deepEqual(entries, [
    '__alloc_pages_nodemask()',
    '__alloc_pages()',
    '__alloc_pages()',
    '__alloc_pages_noprof()',
    '__alloc_pages_noprof()',
    '__alloc_frozen_pages_noprof()',
  ]);
  assert.deepEqual(
    [source('4.6', 'retry'), source('4.7', 'retry'), source('4.7', 'compaction retry')],
    ['__alloc_pages_slowpath()', 'should_reclaim_retry()', 'should_compact_retry()'],
  );
  assert.deepEqual([source('4.8', 'failure'), source('4.9', 'failure')], ['warn_alloc_failed()', 'warn_alloc()']);
  const noio = { order: 1, context: ['noio'] } as const;
  assert.deepEqual(
    [source('4.11', 'scope', noio), source('4.12', 'scope', noio)],
    ['include/linux/sched.h: memalloc_noio_flags()', 'include/linux/sched/mm.h: current_gfp_context()'],
  );
  const reclaiming = { context: ['memalloc'] } as const;
  assert.deepEqual(
    [source('4.13', 'emergency reserve', reclaiming), source('4.14', 'emergency reserve', reclaiming)],
    ['gfp_pfmemalloc_allowed()', '__gfp_pfmemalloc_flags()'],
  );
  // Which function looks at the order: the entry from 4.20 on, before it the slow path.
  const large = { order: 11 };
  assert.deepEqual(
    [source('4.19', 'order check', large), source('4.20', 'order check', large)],
    ['__alloc_pages_slowpath()', '__alloc_pages_nodemask()'],
  );
  assert.deepEqual(
    [source('7.2', 'retry with reserves'), source('7.3', 'retry with reserves')],
    ['gfp_to_alloc_flags()', 'alloc_flags_slowpath()'],
  );
});
