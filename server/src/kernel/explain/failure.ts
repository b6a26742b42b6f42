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
  if (request.has(flags.nofail)) {
    if (request.mayBlock) return { canFail: false, failure: 'never NULL: retries for ever' };
    return fails(`as soon as free memory is below ${floorWords(reserve)}: __GFP_NOFAIL means nothing without direct reclaim`);
  }
  if (!request.mayBlock) return fails(`as soon as free memory is below ${floorWords(reserve)}`);
  if (request.in('memalloc')) return fails('when memory is used up: the task cannot reclaim recursively');
  if (request.has(flags.noretry)) return fails(`after ${oneRound(request)}`);
  if (request.has(flags.retryMayfail)) return fails('after many rounds of reclaim without progress; never kills a task');
  if (request.costly) {
    const hint = request.retriesHard ? 'when reclaim makes no more progress' : `after ${oneRound(request)}`;
    return fails(`${hint}: order ${request.order} is above ${limits.costlyOrder}`);
  }
  if (request.has(flags.thisnode)) return fails('when the node has no memory left: no fallback, no OOM killer');
  return fails(`practically never: up to order ${limits.costlyOrder} the allocator keeps trying; only a task being OOM-killed gets NULL`);
}

function oneRound(request: Request): string {
  return canCompact(request) ? 'one round of reclaim and compaction' : 'one round of reclaim';
}

function fails(when: string): Failure {
  return { canFail: true, failure: when };
}

function floorWords(reserve: ReserveAccess): string {
  if (reserve.noWatermarks) return 'what is physically there (watermarks are ignored)';
  return reserve.floor === 1 ? 'the min watermark' : `${reserve.floor * 100} % of the min watermark`;
}
