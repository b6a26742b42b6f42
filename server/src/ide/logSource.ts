import type { FunctionFacts, CallSite as SourceCall } from '../facts/site';
import { formatRelease, isBefore, type KernelModel, parseRelease, type Release } from '../kernel/index';
import type { FailureExplanation } from '../log/index';
import { isExact } from '../mask/mask';
import { type AnalysisContext, analyseSource, type SourceAnalysis } from '../program/analyseSource';
import { applyEdits } from '../program/edits';
import type { FunctionPlace } from '../program/functionSearch';
import type { Finding } from '../rules/rule';
import { DEFAULT_RULE_SETTINGS } from '../rules/run';
import type { KernelContext } from './kernels';

/** What a kernel tree has at the place that a log leads to. */
export interface LogSource {
  readonly place: FunctionPlace;
  /** The allocation in the function; undefined where none is seen, then the function itself is the place. */
  readonly call: SourceCall | undefined;
  /** Allocations of the function that could as well be it. */
  readonly others: number;
  readonly mask: MaskAgreement | undefined;
  /** The release of the tree, and whether the log comes from the same series. */
  readonly release: string;
  readonly sameRelease: boolean | undefined;
  /** What the rules find at the call, likely findings included. */
  readonly findings: readonly Finding[];
  /** The file after the first fix of these findings. */
  readonly fixed: FixedText | undefined;
}

export interface FixedText {
  readonly title: string;
  readonly bytes: Uint8Array;
}

/** The mask in the source held against the one in the log. */
export interface MaskAgreement {
  /** Undefined: the source leaves it open (a parameter). */
  readonly agrees: boolean | undefined;
  /** Flags of one side that the other lacks, beyond those that allocators add and take away themselves. */
  readonly onlyInLog: readonly string[];
  readonly onlyInSource: readonly string[];
}

/** Analyses the file and picks the allocation that the log is about: the one whose function and mask agree best. */
export function logSource(failure: FailureExplanation, place: FunctionPlace, context: KernelContext): LogSource {
  const settings: AnalysisContext = { ...context, rules: { ...DEFAULT_RULE_SETTINGS, possible: true } };
  const analysis = analyseSource(place.path, place.bytes, settings);
  const { model } = context;
  const candidates = candidatesIn(analysis, failure.site?.function ?? '', place.bytes);
  const rated = candidates.map((call) => ({ call, mask: agreementOf(call, failure, model), score: scoreOf(call, failure, model) }));
  const best = Math.max(...rated.map((one) => one.score));
  const chosen = rated.filter((one) => one.score === best);
  const [first] = chosen;
  const findings = first === undefined ? [] : findingsAt(analysis, first.call);
  return {
    place,
    call: first?.call,
    others: Math.max(0, chosen.length - 1),
    mask: first?.mask,
    release: formatRelease(model.release),
    sameRelease: sameSeries(failure, model.release),
    findings,
    fixed: fixedText(findings, place),
  };
}

/** Allocations in the function; where it has none, those of functions of the file that it calls (the compiler makes them one). */
function candidatesIn({ facts }: SourceAnalysis, name: string, bytes: Uint8Array): readonly SourceCall[] {
  const own = facts.functions.filter((one) => one.name === name);
  const allocations = own.flatMap(allocationsOf);
  if (allocations.length > 0) return allocations;
  const decoder = new TextDecoder('latin1');
  const text = own.map((one) => decoder.decode(bytes.subarray(one.range.start, one.range.end))).join('\n');
  const called = new Set([...text.matchAll(/\b([A-Za-z_]\w*)\(/g)].map((match) => match[1]));
  return facts.functions.filter((one) => one.name !== name && called.has(one.name)).flatMap(allocationsOf);
}

function allocationsOf(facts: FunctionFacts): readonly SourceCall[] {
  return facts.calls.filter((call) => call.api?.frees === undefined && (call.api?.allocates !== undefined || call.mask !== undefined));
}

/** Flags that slab, kmalloc, kvmalloc and the page allocator's callers add or take away, and memalloc scopes clear (mm/slub.c, mm/util.c). */
const ADDED = new Set(
  ['COMP', 'NOWARN', 'NORETRY', 'NOMEMALLOC', 'THISNODE', 'RECLAIMABLE', 'HIGHMEM', 'HARDWALL', 'NOTRACK', 'ATOMIC', 'SKIP_KASAN'].map(
    (name) => `__GFP_${name}`,
  ),
);
const TAKEN = new Set(['ZERO', 'ACCOUNT', 'NOFAIL', 'RECLAIMABLE', 'MOVABLE', 'HARDWALL'].map((name) => `__GFP_${name}`));

function agreementOf(call: SourceCall, { mask }: FailureExplanation, model: KernelModel): MaskAgreement | undefined {
  if (mask === undefined || (call.mask === undefined && call.api?.fixedMask === undefined)) return undefined;
  const { set, clear } = call.effectiveMask;
  const names = model.flags.names;
  const onlyInSource = names.filter((name, bit) => (set & (1 << bit)) !== 0 && !mask.flags.includes(name) && !TAKEN.has(name));
  const onlyInLog = mask.flags.filter((name) => (clear & model.flags.bitsOf(name)) !== 0 && !ADDED.has(name));
  const differs = onlyInSource.length > 0 || onlyInLog.length > 0;
  return { agrees: differs ? false : isExact(call.effectiveMask) ? true : undefined, onlyInLog, onlyInSource };
}

function scoreOf(call: SourceCall, failure: FailureExplanation, model: KernelModel): number {
  const agreement = agreementOf(call, failure, model);
  const byMask = agreement === undefined ? 0 : agreement.agrees === true ? 4 : agreement.agrees === undefined ? 2 : 1;
  return byMask * 2 + (sameAllocator(call.callee, failure.site?.allocator) ? 1 : 0);
}

/** `kcalloc()` of the source shows as `__kmalloc` in a trace: the kind of allocator is what can be compared. */
function sameAllocator(callee: string, allocator: string | undefined): boolean {
  const kind = (name: string): string | undefined => KINDS.find(([, pattern]) => pattern.test(name))?.[0];
  return allocator !== undefined && kind(callee) !== undefined && kind(callee) === kind(allocator);
}

const KINDS: readonly (readonly [kind: string, pattern: RegExp])[] = [
  ['skb', /skb/],
  ['dma', /dma_/],
  ['vmalloc', /k?v[mz]alloc|kvcalloc|vmap/],
  ['cache', /kmem_cache/],
  ['heap', /k[mzc]alloc|krealloc|kmemdup|kstrdup|kmalloc/],
  ['pages', /page|folio/],
];

function findingsAt({ findings }: SourceAnalysis, call: SourceCall): readonly Finding[] {
  return findings.filter(({ range, call: about }) => about === call || (range.start < call.range.end && call.range.start < range.end));
}

function fixedText(findings: readonly Finding[], { path, bytes }: FunctionPlace): FixedText | undefined {
  const fixes = findings.flatMap((finding) => finding.fixes ?? []);
  const fix = fixes.find(({ edits }) => edits.every((edit) => edit.path === undefined || edit.path === path));
  return fix === undefined ? undefined : { title: fix.title, bytes: applyEdits(bytes, fix.edits) };
}

function sameSeries({ kernel, kernelFrom }: FailureExplanation, tree: Release): boolean | undefined {
  const release = kernelFrom === 'log' ? parseRelease(kernel) : undefined;
  if (release === undefined) return undefined;
  const series = { major: release.major, minor: release.minor };
  return !isBefore(tree, series.major, series.minor) && isBefore(tree, series.major, series.minor + 1);
}
