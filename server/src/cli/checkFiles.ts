import { closeSync, fstatSync, openSync, readFileSync, readSync } from 'node:fs';
import { join, relative } from 'node:path';
import { Interner } from '../base/interner';
import { LineIndex } from '../base/lineIndex';
import type { FieldVerdict } from '../facts/linkage/fieldVerdict';
import type { CallVerdict } from '../facts/linkage/verdict';
import type { FieldReport } from '../facts/memory';
import { type AnalysisContext, analyseSource, reportsOnFields } from '../program/analyseSource';
import type { SourceEntry } from '../program/batches';
import type { FileStamp } from '../program/cache/fileStamp';
import type { IncludeNotebook, IncludeRows } from '../program/cache/includeGraph';
import type { FileRefusal } from '../program/cache/treeState';
import { isWorthParsing, licenceEnd } from '../program/interest';
import { type Shard, ShardWriter } from '../program/link/shard';
import { type ReportedFinding, recordOf, type SourceText } from '../report/record';
import { digestOf, stampOf } from './contentStamp';
import { reasonOf } from './errors';

/** What became of a batch of files; a plain value that a worker can send. */
export interface BatchResult {
  readonly rows: readonly FileRow[];
  readonly findings: readonly ReportedFinding[];
  /** What the files tell the analysis of the whole tree, when that was asked for: those of the rows that are `linked`, in their order. */
  readonly shard: Shard | undefined;
  /** What the files say of the members they were asked for. */
  readonly fields: readonly FieldReport[];
  /** What the answers rest on, when they are to be kept. */
  readonly includes: IncludeRows | undefined;
}

/** What became of one file. */
export interface FileRow {
  /** Relative to the root. */
  readonly path: string;
  /** Bytes that were read; -1 when the file was refused before. */
  readonly bytes: number;
  /** It was parsed; other files hold no word that matters. */
  readonly analysed: boolean;
  readonly functions: number;
  readonly calls: number;
  readonly linked: boolean;
  /** The file as it was when it was read, and a checksum of its content; undefined when it is not to be kept. */
  readonly seen: { readonly stamp: FileStamp; readonly hash: string } | undefined;
  readonly gaps: Readonly<Record<string, number>> | undefined;
  readonly refusal: FileRefusal | undefined;
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

/** Larger files are not read, bytes: the largest header of linux 6.1 has 21 MB. */
export const MAX_FILE = 32 << 20;
/** Bytes of the buffer; a few files are larger, and get one of their own. */
const BUFFER = 1 << 20;
/** A file with a NUL byte this near its start is not text. */
const BINARY_PROBE = 8192;
/** Names that an interner may hold before a fresh one takes its place, so that memory does not grow with the tree. */
const MAX_NAMES = 400_000;
/** Headers that may be known before they are forgotten, for the same reason. A driver's own are used by its folder alone; common ones are read again. */
const MAX_HEADERS = 6_000;
/** Texts of other files that are kept for the places of traces. */
const MAX_TEXTS = 64;

export interface CheckerOptions {
  /** The files are part of a tree that is analysed as a whole. */
  readonly linked: boolean;
  /** What to read in place of files, by absolute path. */
  readonly overlays?: ReadonlyMap<string, Uint8Array> | undefined;
  /** Hears what the context's headers are asked; there when results are to be kept. */
  readonly notebook?: IncludeNotebook | undefined;
}

/** Analyses files one after the other, in a buffer that is used again. One instance per thread. */
export class FileChecker {
  private readonly buffer = Buffer.allocUnsafeSlow(BUFFER);
  private context: AnalysisContext;
  private shards: ShardWriter;
  private readonly texts = new Map<string, SourceText | undefined>();

  /** `root`: the folder that reported paths are relative to. */
  constructor(
    private readonly root: string,
    private readonly makeContext: () => AnalysisContext,
    private readonly options: CheckerOptions,
  ) {
    this.context = makeContext();
    this.shards = new ShardWriter(this.context.interner);
  }

  check(items: readonly CheckEntry[]): BatchResult {
    const batch: Batch = { rows: [], findings: [], fields: [] };
    for (const item of items) batch.rows.push(this.checkOne(item, batch));
    const shard = this.options.linked ? this.shards.take() : undefined;
    if (this.headers > MAX_HEADERS) this.renew(this.makeContext());
    else if (this.context.interner.size > MAX_NAMES) this.renew({ ...this.context, interner: new Interner() });
    return { ...batch, shard, includes: this.options.notebook?.take() };
  }

  private renew(context: AnalysisContext): void {
    this.context = context;
    this.shards = new ShardWriter(context.interner);
  }

