import type { CancellationToken, Connection, WorkDoneProgressReporter } from 'vscode-languageserver/node';
import type { HostSettings } from '../ide/settings';
import type { Snapshot } from '../ide/snapshot';
import { type IndexParams, type IndexResult, indexNotice } from '../protocol/treeIndex';
import type { Files } from './files';
import type { IndexPlatform, IndexState } from './treeIndex';
import { TreeIndexes } from './treeIndexes';

export interface IndexEnvironment {
  readonly snapshot: () => Snapshot;
  /** Something else is said of these files of a tree; undefined: of any. */
  readonly changed: (root: string, paths: ReadonlySet<string> | undefined) => void;
  /** Functions may run in other contexts. */
  readonly contexts: () => void;
  /** There is an index from now on, which must hear of files that change on disk. */
  readonly started: () => void;
  /** Our own client shows the state of the index. */
  readonly ownClient: () => boolean;
  readonly showsProgress: () => boolean;
}

/** So often a client is told how far it is, milliseconds. */
const STEP = 250;

/** Indexes on request and by setting, with progress, a way to stop, and word of their state. */
export class IndexService {
  readonly indexes: TreeIndexes;
  private readonly reporters = new Map<string, Set<(state: IndexState) => void>>();
  /** Trees whose index the setting asked for. */
  private readonly wanted = new Set<string>();
  private toldAt = 0;

  constructor(
    private readonly connection: Connection,
    private readonly files: Files,
    platform: IndexPlatform,
    private readonly environment: IndexEnvironment,
  ) {
    this.indexes = new TreeIndexes(platform, {
      state: (root, state) => this.report(root, state),
      changed: (root, paths) => environment.changed(root, paths),
      contexts: () => environment.contexts(),
    });
  }

  /** `gfpLens/index`. */
  async answer({ uri, workDoneToken }: IndexParams, token: CancellationToken): Promise<IndexResult> {
    const progress = this.connection.window.attachWorkDoneProgress(workDoneToken);
    progress.begin('GFP Lens', 0, 'looking for files', true);
    try {
      const snapshot = this.environment.snapshot();
      const path = this.files.pathOf(uri);
      const inside = path !== undefined && this.files.isFolder(path) ? this.files.resolve(path, 'x') : path;
      const { root } = inside === undefined ? { root: undefined } : snapshot.kernelOf(undefined, inside);
      if (root === undefined) return { files: 0, state: 'failed', message: 'this is no kernel tree' };
      return resultOf(await this.read(root, snapshot.settingsFor(inside!), progress, token));
    } finally {
      progress.done();
    }
  }

  /** A document of a tree is open: the tree is read if the settings say so, once. */
  opened(root: string | undefined, settings: HostSettings): void {
    this.indexes.adapt(root, settings);
    if (root === undefined || !settings.index || this.wanted.has(root)) return;
    this.wanted.add(root);
    void this.readByItself(root, settings).catch(() => undefined);
  }

  private async readByItself(root: string, settings: HostSettings): Promise<void> {
    if (!this.environment.showsProgress()) {
      this.indexes.ensure(root, settings);
      this.environment.started();
      return;
    }
    const progress = await this.connection.window.createWorkDoneProgress();
    progress.begin('GFP Lens', 0, 'reading the kernel tree', true);
    await this.read(root, settings, progress, progress.token).finally(() => progress.done());
  }

  private async read(
    root: string,
    settings: HostSettings,
    progress: WorkDoneProgressReporter,
    token: CancellationToken | undefined,
  ): Promise<IndexState> {
    const before = this.indexes.get(root);
    const index = this.indexes.ensure(root, settings);
    this.environment.started();
    if (index === before && index.state.state !== 'reading') index.refreshNow();
    const cancelling = token?.onCancellationRequested(() => index.cancel());
    const reporter = ({ done, total }: IndexState): void => {
      if (total > 0) progress.report(Math.floor((100 * done) / total), `${counted(done)} of ${counted(total)} files`);
    };
    const reporters = this.reporters.get(root) ?? new Set();
    this.reporters.set(root, reporters.add(reporter));
    try {
      return await index.finished();
    } finally {
      reporters.delete(reporter);
      cancelling?.dispose();
    }
  }

  private report(root: string, state: IndexState): void {
    const now = Date.now();
    if (state.state === 'reading' && now - this.toldAt < STEP) return;
    this.toldAt = now;
    for (const reporter of this.reporters.get(root) ?? []) reporter(state);
    if (!this.environment.ownClient()) return;
    void this.connection.sendNotification(indexNotice.method, { state: state.state, message: messageOf(state) }).catch(() => undefined);
  }
}

function resultOf(state: IndexState): IndexResult {
  return { files: state.done, state: state.state === 'reading' ? 'stopped' : state.state, message: messageOf(state) };
}

function messageOf({ state, done, total, reason }: IndexState): string {
  switch (state) {
    case 'reading':
      return total === 0 ? 'reading the kernel tree' : `reading the kernel tree: ${counted(done)} of ${counted(total)} files`;
    case 'ready':
      return `index of ${counted(total)} files`;
    case 'stopped':
      return 'no index: reading the kernel tree was stopped';
    case 'failed':
      return `no index: ${reason ?? 'unknown reason'}`;
  }
}

function counted(count: number): string {
  return count.toLocaleString('en');
}
