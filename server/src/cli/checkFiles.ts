import { closeSync, fstatSync, openSync, readFileSync, readSync } from 'node:fs';
import { join, relative } from 'node:path';
import { Interner } from '../base/interner';
import { LineIndex } from '../base/lineIndex';
import type { FieldVerdict } from '../facts/linkage/fieldVerdict';
import type { CallVerdict } from '../facts/linkage/verdict';
import type { FieldReport } from '../facts/memory';
import { type AnalysisContext, analyseSource, reportsOnFields } from '../program/analyseSource';
import type { SourceEntry } from '../program/batches';
import { INTERESTING_WORDS, mayHoldFunctions } from '../program/interest';
import { type Shard, ShardWriter } from '../program/link/shard';
import { type ReportedFinding, recordOf, type SourceText } from '../report/record';
import { reasonOf } from './errors';

/** What became of a batch of files; a plain value that a worker can send. */
export interface BatchResult {
  readonly files: number;
  readonly analysed: number;
  readonly bytes: number;
  readonly functions: number;
  readonly calls: number;
  /** Relative to the root. */
  readonly paths: readonly string[];
  readonly findings: readonly ReportedFinding[];
  readonly gaps: Readonly<Record<string, number>>;
  /** Files that were not analysed; absolute paths. */
  readonly refused: readonly Refusal[];
  /** What the files tell the analysis of the whole tree, when that was asked for. */
  readonly shard: Shard | undefined;
  /** What the files say of the members they were asked for. */
  readonly fields: readonly FieldReport[];
}

/** A file to check; a plain value that can be sent to a worker. */
export interface CheckEntry extends SourceEntry {
  /** What the whole tree says of the file's calls; undefined in the first round, which is there to find out. */
  readonly verdicts?: readonly CallVerdict[];
  /** What the files around say of members that it fills or frees. */
  readonly fields?: readonly FieldVerdict[];
  /** The file is only asked what it does with members of these names. */
  readonly members?: readonly string[];
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
/** Texts of other files that are kept for the places of traces. */
const MAX_TEXTS = 64;

/** Analyses files one after the other, in a buffer that is used again. One instance per thread. */
export class FileChecker {
  private buffer = Buffer.allocUnsafeSlow(1 << 20);
  private shards: ShardWriter;
  private readonly texts = new Map<string, SourceText | undefined>();

  /**
   * `root`: the folder that reported paths are relative to; `linked`: the files are part of a tree that is analysed as a whole;
   * `overlays`: what to read in place of files, by absolute path.
   */
  constructor(
    private readonly root: string,
    private context: AnalysisContext,
    private readonly linked: boolean,
    private readonly overlays: ReadonlyMap<string, Uint8Array> = new Map(),
  ) {
    this.shards = new ShardWriter(context.interner);
  }

  check(items: readonly CheckEntry[]): BatchResult {
    const tally = new Tally();
    for (const item of items) this.checkOne(item, tally);
    if (this.linked) tally.shard = this.shards.take();
    if (this.context.interner.size > MAX_NAMES) {
      this.context = { ...this.context, interner: new Interner() };
      this.shards = new ShardWriter(this.context.interner);
    }
    return tally;
  }

  private checkOne(item: CheckEntry, tally: Tally): void {
    const { path } = item;
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
    const has = (word: string): boolean => bytes.includes(word, 0, 'latin1');
    if (item.members !== undefined) {
      const members = item.members.filter(has);
      if (members.length > 0) tally.fields.push(...reportsOnFields(relative(this.root, path), bytes, this.context, members));
      return;
    }
    const linked = this.linked && item.verdicts === undefined;
    if (!INTERESTING_WORDS.some(has) && !(linked && mayHoldFunctions(path, has))) return;
    this.analyse(item, bytes, linked, tally);
  }

  /** The file's content in the shared buffer, or the reason why it is not wanted. Throws what the file system throws. */
  private read(path: string): Buffer | string {
    const text = this.overlays.get(path);
    if (text !== undefined) return Buffer.from(text.buffer, text.byteOffset, text.length);
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

  /** A file of the tree that a finding's trace leads through. */
  private textOf(path: string): SourceText | undefined {
    if (!this.texts.has(path)) {
      if (this.texts.size >= MAX_TEXTS) this.texts.clear();
      const absolute = join(this.root, path);
      this.texts.set(path, readText(absolute, this.overlays.get(absolute)));
    }
    return this.texts.get(path);
  }

  private analyse({ path, verdicts, fields }: CheckEntry, bytes: Buffer, linked: boolean, tally: Tally): void {
    const name = relative(this.root, path);
    const { facts, findings, gaps } = analyseSource(name, bytes, this.context, {
      linked,
      ...(verdicts && { verdicts }),
      ...(fields && { fields }),
    });
    if (facts.linkage) this.shards.add(name, facts.linkage);
    tally.analysed++;
    tally.paths.push(name);
    tally.functions += facts.functions.length;
    for (const fn of facts.functions) tally.calls += fn.calls.length;
    for (const gap of gaps) tally.gap(gap.reason);
    for (const finding of findings) tally.findings.push(recordOf(finding, facts.file, this.context.model, (other) => this.textOf(other)));
  }
}

/** A file that a trace leads through; undefined when it can no longer be read. */
function readText(path: string, overlay: Uint8Array | undefined): SourceText | undefined {
  try {
    const bytes = overlay ?? readFileSync(path);
    return { bytes, lines: new LineIndex(bytes) };
  } catch {
    return undefined;
  }
}

class Tally implements BatchResult {
  files = 0;
  analysed = 0;
  bytes = 0;
  functions = 0;
  calls = 0;
  readonly paths: string[] = [];
  readonly findings: ReportedFinding[] = [];
  readonly gaps: Record<string, number> = {};
  readonly refused: Refusal[] = [];
  shard: Shard | undefined;
  readonly fields: FieldReport[] = [];

  gap(reason: string): void {
    this.gaps[reason] = (this.gaps[reason] ?? 0) + 1;
  }

  refuse(refusal: Refusal): void {
    this.refused.push(refusal);
    this.gap(`file not analysed: ${refusal.reason}`);
  }
}
