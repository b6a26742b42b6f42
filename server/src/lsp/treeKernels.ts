import { parse } from '@humanwhocodes/momoa';
import { Interner } from '../base/interner';
import type { KernelContext, Kernels } from '../ide/kernels';
import type { HostSettings } from '../ide/settings';
import { parseConfig, parseRelease, type SourceTree } from '../kernel/index';
import { findKernelRoot } from '../program/kernelRoot';
import type { Neighbour } from '../program/link/neighbours';
import { findProject, type Project, type ProjectReader } from '../program/project';
import { PROJECT_FILE } from '../program/projectFile';
import { treeContext } from '../program/treeContext';
import { DEFAULT_RULE_SETTINGS } from '../rules/run';
import { type Files, fileName } from './files';

/** A fresh interner takes the place of one with so many names: every half-typed word stays in it. */
const MAX_NAMES = 400_000;
const utf8 = new TextDecoder();

/** The kernel trees that can be read here, each read once until it is told to forget. */
export class TreeKernels implements Kernels {
  private readonly roots = new Map<string, string | undefined>();
  private readonly contexts = new Map<string, KernelContext>();
  /** Files that contexts were made from, and those that were not there, with what they looked like: what a watcher has to look for. */
  private readonly sources = new Map<string, string | undefined>();
  private readonly projects = new Map<string, Project | undefined>();
  private readonly projectReader: ProjectReader;

  /** `projectRead` is called for every project file that was read, also with mistakes in it. */
  constructor(
    private readonly files: Files,
    private readonly projectRead: (project: Project) => void,
  ) {
    const { parent, resolve } = files;
    this.projectReader = {
      read: (path) => this.readSource(path),
      parent,
      resolve,
      parse: (text) => parse(text, { mode: 'jsonc', allowTrailingCommas: true }).body,
    };
  }

  rootAbove(path: string): string | undefined {
    const { files } = this;
    if (!files.isAbsolute(path)) return undefined;
    const folder = files.parent(path);
    const known = this.roots.get(folder);
    if (known !== undefined || this.roots.has(folder)) return known;
    const root = findKernelRoot(folder, (at) => this.readText(files.resolve(at, 'Makefile')), files.parent);
    this.roots.set(folder, root);
    return root;
  }

  contextOf(root: string | undefined, settings: HostSettings): KernelContext {
    const key = JSON.stringify([root, settings.kernelVersion, settings.kernelConfig]);
    const known = this.contexts.get(key);
    if (known !== undefined && known.interner.size <= MAX_NAMES) return known;
    const context = known === undefined ? this.read(root, settings) : { ...known, interner: new Interner() };
    this.contexts.set(key, context);
    return context;
  }

  projectOf(path: string): Project | undefined {
    if (!this.files.isAbsolute(path)) return undefined;
    const root = this.rootAbove(path);
    const start = root ?? this.files.parent(path);
    if (this.projects.has(start)) return this.projects.get(start);
    const project = findProject(start, root, this.projectReader);
    this.projects.set(start, project);
    if (project !== undefined) this.projectRead(project);
    return project;
  }

  filesBelow(root: string, folder: string): readonly Neighbour[] | undefined {
    return this.files.below?.(root, folder);
  }

  forget(): void {
    this.projects.clear();
    this.roots.clear();
    this.contexts.clear();
    this.sources.clear();
  }

  /** Whether a change of this file can change what is known of a kernel. */
  dependsOn(path: string): boolean {
    return this.sources.has(path) || [PROJECT_FILE, 'Makefile', '.config'].includes(fileName(path));
  }

  /** Whether a file that contexts were made from looks different by now, for clients that watch no files. */
  isStale(): boolean {
    const { stamp } = this.files;
    if (stamp === undefined) return false;
    for (const [path, known] of this.sources) if (known !== undefined && stamp(path) !== known) return true;
    return false;
  }

  private read(root: string | undefined, settings: HostSettings): KernelContext {
    const configPath = settings.kernelConfig;
    const configText = configPath === undefined ? undefined : this.readSource(configPath);
    const context = treeContext({
      tree: root === undefined ? undefined : this.treeReader(root),
      release: settings.kernelVersion === undefined ? undefined : parseRelease(settings.kernelVersion),
      config: configText === undefined ? undefined : parseConfig(configText),
      rules: DEFAULT_RULE_SETTINGS,
    });
    return this.files.followIncludes(root) ? context : { ...context, headers: undefined };
  }

  private treeReader(root: string): SourceTree {
    const { resolve } = this.files;
    return { read: (path) => this.readSource(resolve(root, path)), readBytes: (path) => this.readHeader(resolve(root, path)) };
  }

  private readHeader(path: string): Uint8Array | undefined {
    // Before it is read: a change meanwhile must show.
    const stamp = this.files.stamp?.(path);
    const bytes = this.files.read(path);
    this.sources.set(path, bytes && stamp);
    return bytes;
  }

  private readSource(path: string): string | undefined {
    const bytes = this.readHeader(path);
    return bytes === undefined ? undefined : utf8.decode(bytes);
  }

  private readText(path: string): string | undefined {
    const bytes = this.files.read(path);
    return bytes === undefined ? undefined : utf8.decode(bytes);
  }
}
