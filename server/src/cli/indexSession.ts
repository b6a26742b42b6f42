import { addTo } from '../base/listsByKey';
import type { Verdicts } from '../facts/linkage/verdict';
import type { KernelModel } from '../kernel/index';
import type { FileInShard } from '../program/cache/movedLinkage';
import type { ProgramAnswers } from '../program/cache/programAnswers';
import type { LinkageRef } from '../program/cache/treeState';
import { analyseProgram } from '../program/link/analyseProgram';
import { markFrees } from '../program/link/fieldVerdicts';
import { functionContexts } from '../program/link/functionContexts';
import { ProgramGraph } from '../program/link/graph';
import type { Shard } from '../program/link/shard';
import { LiveVerdicts, type Replaced } from '../program/treeIndex/liveVerdicts';
import type { FileVerdicts, FromIndex, IndexSetup } from '../program/treeIndex/messages';
import { checkSetup } from './checkSetup';
import { analysisContext } from './context';
import { Crew } from './crew';
import { entriesBelow, findSources } from './sources';
import { TreeCache } from './treeCache';
import { TreeRun } from './treeRun';

/** A text of the editor. */
interface EditorText {
  readonly name: string;
  readonly file: FileInShard | undefined;
}

/**
 * Keeps what a whole tree says of its calls, for an editor: from the same cache as `gfp-lens check`, current with the files on disk when it is told
 * to look, and with the texts of the editor at once.
 */
export class IndexSession {
  private readonly texts = new Map<string, EditorText>();
  private live: LiveVerdicts | undefined;
  /** Checksums of the files' content, by path. */
  private hashes: ReadonlyMap<string, string> = new Map();

  constructor(
    private readonly setup: IndexSetup,
    private readonly post: (message: FromIndex) => void,
  ) {}

  /** Looks at what has changed on disk, or at everything the first time. */
  async refresh(signal: AbortSignal): Promise<void> {
    const { root, kernel, config, jobs } = this.setup;
    const { context } = checkSetup([root], {
      format: 'text',
      jobs,
      tree: root,
      ...(kernel && { kernel }),
      ...(config && { config }),
    });
    const analysis = analysisContext(context);
    const sources = findSources([root]);
    const entries = entriesBelow(root, sources);
    const cache = new TreeCache({ root, setup: context, context: analysis, given: [root], entries, at: sources.at });
    const crew = new Crew({ root, context, linked: true, complete: true, kept: true }, jobs, signal);
    const run = new TreeRun(entries, { root, context, linked: true, complete: true }, crew, cache);
    try {
      await run.lookAtFiles(this.progress(entries.size));
      const answers = signal.aborted ? undefined : await run.together();
      run.keep();
      if (answers === undefined) this.post({ kind: 'stopped' });
      else this.take(run, answers, cache, analysis.model, entries.size);
    } finally {
      crew.dismiss();
    }
  }

  private progress(total: number): { advance: (files: number) => void; stop: () => void } {
    let done = 0;
    return {
      advance: (files) => this.post({ kind: 'progress', done: (done += files), total }),
      stop: () => undefined,
    };
  }

  private take({ state }: TreeRun, { verdicts, fields }: ProgramAnswers, cache: TreeCache, model: KernelModel, files: number): void {
    const refs = new Map<string, LinkageRef>();
    const hashes = new Map<string, string>();
    for (const [path, { outcome, hash }] of state.records) {
      if (outcome?.linkage) refs.set(path, outcome.linkage);
      if (verdicts.has(path)) hashes.set(path, hash);
    }
    this.hashes = hashes;
    const linker = new DiskLinkage(refs, cache.shardReader(), fields);
    const tell = (graph: ProgramGraph): void => {
      if (!this.setup.contexts) return;
      const byFile = [...functionContexts(graph, model, true)].map(([path, contexts]) => [path, JSON.stringify(contexts)] as const);
      this.post({ kind: 'contexts', byFile });
    };
    const link = (replaced: Replaced): Verdicts => {
      const graph = linker.graph(replaced);
      tell(graph);
      return analyseProgram(graph, model, true);
    };
    this.live = new LiveVerdicts(verdicts, { onDisk: (path) => linker.file(path), link });
    for (const [path, { file }] of this.texts) this.live.replace(path, file);
    if (this.setup.contexts) tell(linker.graph(new Map([...this.texts].map(([path, { file }]) => [path, file]))));
    this.post({ kind: 'ready', files, verdicts: [...this.live.all.keys()].map((path) => this.said(path)) });
  }

  /** The editor has another text of a file, or none any more. */
  text(path: string, name: string | undefined, shard: Shard | undefined): void {
    const file = shard && shard.starts.length > 0 ? { shard, start: shard.starts[0]! } : undefined;
    if (name === undefined) this.texts.delete(path);
    else this.texts.set(path, { name, file });
    if (this.live === undefined) return;
    const changed = this.live.replace(path, name === undefined ? null : file);
    this.post({ kind: 'changed', verdicts: [...new Set([path, ...changed])].map((one) => this.said(one)) });
  }

  private said(path: string): FileVerdicts {
    const text = this.texts.get(path)?.name ?? this.hashes.get(path) ?? '';
    return { path, text, verdicts: JSON.stringify(this.live?.all.get(path) ?? []) };
  }
}

/** The linkage of the files on disk, as the cache has it. */
class DiskLinkage {
  constructor(
    private readonly refs: ReadonlyMap<string, LinkageRef>,
    private readonly shard: (number: number) => Shard | undefined,
    private readonly fields: ProgramAnswers['fields'],
  ) {}

  file(path: string): FileInShard | undefined {
    const ref = this.refs.get(path);
    const shard = ref && this.shard(ref.shard);
    return shard && { shard, start: ref!.start };
  }

  graph(replaced: Replaced): ProgramGraph {
    const starts = new Map<number, number[]>();
    for (const [path, { shard, start }] of this.refs) {
      if (!replaced.has(path)) addTo(starts, shard, start);
    }
    const shards: Shard[] = [];
    for (const [number, list] of starts) {
      const shard = this.shard(number);
      if (shard === undefined) throw new LostIndex();
      shards.push({ ...shard, starts: list });
    }
    for (const file of replaced.values()) if (file) shards.push({ ...file.shard, starts: [file.start] });
    const graph = ProgramGraph.of(shards);
    markFrees(
      graph,
      [...this.fields].flatMap(([path, { reports }]) => (replaced.has(path) ? [] : reports)),
    );
    return graph;
  }
}

/** The cache has gone meanwhile: the tree must be looked at again. */
export class LostIndex extends Error {}
