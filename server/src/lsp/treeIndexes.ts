import type { HostSettings } from '../ide/settings';
import type { TreeVerdicts } from '../ide/treeVerdicts';
import type { IndexSetup } from '../program/treeIndex/messages';
import { type IndexPlatform, type IndexState, keyOf, TreeIndex } from './treeIndex';

export interface IndexListener {
  /** `root`: the tree that this is about. */
  readonly state: (root: string, state: IndexState) => void;
  readonly changed: (root: string, paths: ReadonlySet<string> | undefined) => void;
  readonly contexts: () => void;
}

/** The indexes of the trees that the user has asked for; none is made by itself. */
export class TreeIndexes implements TreeVerdicts {
  private readonly indexes = new Map<string, TreeIndex>();

  constructor(
    private readonly platform: IndexPlatform,
    private readonly listener: IndexListener,
  ) {}

  of: TreeVerdicts['of'] = (root, path, bytes) => {
    const index = root === undefined ? undefined : this.indexes.get(root);
    return index?.isReady === true ? { verdicts: index.of(path, bytes) } : undefined;
  };

  contexts: TreeVerdicts['contexts'] = (root, path) => (root === undefined ? undefined : this.indexes.get(root)?.contextsOf(path));

  tell: TreeVerdicts['tell'] = (root, path, bytes, shard) => this.indexes.get(root)?.tell(path, bytes, shard);

  get(root: string): TreeIndex | undefined {
    return this.indexes.get(root);
  }

  get all(): Iterable<TreeIndex> {
    return this.indexes.values();
  }

  /** The index of a tree, made when there is none for these settings. */
  ensure(root: string, { kernelVersion, kernelConfig, contextLens, contextHints }: HostSettings): TreeIndex {
    const setup: IndexSetup = {
      role: 'index',
      root,
      kernel: kernelVersion,
      config: kernelConfig,
      jobs: this.platform.jobs,
      contexts: contextLens || contextHints,
    };
    const known = this.indexes.get(root);
    if (known?.key === keyOf(setup) && known.state.state !== 'failed') return known;
    known?.dispose();
    const index = new TreeIndex(setup, this.platform, {
      state: (state) => this.listener.state(root, state),
      changed: (paths) => this.listener.changed(root, paths),
      contexts: () => this.listener.contexts(),
    });
    this.indexes.set(root, index);
    return index;
  }

  /** An index that has what these settings want of it, if the tree has one at all. */
  adapt(root: string | undefined, settings: HostSettings): void {
    if (root !== undefined && this.indexes.has(root)) this.ensure(root, settings);
  }

  closed(root: string | undefined, path: string): void {
    if (root !== undefined) this.indexes.get(root)?.closed(path);
  }

  /** Files below these paths (absolute) have changed on disk. */
  filesChanged(paths: readonly string[]): void {
    for (const [root, index] of this.indexes) {
      if (paths.some((path) => path.startsWith(`${root}/`) || path.startsWith(`${root}\\`))) index.refresh();
    }
  }

  dispose(): void {
    for (const index of this.indexes.values()) index.dispose();
    this.indexes.clear();
  }
}
