import type { OpenText } from './document';
import type { Kernels } from './kernels';
import { DEFAULT_SETTINGS, type SettingsByFolder } from './settings';
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
  }

  snapshot(): Snapshot {
    this.current ??= new Snapshot(this.texts, this.settings, this.kernels, this.results);
    return this.current;
  }
}
