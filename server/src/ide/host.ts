import type { Finding } from '../rules/rule';
import type { OpenText } from './document';
import type { Kernels } from './kernels';
import { DEFAULT_SETTINGS, type SettingsByFolder } from './settings';
import type { Settled } from './settled';
import { type DocumentResult, Snapshot } from './snapshot';

/** One thing that happened in the editor. */
export type Change =
  /** A document was opened, or has a new text. */
  | { readonly kind: 'text'; readonly text: OpenText }
  | { readonly kind: 'close'; readonly uri: string }
  | { readonly kind: 'settings'; readonly settings: SettingsByFolder }
  /** Files that a kernel model rests on changed on disk. */
  | { readonly kind: 'kernel' };

/**
 * The state of the editor as the analysis sees it: open texts, settings, kernels. Changes go in, snapshots come out; a
 * snapshot does not see later changes. Each text is parsed and analysed at most once, when something first asks for it;
 * the result lives as long as its text is open.
 */
export class Host {
  private texts: ReadonlyMap<string, OpenText> = new Map();
  private settings: SettingsByFolder = { base: DEFAULT_SETTINGS, folders: [] };
  private results = new WeakMap<OpenText, DocumentResult>();
  private readonly settled = new Map<string, Settled>();
  private current: Snapshot | undefined;

  constructor(private readonly kernels: Kernels) {}

  apply(change: Change): void {
    this.current = undefined;
    switch (change.kind) {
      case 'text':
        this.texts = new Map(this.texts).set(change.text.uri, change.text);
        return;
      case 'close': {
        const rest = new Map(this.texts);
        rest.delete(change.uri);
        this.settled.delete(change.uri);
        this.texts = rest;
        return;
      }
      case 'settings':
        this.settings = change.settings;
        break;
      case 'kernel':
        this.kernels.forget();
        break;
    }
    this.results = new WeakMap();
    this.settled.clear();
  }

  /**
   * Looks at a document as a whole, for when nobody is typing: what its functions do to each other, and what its headers say of sizes. Answers
   * whether the findings are others than before.
   */
  settle(uri: string): boolean {
    const snapshot = this.snapshot();
    const before = snapshot.document(uri);
    if (before?.analysis === undefined || this.settled.get(uri)?.bytes === before.text.bytes) return false;
    const { text, kernel } = before;
    const analysis = snapshot.analyseWhole(text, kernel);
    this.settled.set(uri, { path: kernel.path, bytes: text.bytes, verdicts: analysis.verdicts, fields: analysis.fields });
    this.results.set(text, { text, kernel, analysis });
    return !sameFindings(before.analysis.findings, analysis.findings);
  }

  snapshot(): Snapshot {
    this.current ??= new Snapshot(this.texts, this.settings, this.kernels, this.results, this.settled);
    return this.current;
  }
}

function sameFindings(a: readonly Finding[], b: readonly Finding[]): boolean {
  return (
    a.length === b.length &&
    a.every((finding, index) => finding.fingerprint === b[index]!.fingerprint && finding.message === b[index]!.message)
  );
}