  /** Headers that are known. */
  private get headers(): number {
    return this.context.headers?.count ?? 0;
  }

  private checkOne(item: CheckEntry, batch: Batch): FileRow {
    const name = relative(this.root, item.path);
    let read: Content;
    try {
      read = this.read(item.path);
    } catch (error) {
      return { ...NOT_READ, path: name, ...refused(reasonOf(error), true) };
    }
    const { bytes, stamp } = read;
    if (bytes === undefined) return { ...NOT_READ, path: name, ...refused(read.refused, false) };
    const seen = stamp === undefined || this.options.notebook === undefined ? undefined : { stamp, hash: digestOf(bytes) };
    const row = { ...NOT_READ, path: name, bytes: bytes.length, seen };
    if (bytes.subarray(0, BINARY_PROBE).includes(0)) return { ...row, ...refused('not a text file', false) };
    const code = licenceEnd(bytes);
    const has = (text: string): boolean => bytes.includes(text, code, 'latin1');
    if (item.members !== undefined) {
      const members = item.members.filter((member) => has(member.replace('()', '')));
      if (members.length > 0) batch.fields.push(...reportsOnFields(name, bytes, this.context, members));
      return row;
    }
    const linked = this.options.linked && item.verdicts === undefined;
    if (!isWorthParsing({ path: item.path, size: bytes.length, has }, linked)) return row;
    return { ...row, ...this.analyse(name, item, bytes, linked, batch) };
  }

  /** The file's content in the shared buffer, or the reason why it is not wanted. Throws what the file system throws. */
  private read(path: string): Content {
    const text = this.options.overlays?.get(path);
    if (text !== undefined) return { bytes: Buffer.from(text.buffer, text.byteOffset, text.length) };
    const file = openSync(path, 'r');
    try {
      const stat = fstatSync(file);
      if (!stat.isFile()) return { refused: 'not a regular file' };
      if (stat.size > MAX_FILE) return { refused: `larger than ${MAX_FILE >> 20} MiB` };
      const buffer = stat.size <= this.buffer.length ? this.buffer : Buffer.allocUnsafeSlow(stat.size);
      let length = 0;
      for (let count = -1; count !== 0 && length < stat.size; length += count)
        count = readSync(file, buffer, length, stat.size - length, null);
      return { bytes: buffer.subarray(0, length), stamp: stampOf(stat) };
    } finally {
      closeSync(file);
    }
  }

  /** A file of the tree that a finding's trace leads through. */
  private textOf(path: string): SourceText | undefined {
    if (!this.texts.has(path)) {
      if (this.texts.size >= MAX_TEXTS) this.texts.clear();
      const absolute = join(this.root, path);
      this.texts.set(path, readText(absolute, this.options.overlays?.get(absolute)));
    }
    return this.texts.get(path);
  }

  private analyse(name: string, { verdicts, fields }: CheckEntry, bytes: Buffer, linked: boolean, batch: Batch): Partial<FileRow> {
    const { facts, findings, gaps } = analyseSource(name, bytes, this.context, {
      linked,
      ...(verdicts && { verdicts }),
      ...(fields && { fields }),
    });
    if (facts.linkage) this.shards.add(name, facts.linkage);
    for (const finding of findings) batch.findings.push(recordOf(finding, facts.file, this.context.model, (other) => this.textOf(other)));
    const calls = facts.functions.reduce((sum, fn) => sum + fn.calls.length, 0);
    const counted = gaps.length === 0 ? undefined : countedReasons(gaps);
    return { analysed: true, functions: facts.functions.length, calls, linked: facts.linkage !== undefined, gaps: counted };
  }
}

function countedReasons(gaps: readonly { readonly reason: string }[]): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const { reason } of gaps) counts[reason] = (counts[reason] ?? 0) + 1;
  return counts;
}

interface Batch {
  readonly rows: FileRow[];
  readonly findings: ReportedFinding[];
  readonly fields: FieldReport[];
}

/** What a file holds; without `bytes` the reason why nobody looks. */
type Content =
  | { readonly bytes: Buffer; readonly stamp?: FileStamp }
  | { readonly bytes?: undefined; readonly stamp?: undefined; readonly refused: string };

const NOT_READ = {
  bytes: -1,
  analysed: false,
  functions: 0,
  calls: 0,
  linked: false,
  seen: undefined,
  gaps: undefined,
  refusal: undefined,
} as const;

function refused(reason: string, unreadable: boolean): Pick<FileRow, 'gaps' | 'refusal'> {
  return { gaps: { [`file not analysed: ${reason}`]: 1 }, refusal: { reason, unreadable } };
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
