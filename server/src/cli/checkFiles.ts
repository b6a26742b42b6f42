import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { relative } from 'node:path';
import { Interner } from '../base/interner';
import { type AnalysisContext, analyseSource } from '../program/analyseSource';
import { INTERESTING_WORDS } from '../program/interest';
import { type ReportedFinding, recordOf } from '../report/record';
import { reasonOf } from './errors';

/** What became of a batch of files; a plain value that a worker can send. */
export interface BatchResult {
  readonly files: number;
  readonly analysed: number;
  readonly bytes: number;
  readonly functions: number;
  readonly calls: number;
  readonly findings: readonly ReportedFinding[];
  readonly gaps: Readonly<Record<string, number>>;
  /** Files that were not analysed; absolute paths. */
  readonly refused: readonly Refusal[];
}

export interface Refusal {
  readonly path: string;
  readonly reason: string;
  /** The file system said no; otherwise the content is not kernel C. */
  readonly unreadable: boolean;
}

/** Larger files are not read, bytes: the largest header of linux 6.1 has 21 MB. */
export const MAX_FILE = 32 << 20;
/** A file with a NUL byte this near its start is not text. */
const BINARY_PROBE = 8192;
/** Names that an interner may hold before a fresh one takes its place, so that memory does not grow with the tree. */
const MAX_NAMES = 400_000;

/** Analyses files one after the other, in a buffer that is used again. One instance per thread. */
export class FileChecker {
  private buffer = Buffer.allocUnsafeSlow(1 << 20);

  /** `root`: the folder that reported paths are relative to. */
  constructor(
    private readonly root: string,
    private context: AnalysisContext,
  ) {}

  check(paths: readonly string[]): BatchResult {
    const tally = new Tally();
    for (const path of paths) this.checkOne(path, tally);
    if (this.context.interner.size > MAX_NAMES) this.context = { ...this.context, interner: new Interner() };
    return tally;
  }

  private checkOne(path: string, tally: Tally): void {
    let bytes: Buffer;
    try {
      const read = this.read(path);
      if (typeof read === 'string') {
        tally.refuse({ path, reason: read, unreadable: false });
        return;
      }
      bytes = read;
    } catch (error) {
      tally.refuse({ path, reason: reasonOf(error), unreadable: true });
      return;
    }
    tally.files++;
    tally.bytes += bytes.length;
    if (bytes.subarray(0, BINARY_PROBE).includes(0)) {
      tally.refuse({ path, reason: 'not a text file', unreadable: false });
      return;
    }
    if (!INTERESTING_WORDS.some((word) => bytes.includes(word, 0, 'latin1'))) return;
    this.analyse(path, bytes, tally);
  }

  /** The file's content in the shared buffer, or the reason why it is not wanted. Throws what the file system throws. */
  private read(path: string): Buffer | string {
    const file = openSync(path, 'r');
    try {
      const stat = fstatSync(file);
      if (!stat.isFile()) return 'not a regular file';
      if (stat.size > MAX_FILE) return `larger than ${MAX_FILE >> 20} MiB`;
      if (stat.size > this.buffer.length) this.buffer = Buffer.allocUnsafeSlow(Math.min(MAX_FILE, stat.size * 2));
      let length = 0;
      for (let count = -1; count !== 0 && length < stat.size; length += count)
        count = readSync(file, this.buffer, length, stat.size - length, null);
      return this.buffer.subarray(0, length);
    } finally {
      closeSync(file);
    }
  }

  private analyse(path: string, bytes: Buffer, tally: Tally): void {
    const { facts, findings, gaps } = analyseSource(relative(this.root, path), bytes, this.context);
    tally.analysed++;
    tally.functions += facts.functions.length;
    for (const fn of facts.functions) tally.calls += fn.calls.length;
    for (const gap of gaps) tally.gap(gap.reason);
    for (const finding of findings) tally.findings.push(recordOf(finding, facts.file, this.context.model));
  }
}

class Tally implements BatchResult {
  files = 0;
  analysed = 0;
  bytes = 0;
  functions = 0;
  calls = 0;
  readonly findings: ReportedFinding[] = [];
  readonly gaps: Record<string, number> = {};
  readonly refused: Refusal[] = [];

  gap(reason: string): void {
    this.gaps[reason] = (this.gaps[reason] ?? 0) + 1;
  }

  refuse(refusal: Refusal): void {
    this.refused.push(refusal);
    this.gap(`file not analysed: ${refusal.reason}`);
  }
}
