import { readFileSync, statSync } from 'node:fs';
import { basename, dirname, isAbsolute, join, resolve, sep } from 'node:path';
import { parse } from '@humanwhocodes/momoa';
import { Interner } from '../base/interner';
import type { KernelContext, Kernels } from '../ide/kernels';
import type { HostSettings } from '../ide/settings';
import { parseConfig, parseRelease, type SourceTree } from '../kernel/index';
import { findKernelRoot } from '../program/kernelRoot';
import { findProject, type Project, type ProjectReader } from '../program/project';
import { PROJECT_FILE } from '../program/projectFile';
import { treeContext } from '../program/treeContext';
import { DEFAULT_RULE_SETTINGS } from '../rules/run';

/** A fresh interner takes the place of one with so many names: every half-typed word stays in it. */
const MAX_NAMES = 400_000;

/** Kernel trees on this machine's disk, each read once until it is told to forget. */
export class NodeKernels implements Kernels {
  private readonly roots = new Map<string, string | undefined>();
  private readonly contexts = new Map<string, KernelContext>();
  /** Files that contexts were made from, by absolute path; what a watcher has to look for. */
  private readonly sources = new Set<string>();
  private readonly projects = new Map<string, Project | undefined>();

  /** `projectRead` is called for every project file that was read, also with mistakes in it. */
  constructor(private readonly projectRead: (project: Project) => void) {}

  rootAbove(path: string): string | undefined {
    const folder = dirname(path);
    if (!isAbsolute(path)) return undefined;
    const known = this.roots.get(folder);
    if (known !== undefined || this.roots.has(folder)) return known;
    const root = findKernelRoot(folder, (at) => readText(join(at, 'Makefile')), dirname);
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
    if (!isAbsolute(path)) return undefined;
    const root = this.rootAbove(path);
    const start = root ?? dirname(path);
    if (this.projects.has(start)) return this.projects.get(start);
    const project = findProject(start, root, this.projectReader);
    this.projects.set(start, project);
    if (project !== undefined) this.projectRead(project);
    return project;
  }

  forget(): void {
    this.projects.clear();
    this.roots.clear();
    this.contexts.clear();
    this.sources.clear();
  }

  /** Whether a change of this file on disk can change what is known of a kernel. */
  dependsOn(path: string): boolean {
    return this.sources.has(path) || basename(path) === PROJECT_FILE || path.endsWith(`${sep}Makefile`) || path.endsWith(`${sep}.config`);
  }

  private read(root: string | undefined, settings: HostSettings): KernelContext {
    const configPath = settings.kernelConfig;
    const configText = configPath === undefined ? undefined : this.readSource(configPath);
    return treeContext({
      tree: root === undefined ? undefined : this.treeReader(root),
      release: settings.kernelVersion === undefined ? undefined : parseRelease(settings.kernelVersion),
      config: configText === undefined ? undefined : parseConfig(configText),
      rules: DEFAULT_RULE_SETTINGS,
    });
  }

  private treeReader(root: string): SourceTree {
    return { read: (path) => this.readSource(join(root, path)), readBytes: (path) => this.readHeader(join(root, path)) };
  }

  /** Headers that do not exist are not noted: a new one shows when the server is asked to look again. */
  private readHeader(path: string): Uint8Array | undefined {
    const bytes = readBytes(path);
    if (bytes !== undefined) this.sources.add(path);
    return bytes;
  }

  private readonly projectReader: ProjectReader = {
    read: (path) => this.readSource(path),
    parent: dirname,
    resolve,
    parse: (text) => parse(text, { mode: 'jsonc', allowTrailingCommas: true }).body,
  };

  private readSource(path: string): string | undefined {
    this.sources.add(path);
    return readText(path);
  }
}

function readText(path: string): string | undefined {
  return readBytes(path)?.toString('utf8');
}

function readBytes(path: string): Buffer | undefined {
  try {
    // Most questions are for headers that do not exist, and an exception costs more than the answer.
    return statSync(path, { throwIfNoEntry: false })?.isFile() === true ? readFileSync(path) : undefined;
  } catch {
    return undefined;
  }
}
