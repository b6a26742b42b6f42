import { statSync } from 'node:fs';
import { explainRecords, type FailureExplanation, type FailureRecord, LogExplainer, LogScanner } from '../log/index';
import { logJson } from '../report/logJson';
import { logPage, repeatedLine } from '../report/logPage';
import type { LogSourceRecord } from '../report/logSourceRecord';
import { SourceFinder } from './logSource';
import { readLogFile } from './openLog';
import { complain, EXIT, type Output } from './output';
import { maskPaletteFor } from './palette';
import { rootOf } from './tree';
import { TOOL } from './version';

/** The flags of `log` as the user gave them. */
export interface LogOptions {
  readonly json?: boolean;
  readonly tree?: string;
}

/** Files up to this size are read to their end before anything is printed, bytes; and how many failures wait for that. */
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
    for await (const bytes of readLogFile(path)) {
      scanner.push(bytes);
      await printFound();
      if (output.isClosed) break;
    }
  } catch (error) {
    await output.flush();
    throw error;
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
