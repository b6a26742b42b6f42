import type { CallVerdict } from '../facts/linkage/verdict';
import type { FunctionContext } from '../program/link/functionContexts';
import type { Shard } from '../program/link/shard';
import type { FileVerdicts, FromIndex, IndexSetup, ToIndex } from '../program/treeIndex/messages';

/** Where indexes are kept. */
export interface IndexPlatform {
  /** Starts the thread of an index, which answers with messages until it is ended. */
  readonly start: (setup: IndexSetup, heard: (message: FromIndex) => void) => IndexThread;
  /** The checksum by which an index names the content of files. */
  readonly digest: (bytes: Uint8Array) => string;
  /** Threads that may read files at the same time. */
  readonly jobs: number;
}

export interface IndexThread {
  readonly post: (message: ToIndex) => void;
  readonly end: () => void;
}

/** How far an index is. */
export interface IndexState {
  readonly state: 'reading' | 'ready' | 'stopped' | 'failed';
  readonly done: number;
  readonly total: number;
  /** Why it failed. */
  readonly reason?: string;
}

export interface IndexEvents {
  readonly state: (state: IndexState) => void;
  /** Other things are said of these files; undefined: of any. */
  readonly changed: (paths: ReadonlySet<string> | undefined) => void;
  /** Functions may run in other contexts. */
  readonly contexts: () => void;
}

/** Files change in bunches: a checkout of another branch touches thousands. Milliseconds. */
const PAUSE = 500;

/** The index of one tree: a thread that keeps it, and what it says, which is all that this process holds of it. */
export class TreeIndex {
  readonly key: string;
  state: IndexState = { state: 'reading', done: 0, total: 0 };
  private readonly thread: IndexThread;
  private said = new Map<string, FileVerdicts>();
  /** JSON of function contexts, by path. */
  private contexts = new Map<string, string>();
  /** Texts that the index was told of, by path. */
  private readonly told = new Map<string, { readonly name: string; readonly bytes: Uint8Array }>();
  private names = 0;
  private hasRead = false;
  private readonly hasContexts: boolean;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private waiting: ((state: IndexState) => void)[] = [];

  /** Starts reading at once. */
  constructor(
    setup: IndexSetup,
    private readonly platform: IndexPlatform,
    private readonly events: IndexEvents,
  ) {
    this.key = keyOf(setup);
    this.hasContexts = setup.contexts;
    this.thread = platform.start(setup, (message) => this.take(message));
    this.post({ kind: 'refresh' });
  }

  /** It has read the whole tree once. */
  get isReady(): boolean {
    return this.hasRead;
  }

  /** Resolves when it has read all, was stopped, or cannot. */
  finished(): Promise<IndexState> {
    return this.state.state === 'reading' ? new Promise((resolve) => this.waiting.push(resolve)) : Promise.resolve(this.state);
  }

  /** What is said of a text; undefined when the index does not know this text (yet). */
  of(path: string, bytes: Uint8Array): readonly CallVerdict[] | undefined {
    const said = this.said.get(path);
    if (said === undefined) return undefined;
    const told = this.told.get(path);
    const isSame = told?.bytes === bytes ? told.name === said.text : said.text === this.platform.digest(bytes);
    return isSame ? JSON.parse(said.verdicts) : undefined;
  }

  /** Undefined: the index was not asked for contexts, or has not read the tree yet. */
  contextsOf(path: string): readonly FunctionContext[] | undefined {
    return this.hasRead && this.hasContexts ? JSON.parse(this.contexts.get(path) ?? '[]') : undefined;
  }

  tell(path: string, bytes: Uint8Array, shard: Shard): void {
    const name = `text ${++this.names}`;
    this.told.set(path, { name, bytes });
    this.post({ kind: 'text', path, name, shard });
  }

  /** The editor has closed the file: what is on disk counts, which may be what was saved just now. */
  closed(path: string): void {
    if (!this.told.delete(path)) return;
    this.refreshNow();
    this.post({ kind: 'text', path, name: undefined, shard: undefined });
  }

  /** Something on disk may have changed. */
  refresh(): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.refreshNow(), PAUSE);
  }

  refreshNow(): void {
    this.become({ state: 'reading', done: 0, total: 0 });
    this.post({ kind: 'refresh' });
  }

  cancel(): void {
    this.post({ kind: 'cancel' });
  }

  dispose(): void {
    clearTimeout(this.timer);
    this.settle({ ...this.state, state: 'stopped' });
    this.thread.end();
  }

  private take(message: FromIndex): void {
    switch (message.kind) {
      case 'progress':
        this.become({ state: 'reading', done: message.done, total: message.total });
        return;
      case 'ready':
        this.said = new Map(message.verdicts.map((one) => [one.path, one]));
        this.hasRead = true;
        this.become({ state: 'ready', done: message.files, total: message.files });
        this.events.changed(undefined);
        return;
      case 'changed':
        for (const one of message.verdicts) this.said.set(one.path, one);
        this.events.changed(new Set(message.verdicts.map(({ path }) => path)));
        return;
      case 'contexts':
        this.contexts = new Map(message.byFile);
        this.events.contexts();
        return;
      case 'stopped':
        this.become({ ...this.state, state: 'stopped' });
        return;
      case 'failed':
        this.become({ ...this.state, state: 'failed', reason: message.message });
    }
  }

  private become(state: IndexState): void {
    this.state = state;
    this.events.state(state);
    if (state.state !== 'reading') this.settle(state);
  }

  private settle(state: IndexState): void {
    for (const resolve of this.waiting.splice(0)) resolve(state);
  }

  private post(message: ToIndex): void {
    this.thread.post(message);
  }
}

export function keyOf({ root, kernel, config, contexts }: IndexSetup): string {
  return [root, kernel ?? '', config ?? '', contexts].join('\n');
}
