import { LineIndex } from '../base/lineIndex';
import type { TextRange } from '../base/range';
import type { LogSource } from '../ide/logSource';
import type { KernelModel } from '../kernel/model';
import { type FindingRecord, recordOf } from './record';
import { unifiedDiff } from './unifiedDiff';

/** The place in a kernel tree that a log leads to, in plain values; lines from 1. */
export interface LogSourceRecord {
  readonly file: string;
  readonly line: number;
  /** The call as the source has it, on one line; null where the function shows no allocation. */
  readonly call: string | null;
  readonly callee: string | null;
  readonly mask: string | null;
  /** The expressions that decide on the size. */
  readonly size: string | null;
  /** Null: cannot be told. */
  readonly maskAgrees: boolean | null;
  readonly onlyInLog: readonly string[];
  readonly onlyInSource: readonly string[];
  /** Allocations of the function that could as well be meant. */
  readonly others: number;
  readonly release: string;
  readonly releaseAgrees: boolean | null;
  readonly findings: readonly FindingRecord[];
  readonly fix: { readonly title: string; readonly diff: string } | null;
}

export function logSourceRecord(source: LogSource, model: KernelModel): LogSourceRecord {
  const { place, call, mask, fixed } = source;
  const text = { bytes: place.bytes, lines: new LineIndex(place.bytes) };
  const written = (range: TextRange | undefined): string | null =>
    range === undefined ? null : decode(place.bytes.subarray(range.start, range.end)).replace(/\s+/g, ' ').trim();
  return {
    file: place.path,
    line: call === undefined ? place.line : text.lines.lineOf(call.range.start) + 1,
    call: written(call?.range),
    callee: call?.callee ?? null,
    mask: call?.mask?.text.replace(/\s+/g, ' ') ?? null,
    size: call === undefined ? null : sizeText(call),
    maskAgrees: mask?.agrees ?? null,
    onlyInLog: mask?.onlyInLog ?? [],
    onlyInSource: mask?.onlyInSource ?? [],
    others: source.others,
    release: source.release,
    releaseAgrees: source.sameRelease ?? null,
    findings: source.findings.map((finding) => recordOf(finding, text, model)),
    fix: fixed === undefined ? null : { title: fixed.title, diff: unifiedDiff(place.path, decode(place.bytes), decode(fixed.bytes)) },
  };
}

/** The arguments that the catalogue names as size. */
function sizeText({ api, args }: NonNullable<LogSource['call']>): string | null {
  const shape = api?.size;
  if (shape === undefined) return null;
  const positions = shape.kind === 'array' ? [shape.count, shape.element] : [shape.arg];
  const texts = positions.map((position) => args[position]?.text.replace(/\s+/g, ' '));
  return texts.some((one) => one === undefined) ? null : texts.join(' * ');
}

const decoder = new TextDecoder('utf-8');

function decode(bytes: Uint8Array): string {
  return decoder.decode(bytes);
}
