import {
  explainMask,
  formatRelease,
  isBefore,
  type KernelModel,
  loadModel,
  type MaskExplanation,
  newestPrinting,
  newestRelease,
  parseRelease,
  type Release,
} from '../kernel/index';
import { legacyFlags } from './legacyMask';
import type { FailureRecord } from './record';

/** The request of a record, read with the tables of the kernel that printed it. */
export interface FailedRequest {
  readonly model: KernelModel;
  /** Where the release comes from: the log, the mask (the newest kernel that prints it so), or nowhere. */
  readonly releaseFrom: 'log' | 'mask' | 'assumed';
  /** Absent when the log has no mask. */
  readonly mask: MaskExplanation | undefined;
  /** As the kernel printed it, else in the order of the flags. */
  readonly maskText: string | undefined;
  readonly order: number | undefined;
  /** The task was reclaiming memory itself (PF_MEMALLOC): its trace goes through reclaim. */
  readonly reclaiming: boolean;
  /** The trace comes from an interrupt or softirq. */
  readonly interrupt: boolean;
}

const OLDEST: Release = { major: 4, minor: 4, patch: undefined };
const models = new Map<string, KernelModel>();

export function requestOf(record: FailureRecord): FailedRequest {
  const { header, slab } = record;
  const mode = header.mode?.value ?? slab?.mode?.value;
  const printed = header.mode === undefined ? slab?.flags?.value : header.flags?.value;
  const named = record.machine.kernel === undefined ? undefined : parseRelease(record.machine.kernel.value);
  const found = named ?? (mode === undefined || printed === undefined ? undefined : newestPrinting(mode, printed));
  // Names are printed since 4.6: a bare number is older.
  const release = found ?? (mode !== undefined && printed === undefined ? { major: 3, minor: 10, patch: undefined } : newestRelease());
  const model = modelOf(release);
  const names = record.trace.filter((frame) => !frame.unsure).map((frame) => frame.name);
  const reclaiming = names.some((name) => RECLAIM.test(name));
  // vmalloc maps single pages unless its report says otherwise.
  const order = header.order?.value ?? (record.kind === 'vmalloc' ? 0 : undefined);
  const read = mode === undefined ? undefined : readMask(model, release, mode, printed);
  const mask =
    mode === undefined || read === undefined
      ? undefined
      : explainMask(model, {
          input: `0x${mode.toString(16)}`,
          bits: read.bits,
          number: mode,
          unknownBits: read.unknownBits,
          order,
          context: reclaiming ? ['memalloc'] : [],
        });
  return {
    model,
    releaseFrom: named !== undefined ? 'log' : found !== undefined ? 'mask' : 'assumed',
    mask,
    maskText: [printed, read?.names].find((text) => text !== undefined && text !== '') ?? mask?.hex,
    order,
    reclaiming,
    interrupt: names.some((name) => INTERRUPT.test(name)),
  };
}

const RECLAIM =
  /^(?:try_to_free_pages|__perform_reclaim|do_try_to_free_pages|balance_pgdat|kswapd|shrink_(?:node|slab|zone|list|lruvec)\w*)(?:\.|$)/;
const INTERRUPT =
  /^(?:__do_softirq|do_softirq|handle_softirqs|net_rx_action|__napi_poll|do_IRQ|common_interrupt|run_ksoftirqd|handle_irq\w*|irq_exit\w*|ret_from_irq|gic_handle_irq)(?:\.|$)/;

/** The model of a release; the tables begin with 4.4, which then stands for older ones. */
export function modelOf(release: Release): KernelModel {
  const key = formatRelease(release);
  const known = models.get(key);
  if (known !== undefined) return known;
  if (models.size >= 32) models.clear();
  const model = loadModel({ release: isBefore(release, 4, 4) ? OLDEST : release });
  models.set(key, model);
  return model;
}

interface ReadMask {
  readonly bits: number;
  readonly unknownBits: number;
  readonly names: string;
}

function readMask(model: KernelModel, release: Release, number: number, printed: string | undefined): ReadMask | undefined {
  if (isBefore(release, 4, 4)) {
    const names = legacyFlags(number);
    return { bits: names.reduce((bits, name) => bits | model.flags.bitsOf(name), 0), unknownBits: 0, names: nameOf(model, names) };
  }
  const { layouts, preferred } = model.numbers;
  const layout = layouts.find((one) => one.print(number) === printed) ?? layouts.find((one) => one.unknownBits(number) === 0) ?? preferred;
  return { bits: layout.fromNumber(number), unknownBits: layout.unknownBits(number), names: layout.print(number) };
}

function nameOf(model: KernelModel, names: readonly string[]): string {
  return model.flags.print(names.reduce((bits, name) => bits | model.flags.bitsOf(name), 0));
}
