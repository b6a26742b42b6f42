import { finish } from '../base/steps';
import type { CallVerdict } from '../facts/linkage/verdict';
import type { SourceAnalysis } from '../program/analyseSource';
import { shardOf } from '../program/link/shard';
import { NeighbourAnswers } from '../program/neighbourAnswers';
import type { Finding } from '../rules/rule';
import type { OpenText } from './document';
import type { Kernels } from './kernels';
import { Results } from './results';
import { DEFAULT_SETTINGS, type SettingsByFolder } from './settings';
import type { Settled } from './settled';
import { Snapshot } from './snapshot';
import { NO_INDEX, type TreeVerdicts } from './treeVerdicts';

/** One thing that happened in the editor. */
export type Change =
  /** A document was opened, or has a new text. */
  | { readonly kind: 'text'; readonly text: OpenText }
  | { readonly kind: 'close'; readonly uri: string }
  | { readonly kind: 'settings'; readonly settings: SettingsByFolder }
  /** Files that a kernel model rests on changed on disk. */
  | { readonly kind: 'kernel' }
  /** An index of a tree is there, or another one: what was settled is looked at once more. */
  | { readonly kind: 'index' };

/**
 * The state of the editor as the analysis sees it: open texts, settings, kernels. Changes go in, snapshots come out; a
 * snapshot does not see later changes. Each text is parsed and analysed at most once, when something first asks for it;
 * the result lives as long as its text is open.
 */
export class Host {
  private texts: ReadonlyMap<string, OpenText> = new Map();
  private settings: SettingsByFolder = { base: DEFAULT_SETTINGS, folders: [] };
  private results = new Results();
  private readonly settled = new Map<string, Settled>();
  private readonly answers = new Map<string, NeighbourAnswers>();
  private current: Snapshot | undefined;
  /** Counts the indexes of trees that came. */
  private indexes = 0;

  constructor(
    private readonly kernels: Kernels,
    private readonly tree: TreeVerdicts = NO_INDEX,
  ) {}

  apply(change: Change): void {
    this.current = undefined;
    switch (change.kind) {
      case 'text': {
        const before = this.texts.get(change.text.uri);
        if (before !== undefined) this.results.replaced(before);
        this.texts = new Map(this.texts).set(change.text.uri, change.text);
        return;
      }
      case 'close': {
        const rest = new Map(this.texts);
        rest.delete(change.uri);
        this.settled.delete(change.uri);
        this.answers.delete(change.uri);
        this.results.closed(change.uri);
        this.texts = rest;
        return;
      }
      case 'settings':
        this.settings = change.settings;
        break;
      case 'kernel':
        this.kernels.forget();
        break;
      case 'index':
        this.indexes++;
        for (const [uri, settled] of this.settled) this.settled.set(uri, { ...settled, stale: true });
        return;
    }
    this.results = new Results();
    this.settled.clear();
    this.answers.clear();
  }

  /** Looks at a document as a whole, in one piece; see {@link settling}. */
  settle(uri: string): boolean {
    return finish(this.settling(uri));
  }

  /**
   * Looks at a document as a whole, for when nobody is typing: what its functions do to each other, or all of its tree to them, and what its headers
   * say of sizes. It takes steps of some milliseconds, and none more once something has changed that it rests on. Answers whether the findings are
   * others than before.
   */
  *settling(uri: string): Generator<void, boolean> {
    const snapshot = this.snapshot();
    const shown = snapshot.diagnostics(uri);
    const text = snapshot.text(uri);
    const { kernel, facts } = snapshot.reading(uri) ?? {};
    const settled = this.settled.get(uri);
    if (text === undefined || kernel === undefined || facts === undefined) return false;
    if (settled?.bytes === text.bytes && settled.stale !== true) return false;
    const said = this.tree.of(kernel.root, kernel.path, text.bytes);
    const verdicts = said && (said.verdicts ?? snapshot.saidOf(text).verdicts);
    const work = snapshot.analyseWhole(text, kernel, facts, { verdicts, answers: this.answersFor(uri) });
    const { results, indexes } = this;
    let step = work.next();
    for (; !step.done; step = work.next()) {
      yield;
      if (this.texts.get(uri) !== text || this.results !== results || this.indexes !== indexes) return false;
    }
    const analysis = step.value;
    this.settled.set(uri, { path: kernel.path, bytes: text.bytes, verdicts: analysis.verdicts, fields: analysis.fields });
    results.settle({ text, kernel, analysis });
    if (said !== undefined && said.verdicts === undefined && kernel.root !== undefined) this.tell(kernel.root, kernel.path, text, analysis);
    return !sameFindings(shown, analysis.findings);
  }

  private answersFor(uri: string): NeighbourAnswers {
    let answers = this.answers.get(uri);
    if (answers === undefined) this.answers.set(uri, (answers = new NeighbourAnswers()));
    return answers;
  }

  private tell(root: string, path: string, text: OpenText, { facts }: SourceAnalysis): void {
    this.tree.tell(root, path, text.bytes, shardOf(path, facts.linkage, facts.file.interner));
  }

  /** The tree says something of the calls of a text, which may be older than the document's. Answers whether the findings are others than before. */
  said(uri: string, bytes: Uint8Array, verdicts: readonly CallVerdict[]): boolean {
    const snapshot = this.snapshot();
    const shown = snapshot.diagnostics(uri);
    const before = snapshot.document(uri);
    if (before?.analysis === undefined) return false;
    const { text, kernel, analysis } = before;
    this.settled.set(uri, { path: kernel.path, bytes, verdicts, fields: analysis.fields });
    if (text.bytes === bytes) this.results.settle({ text, kernel, analysis: snapshot.judgedAgain(before, analysis, verdicts) });
    else this.results.forget(text);
    return !sameFindings(shown, snapshot.document(uri)!.analysis!.findings);
  }

  snapshot(): Snapshot {
    this.current ??= new Snapshot(this.texts, this.settings, this.kernels, this.results, this.settled, this.tree);
    return this.current;
  }
}

function sameFindings(a: readonly Finding[], b: readonly Finding[]): boolean {
  return a.length === b.length && a.every((finding, index) => isSame(finding, b[index]!));
}

/** Also to the places that its evidence leads to: those in other files move when these are edited. */
function isSame(a: Finding, b: Finding): boolean {
  const places = ({ trace = [] }: Finding): readonly number[] => trace.map((step) => step.range.start);
  return a.fingerprint === b.fingerprint && a.message === b.message && places(a).join() === places(b).join();
}
