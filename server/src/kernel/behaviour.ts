import type { AllocatorBehaviour, Release } from './model';
import type { Since } from './release';
import { hasChange } from './release';

/**
 * Where the page allocator, slab and vmalloc changed what a mask means: mainline release and stable back-ports. Read from mm/page_alloc.c,
 * mm/internal.h, mm/compaction.c, mm/slub.c, mm/util.c, mm/vmalloc.c, include/linux/sched/mm.h of 4.4.155 to 7.3-rc7. A range that could not
 * be sampled exactly is set at the first sample that has the change.
 */
const CHANGES = {
  reservesByBlocking: [
    [6, 3],
    [6, 1, 129],
  ],
  highatomicNeedsHigh: [
    [6, 18],
    [6, 12, 117],
    [6, 1, 158],
  ],
  highatomicOrderZero: [
    [6, 11],
    [6, 1, 192],
  ],
  compactionNeedsIo: [
    [6, 8],
    [5, 10, 223],
    [6, 1, 129],
    [6, 6, 45],
  ],
  kswapdAllocFlag: [[5, 0]],
  nofailWarnsAnyOrder: [[6, 0]],
  nofailWarnGone: [[6, 19]],
  nofailOrderZeroPcpHigh: [[5, 13]],
  nofailNowarnSilences: [[5, 19]],
  nofailNowarnLoud: [[6, 12]],
  nofailOomGates: [[4, 11]],
  nofailOomFsGate: [[4, 14]],
  nofsScope: [[4, 12]],
  noreclaimScope: [[6, 9]],
  noreclaimScopeEnds: [[6, 12]],
  pinScope: [[5, 13]],
  nocmaScope: [[5, 2]],
  nocmaScopeEnds: [[5, 10]],
  kvmalloc: [[4, 12]],
  kvmallocPlainFallback: [[4, 18]],
  kvmallocAnyMask: [[5, 17]],
  kvmallocRetryMayfail: [[4, 13]],
  kvmallocSizeLimit: [
    [5, 15],
    [5, 10, 223],
  ],
  kvmallocBlockingTest: [[6, 0]],
  kvmallocNoReclaim: [[6, 17]],
  kvmallocAtomic: [[6, 19]],
  vmallocScopes: [[5, 17]],
  vmallocWhitelist: [[6, 19]],
  vmallocRetryMayfail: [[7, 0]],
  vmallocSkipKasan: [[7, 1]],
  slabStrips: [[4, 8]],
  exactCompWarns: [[5, 2]],
  dmaCompFails: [[6, 2]],
  oomVictimHalf: [[4, 14]],
  entitlementReplacesFlags: [[4, 8]],
  printsNames: [[4, 6]],
  compactsCostlyFirst: [[4, 8]],
  compactsUnmovableFirst: [[4, 12]],
  noretrySkipped: [[5, 7]],
  noretryNodeBound: [
    [7, 0],
    [6, 12, 117],
    [6, 1, 192],
  ],
  checksOrderFirst: [[4, 20]],
  retryMayFail: [[4, 13]],
  retryRounds: [[4, 7]],
  retrySingleLoop: [[7, 0]],
} as const satisfies Record<string, Since>;

const VMALLOC_MASKS = [
  'GFP_KERNEL',
  'GFP_ATOMIC',
  'GFP_NOWAIT',
  'GFP_NOFS',
  'GFP_NOIO',
  'GFP_USER',
  'GFP_KERNEL_ACCOUNT',
  '__GFP_NOFAIL',
  '__GFP_ZERO',
  '__GFP_NORETRY',
  '__GFP_NOLOCKDEP',
];

