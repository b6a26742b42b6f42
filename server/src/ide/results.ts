import type { FileFacts } from '../facts/site';
import type { SourceAnalysis } from '../program/analyseSource';
import type { Finding } from '../rules/rule';
import type { SourceFile } from '../syntax/sourceFile';
import { type JudgedText, judgedText } from './carriedFindings';
import type { OpenText } from './document';
import type { KernelOfFile } from './kernels';

/** A document as far as it was looked at: not analysed (not C, not kernel code, switched off), or with its facts. */
export interface DocumentResult {
  readonly text: OpenText;
  readonly kernel: KernelOfFile;
  /** Undefined when the document is none of our business. */
  readonly analysis: SourceAnalysis | undefined;
}

/** A document before any rule has looked at it. */
export interface DocumentReading {
  readonly kernel: KernelOfFile;
  /** Undefined when the document is none of our business. */
  readonly facts: FileFacts | undefined;
}

/** What was made of open texts, each once for each text. It lives as long as the texts. */
export class Results {
  private readonly readings = new WeakMap<OpenText, DocumentReading>();
  private readonly results = new WeakMap<OpenText, DocumentResult>();
  private readonly shown = new WeakMap<OpenText, readonly Finding[]>();
  /** By URI: the text whose functions were all judged last. */
  private readonly judged = new Map<string, JudgedText | undefined>();
  /** By URI: an older text's file, of which nothing is looked at any more. */
  private readonly spare = new Map<string, SourceFile>();

  kernelOf(text: OpenText): KernelOfFile | undefined {
    return this.readings.get(text)?.kernel;
  }

  reading(text: OpenText, make: () => DocumentReading): DocumentReading {
    return known(this.readings, text, make);
  }

  result(text: OpenText, make: () => DocumentResult): DocumentResult {
    const before = this.results.get(text);
    if (before !== undefined) return before;
    const result = make();
    this.keep(result);
    return result;
  }

  /** Findings that the user is shown for a text: they stay what they are until {@link settle}. */
  shownFor(text: OpenText, make: () => readonly Finding[]): readonly Finding[] {
    return known(this.shown, text, make);
  }

  judgedText(uri: string): JudgedText | undefined {
    return this.judged.get(uri);
  }

  /** A better result takes the place of what was known of its text; also what is shown of it. */
  settle(result: DocumentResult): void {
    const { text, kernel, analysis } = result;
    this.readings.set(text, { kernel, facts: analysis?.facts });
    this.shown.delete(text);
    this.keep(result);
  }

  /** The text is looked at from the start when it is asked for again. */
  forget(text: OpenText): void {
    this.readings.delete(text);
    this.results.delete(text);
    this.shown.delete(text);
  }

  /** A newer text took a text's place, and may take the memory of what was read of it. Whoever still asks about the older one has it read again. */
  replaced(text: OpenText): void {
    const file = this.readings.get(text)?.facts?.file;
    if (file !== undefined) this.spare.set(text.uri, file);
    this.forget(text);
  }

  /** A file whose memory the next reading may take; it is given away once. */
  takeSpare(uri: string): SourceFile | undefined {
    const file = this.spare.get(uri);
    this.spare.delete(uri);
    return file;
  }

  closed(uri: string): void {
    this.spare.delete(uri);
    this.judged.delete(uri);
  }

  private keep(result: DocumentResult): void {
    const { text, analysis } = result;
    this.results.set(text, result);
    this.judged.set(text.uri, analysis && judgedText(analysis.facts, analysis.findings));
  }
}

function known<T>(map: WeakMap<OpenText, T>, text: OpenText, make: () => T): T {
  let value = map.get(text);
  if (value === undefined) map.set(text, (value = make()));
  return value;
}
