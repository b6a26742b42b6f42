import type { KernelModel, MaskExplanation, PathStep } from '../kernel/index';
import type { EventReport, FailureKind, FailureRecord, MaskUse } from './record';

export type Verdict =
  | 'fragmentation'
  | 'exhaustion'
  | 'watermark-reserve'
  | 'cma-only'
  | 'highatomic-only'
  | 'zone-restricted'
  | 'vmalloc-space'
  | 'unknown';

/** Why one zone did not serve the request; `passes`: by the printed numbers it would. */
export type ZoneVerdict =
  | 'not-allowed'
  | 'passes'
  | 'watermark'
  | 'fragmentation'
  | 'cma-only'
  | 'highatomic-only'
  | 'isolated'
  | 'exhaustion'
  | 'unknown';

export interface FailureExplanation {
  readonly kind: FailureKind;
  readonly record: FailureRecord;
  readonly process: string | undefined;
  readonly order: number | undefined;
  /** What was asked for, kB. */
  readonly sizeKb: number | undefined;
  readonly mask: MaskExplanation | undefined;
  readonly maskText: string | undefined;
  /** The release judged by, and how sure that is. */
  readonly kernel: string;
  readonly kernelFrom: 'log' | 'mask' | 'assumed';
  /** The allocator of that release. */
  readonly model: KernelModel;
  readonly zones: readonly ZoneExplanation[];
  /** The allocator's way to the failure. */
  readonly path: readonly PathStep[];
  readonly verdict: Verdict;
  readonly summary: string;
  readonly supports: readonly string[];
  readonly contradicts: readonly string[];
  readonly advice: readonly Advice[];
  readonly site: CallSite | undefined;
  /** Names of what the log lacks or what could not be read. */
  readonly missing: readonly string[];
  /** What files of /proc beside the log add, in sentences. */
  readonly beside: readonly string[];
  /** Of a trace. */
  readonly events?: EventExplanation;
}

export interface EventExplanation {
  readonly report: EventReport;
  /** `mask` is undefined where a name or bit is not known. */
  readonly masks: readonly { readonly use: MaskUse; readonly mask: MaskExplanation | undefined }[];
}

/** All sizes in kB. */
export interface ZoneExplanation {
  readonly node: number | undefined;
  readonly zone: string;
  readonly line: number;
  readonly allowed: boolean;
  readonly free: number | undefined;
  readonly boost: number | undefined;
  readonly min: number | undefined;
  readonly low: number | undefined;
  readonly high: number | undefined;
  readonly managed: number | undefined;
  readonly cma: number | undefined;
  readonly highatomic: number | undefined;
  /** lowmem_reserve[] that holds against this request. */
  readonly reserve: number | undefined;
  /** What the request must leave free: its part of min. */
  readonly floor: number | undefined;
  /** Free memory the request may count on. */
  readonly usable: number | undefined;
  readonly buddy: readonly BuddyCount[];
  readonly verdict: ZoneVerdict;
  /** The test that refused, with its numbers. */
  readonly reason: string;
}

export interface BuddyCount {
  readonly order: number;
  readonly count: number;
  readonly blockKb: number;
  /** Letters of the free lists; null when the log has none. */
  readonly types: string | null;
  /** The request may take these blocks. */
  readonly open: boolean;
}

export interface Advice {
  readonly for: 'developer' | 'operator' | 'nobody';
  readonly text: string;
}

export interface CallSite {
  readonly function: string;
  readonly module: string | undefined;
  /** The allocation function it called, as far as the trace shows it. */
  readonly allocator: string | undefined;
  readonly file: string | null;
  readonly line: number | null;
  /** Line of the log. */
  readonly logLine: number;
}
