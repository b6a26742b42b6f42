import { canCompact, type Request } from './request';
import type { ReserveAccess } from './reserve';

export interface Failure {
  readonly canFail: boolean;
  /** When, as the end of a sentence that starts with "fails". */
  readonly failure: string;
}

/** Whether NULL is possible, and when, in one sentence. */
export function failureOf(request: Request, reserve: ReserveAccess): Failure {
  const { flags } = request;
  const { limits } = request.model;
  if (request.order > limits.maxPageOrder) return fails(`always: order ${request.order} is above the maximum of ${limits.maxPageOrder}`);
  if (request.has(flags.nofail)) return request.mayBlock ? NEVER : belowDespiteNofail(floorOf(reserve));
  if (!request.mayBlock) return below(floorOf(reserve));
  if (request.in('memalloc')) return USED_UP;
  if (request.has(flags.noretry)) return canCompact(request) ? AFTER_RECLAIM_AND_COMPACTION : AFTER_RECLAIM;
  if (request.has(flags.retryMayfail)) return MAYFAIL;
  if (request.costly) {
    const hint = request.retriesHard ? 'when reclaim makes no more progress' : `after ${oneRound(canCompact(request))}`;
    return fails(`${hint}: order ${request.order} is above ${limits.costlyOrder}`);
  }
  return request.has(flags.thisnode) ? NODE_USED_UP : small(limits.costlyOrder);
}

const NEVER: Failure = { canFail: false, failure: 'never NULL: retries for ever' };
const USED_UP = fails('when memory is used up: the task cannot reclaim recursively');
const MAYFAIL = fails('after many rounds of reclaim without progress; never kills a task');
const NODE_USED_UP = fails('when the node has no memory left: no fallback, no OOM killer');
const AFTER_RECLAIM = fails(`after ${oneRound(false)}`);
const AFTER_RECLAIM_AND_COMPACTION = fails(`after ${oneRound(true)}`);
const below = once((floor) => fails(`as soon as free memory is below ${floorWords(floor)}`));
const belowDespiteNofail = once((floor) =>
  fails(`as soon as free memory is below ${floorWords(floor)}: __GFP_NOFAIL means nothing without direct reclaim`),
);
const small = once((costlyOrder) =>
  fails(`practically never: up to order ${costlyOrder} the allocator keeps trying; only a task being OOM-killed gets NULL`),
);

/** Answers by a number, each made once: sentences that are the same object are cheap to compare and to keep. */
function once(make: (key: number) => Failure): (key: number) => Failure {
  const made = new Map<number, Failure>();
  return (key) => {
    const ready = made.get(key);
    if (ready !== undefined) return ready;
    const failure = make(key);
    made.set(key, failure);
    return failure;
  };
}

function oneRound(compacts: boolean): string {
  return compacts ? 'one round of reclaim and compaction' : 'one round of reclaim';
}

function fails(when: string): Failure {
  return { canFail: true, failure: when };
}

function floorOf(reserve: ReserveAccess): number {
  return reserve.noWatermarks ? 0 : reserve.floor;
}

function floorWords(floor: number): string {
  if (floor === 0) return 'what is physically there (watermarks are ignored)';
  return floor === 1 ? 'the min watermark' : `${floor * 100} % of the min watermark`;
}
