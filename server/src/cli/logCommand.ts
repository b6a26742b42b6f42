import { closeSync, createReadStream, openSync, readSync, statSync } from 'node:fs';
import type { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { explainRecords, type FailureExplanation, type FailureRecord, LogExplainer, LogScanner } from '../log/index';
import { logJson } from '../report/logJson';
import { logPage, repeatedLine } from '../report/logPage';
import type { LogSourceRecord } from '../report/logSourceRecord';
import { reasonOf, UserError } from './errors';
import { SourceFinder } from './logSource';
import { complain, EXIT, type Output } from './output';
import { maskPaletteFor } from './palette';
import { rootOf } from './tree';
import { TOOL } from './version';

/** The flags of `log` as the user gave them. */
export interface LogOptions {
  readonly json?: boolean;
  readonly tree?: string;
}

/** Bytes that are read at once. */
const CHUNK = 1 << 20;
const SHORT = 8 << 20;
const MOST_HELD = 1000;

/**
 * `gfp-lens log`: explains the failures of a log, each as soon as it has been read, in constant memory. Returns the exit code: 1 when there was a failure.
 *
 * @throws UserError for a file that cannot be read.
 */
export async function explainLog(path: string, options: LogOptions, output: Output): Promise<number> {
  const printer = options.json === true ? new JsonPrinter(path) : new PagePrinter();
  const found: FailureExplanation[] = [];
  let failed = false;
  const root = options.tree === undefined ? undefined : rootOf(options.tree, []);
  const finder = root === undefined ? undefined : new SourceFinder(root);
  const held: FailureRecord[] = [];
  const hold = isShort(path);
  const explainer = new LogExplainer();
  const scanner = new LogScanner((record) => (hold && held.length < MOST_HELD ? held.push(record) : found.push(explainer.explain(record))));
  await output.write(printer.head());
  const printFound = async () => {
    for (const failure of found.splice(0)) {
      failed ||= isFailure(failure);
      await output.write(printer.failure(failure, finder?.locate(failure)));
    }
  };
  try {
    for await (const bytes of openLog(path)) {
      scanner.push(bytes as Uint8Array);
      await printFound();
      if (output.isClosed) break;
    }
  } catch (error) {
    await output.flush();
    throw new UserError(`${path}: ${isBroken(error) ? 'the compressed data is damaged' : reasonOf(error)}`);
  }
  scanner.end();
  found.push(...explainRecords(held));
  await printFound();
  await output.write(printer.tail());
  await output.flush();
  if (printer.count === 0 && options.json !== true) complain(`${path === '-' ? 'standard input' : path}: no allocation failure found`);
  return failed ? EXIT.findings : EXIT.ok;
}

/** A file that is read to its end before anything is printed: then files of /proc at its end refine the failures before them. */
function isShort(path: string): boolean {
  if (path === '-') return false;
  const stat = statSync(path, { throwIfNoEntry: false });
  return stat?.isFile() === true && stat.size <= SHORT;
}

/** State of the machine, and traces in which every request was served, are no failures. */
function isFailure({ kind, events }: FailureExplanation): boolean {
  if (kind === 'events') return events?.masks.some(({ use }) => use.failed > 0) === true;
  return kind !== 'memory' && kind !== 'state';
}

/** The bytes of a file, unpacked when it begins like a gzip file; `-` is standard input. */
function openLog(path: string): Readable {
  if (path === '-') return process.stdin;
  const magic = firstBytes(path);
  if (magic[0] === 0xfd && magic[1] === 0x37)
    throw Object.assign(new Error(), { code: 'is xz-compressed: unpack it with xz -dc and give -' });
  const stream = createReadStream(path, { highWaterMark: CHUNK });
  if (magic[0] !== 0x1f || magic[1] !== 0x8b) return stream;
  const unpacked = createGunzip({ chunkSize: CHUNK });
  stream.on('error', (error) => unpacked.destroy(error));
  return stream.pipe(unpacked);
}

function firstBytes(path: string): Uint8Array {
  const bytes = new Uint8Array(2);
  const file = openSync(path, 'r');
  try {
    readSync(file, bytes, 0, 2, null);
  } finally {
    closeSync(file);
  }
  return bytes;
}

function isBroken(error: unknown): boolean {
  return /^Z_/.test((error as NodeJS.ErrnoException).code ?? '');
}

interface Printer {
  readonly count: number;
  head(): string;
  failure(failure: FailureExplanation, source: LogSourceRecord | undefined): string;
  tail(): string;
}

/** Failures that are remembered to name later ones like them. */
const MOST_REMEMBERED = 1000;

class PagePrinter implements Printer {
  count = 0;
  private readonly palette = maskPaletteFor(process.stdout);
  private readonly seen = new Map<string, number>();

  head(): string {
    return '';
  }

  /** A full page for the first failure of its kind, one line for those like it. */
  failure(failure: FailureExplanation, source: LogSourceRecord | undefined): string {
    this.count++;
    const { kind, verdict, order, maskText, site } = failure;
    const key = [kind, verdict, order, maskText, site?.function].join(' ');
    const like = this.seen.get(key);
    if (like === undefined && this.seen.size < MOST_REMEMBERED) this.seen.set(key, this.count);
    const text = like === undefined ? logPage(failure, this.count, this.palette, source) : repeatedLine(failure, this.count, like);
    return `${this.count > 1 ? '\n' : ''}${text}`;
  }

  tail(): string {
    return '';
  }
}

/** One object, each failure on a line of its own. */
class JsonPrinter implements Printer {
  count = 0;

  constructor(private readonly path: string) {}

  head(): string {
    return `${JSON.stringify({ tool: TOOL, input: this.path }).slice(0, -1)},"failures":[`;
  }

  failure(failure: FailureExplanation, source: LogSourceRecord | undefined): string {
    return `${this.count++ > 0 ? ',' : ''}\n${JSON.stringify(logJson(failure, source))}`;
  }

  tail(): string {
    return `${this.count > 0 ? '\n' : ''}]}\n`;
  }
}
