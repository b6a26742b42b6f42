import { explainMask, type KernelModel } from '../../kernel/index';
import { entitlementOf, type JudgedZone, judgeZone } from '../explainZone';
import type { FailureRecord } from '../record';
import type { FailedRequest } from '../request';
import { zoneName } from '../verdict';
import { inFallbackOrder } from '../zones';

/** Up to which order a machine serves a kind of request at once. */
export interface Outlook {
  /** `GFP_KERNEL` */
  readonly mask: string;
  /** Undefined: not even a single page. */
  readonly order: number | undefined;
  /** The zone that serves the largest order. */
  readonly zone: string | undefined;
  /** There is no larger block to ask for. */
  readonly everything: boolean;
}

/** Requests that stand for most of those a kernel makes: its own memory, the same without sleeping, and memory of programs. */
const PRESETS = ['GFP_KERNEL', 'GFP_ATOMIC', 'GFP_HIGHUSER_MOVABLE'] as const;

/** What the machine of a state record would serve now, without reclaim and compaction. */
export function outlooks(record: FailureRecord, model: KernelModel): readonly Outlook[] {
  const orders = Math.max(0, ...(record.memory?.zones ?? []).map((zone) => zone.buddy?.cells.length ?? 0));
  return PRESETS.map((mask) => {
    const bits = model.flags.bitsOf(mask);
    for (let order = orders - 1; order >= 0; order--) {
      const request = { ...presetRequest(model, bits, order) };
      const zone = servingZone(record, request);
      if (zone !== undefined) return { mask, order, zone: zoneName(zone), everything: order === orders - 1 };
    }
    return { mask, order: undefined, zone: undefined, everything: false };
  });
}

function presetRequest(model: KernelModel, bits: number, order: number): FailedRequest {
  const mask = explainMask(model, { input: '', bits, order, context: [] });
  return { model, releaseFrom: 'assumed', mask, maskText: mask.canonical, order, reclaiming: false, interrupt: false };
}

/** The zone of a state record that would serve a request at once; undefined when none would. */
export function servingZone(record: FailureRecord, request: FailedRequest): JudgedZone | undefined {
  const entitlement = entitlementOf(record, request);
  if (record.memory === undefined || entitlement === undefined) return undefined;
  return inFallbackOrder(record.memory)
    .map((zone) => judgeZone(zone, record, request, entitlement))
    .find((zone) => zone.allowed && serves(zone, entitlement.order));
}

/** By the watermark test where its numbers are there; buddyinfo alone tells neither watermarks nor lists, then a block counts that is there. */
function serves({ report, test }: JudgedZone, order: number): boolean {
  const present = (report.buddy?.cells ?? []).slice(order).some((cell) => cell.count > 0);
  if (test === undefined) return present;
  return test.passes || (test.enoughFree && test.block === 'unknown' && present);
}