/** What the allocator of a release does with a mask. */
export function behaviourOf(release: Release): AllocatorBehaviour {
  const has = (change: keyof typeof CHANGES) => hasChange(release, CHANGES[change]);
  return {
    reserves: has('reservesByBlocking') ? 'non-blocking' : 'atomic-flag',
    highatomic: highatomicRule(has('reservesByBlocking'), has('highatomicNeedsHigh')),
    highatomicOrderZero: has('highatomicOrderZero'),
    compactionNeedsIo: has('compactionNeedsIo'),
    kswapdAllocFlag: has('kswapdAllocFlag'),
    nofail: {
      warnAboveOrder: has('nofailWarnGone') ? undefined : nofailWarnOrder(has('nofailWarnsAnyOrder'), has('nofailOrderZeroPcpHigh')),
      nowarnSilences: has('nofailNowarnSilences') && !has('nofailNowarnLoud'),
      oomOverride: has('nofailOomFsGate') ? 'none' : has('nofailOomGates') ? 'fs' : 'all',
    },
    scopes: {
      nofs: has('nofsScope'),
      pin: has('pinScope'),
      nocma: has('nocmaScope') && !has('nocmaScopeEnds'),
      noreclaim: has('noreclaimScope') && !has('noreclaimScopeEnds'),
    },
    kvmalloc: {
      exists: has('kvmalloc'),
      masks: kvmallocRule(has('kvmallocPlainFallback'), has('kvmallocAnyMask'), has('kvmallocAtomic')),
      firstTry: has('kvmallocNoReclaim') ? 'no-direct-reclaim' : has('kvmallocRetryMayfail') ? 'noretry' : 'repeat',
      dropsNofail: has('kvmallocAnyMask'),
      fallsBackNonBlocking: !has('kvmallocBlockingTest') || has('kvmallocAtomic'),
      sizeLimit: has('kvmallocSizeLimit'),
    },
    vmalloc: {
      masks: has('vmallocWhitelist') ? 'whitelist' : has('vmallocScopes') ? 'blocking' : 'kernel',
      nofail: has('vmallocScopes'),
      whitelist: [
        ...VMALLOC_MASKS,
        ...(has('vmallocRetryMayfail') ? ['__GFP_RETRY_MAYFAIL'] : []),
        ...(has('vmallocSkipKasan') ? ['__GFP_SKIP_KASAN'] : []),
      ],
    },
    slabBadFlags: has('slabStrips') ? 'strip' : 'bug',
    exactCompWarns: has('exactCompWarns'),
    dmaCompFails: has('dmaCompFails'),
    oomVictim: has('oomVictimHalf') ? 'half' : 'no-watermarks',
    entitlementAmongFlags: !has('entitlementReplacesFlags'),
    printsNames: has('printsNames'),
    compactsFirst: has('compactsUnmovableFirst') ? 'costly-and-unmovable' : has('compactsCostlyFirst') ? 'costly' : 'all',
    noretryGivesUp: has('noretryNodeBound') ? 'node-bound' : has('noretrySkipped') ? 'deferred-or-skipped' : 'deferred',
    checksOrderFirst: has('checksOrderFirst'),
    retryMayFail: has('retryMayFail'),
    retryLoop: has('retrySingleLoop') ? 'single-loop' : has('retryRounds') ? 'rounds' : 'pages-reclaimed',
  };
}

function highatomicRule(byBlocking: boolean, needsHigh: boolean): AllocatorBehaviour['highatomic'] {
  if (needsHigh) return 'non-blocking-high';
  return byBlocking ? 'non-blocking' : 'harder';
}

/** Before 6.0 the warning sits on the path past the per-CPU lists, which serve order 0 only until 5.12 and orders up to 3 after it. */
function nofailWarnOrder(anyOrder: boolean, perCpuListsToOrder3: boolean): number {
  if (anyOrder) return 1;
  return perCpuListsToOrder3 ? 3 : 1;
}

function kvmallocRule(plainFallback: boolean, anyMask: boolean, atomic: boolean): AllocatorBehaviour['kvmalloc']['masks'] {
  if (atomic) return 'any';
  if (anyMask) return 'blocking';
  return plainFallback ? 'kernel-or-plain' : 'kernel-warn';
}
