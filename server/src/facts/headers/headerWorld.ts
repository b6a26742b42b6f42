import { folderOf } from '../../base/paths';
import { evaluateCondition } from '../../syntax/condition';
import type { BranchOracle, Include, SourceFile } from '../../syntax/sourceFile';
import { Layouts } from '../sizes/typeSize';
import { assumedOption } from './assumedOptions';
import type { Branch } from './conditionalRegions';
import type { Header, HeaderFiles } from './headerFiles';
import { HeaderScope } from './headerScope';
import { addedCandidates, includeCandidates } from './includePaths';
import { IncludeWalk, idOf, Reach, type Reached, reachedHeader } from './reach';
import type { FileView, World, WorldSetting } from './world';

const NOTHING: ReadonlyMap<string, boolean> = new Map();

/** The headers of a tree as code of one architecture sees them. */
export class HeaderWorld implements World {
  readonly layouts: Layouts;
  currentFile: FileView | undefined;
  depth = 0;
  private readonly scopes = new Map<Header, HeaderScope>();
  private readonly resolved = new Map<string, Header | undefined>();
  /** What a header includes itself, by its id. */
  private readonly included: (Int32Array | undefined)[] = [];
  private readonly includes = new IncludeWalk((id) => this.includesOf(id));
  /** Headers all of whose includes, and the includes of those, have been looked at, by their ids. */
  private readonly complete = new Set<number>();
  /** What is in reach of the last file that asked, and its roots. */
  private readonly reach = new Reach();
  private reachRoots: Int32Array | undefined;

  constructor(
    readonly files: HeaderFiles,
    readonly setting: WorldSetting,
  ) {
    this.layouts = new Layouts(setting.data);
  }

  /** What a file sees through its includes. */
  scopeOf(file: Pick<SourceFile, 'path' | 'includes'>): HeaderScope {
    const roots = (): Int32Array => {
      this.setting.notes?.asked(file.path);
      const found = file.includes.flatMap((include) => {
        const header = this.resolve(file.path, include);
        return header === undefined ? [] : [reachedHeader(header.id, false)];
      });
      return Int32Array.from(found);
    };
    return new HeaderScope(this, roots, file.path);
  }

  /** What a header itself sees: its own definitions, then those of its includes. */
  scopeOfHeader(header: Header): HeaderScope {
    let scope = this.scopes.get(header);
    if (scope === undefined) {
      scope = new HeaderScope(this, () => Int32Array.of(reachedHeader(header.id, false)));
      this.scopes.set(header, scope);
    }
    return scope;
  }

  /** Looks at every header in reach, so that the tables of definitions know all that they define. */
  completeFrom(roots: Int32Array): void {
    for (const _ of this.following(roots, this.complete));
  }

  /** Reads what the includes of a file lead to, few headers a step, so that later questions need not. */
  *readAhead(file: Pick<SourceFile, 'path' | 'includes'>): Generator<void, void> {
    const scope = this.scopeOf(file);
    for (const include of file.includes) {
      this.currentFile = scope;
      this.resolve(file.path, include);
      yield;
    }
    this.currentFile = scope;
    // Whoever stops halfway leaves nothing that looks complete.
    yield* this.following(scope.rootsInReach(), new Set(this.complete));
  }

  private *following(roots: Int32Array, seen: Set<number>): Generator<void, void> {
    const stack = Array.from(roots, idOf).filter((id) => !seen.has(id));
    for (let id = stack.pop(); id !== undefined; id = stack.pop()) {
      if (seen.has(id)) continue;
      seen.add(id);
      for (const next of this.includesOf(id)) if (!seen.has(idOf(next))) stack.push(idOf(next));
      yield;
    }
  }

  reachOf(roots: Int32Array): Reach {
    if (this.reachRoots !== roots) {
      this.reach.fill(this.includes.all(roots));
      this.reachRoots = roots;
    }
    return this.reach;
  }

  walk(roots: Int32Array, visit: (reached: Reached) => boolean): void {
    this.includes.run(roots, visit);
  }

  private includesOf(id: number): Int32Array {
    let included = this.included[id];
    if (included === undefined) this.included[id] = included = this.readIncludes(this.files.list[id]!);
    return included;
  }

  private readIncludes(header: Header): Int32Array {
    const found = header.includes.flatMap((include) => {
      const outcomes = include.branches.map((branch) => this.holds(branch));
      const included = outcomes.includes(false) ? undefined : this.resolve(header.path, include);
      return included === undefined ? [] : [reachedHeader(included.id, outcomes.includes(undefined))];
    });
    return Int32Array.from(found);
  }

  /** CONFIG_X as `defined` sees it: by the configuration, or as far as the architecture decides it. */
  optionDefined(name: string): boolean | undefined {
    const { branches, architecture, data } = this.setting;
    return branches === undefined ? assumedOption(name, architecture, data) : branches.configDefined(name);
  }

  /** Whether a branch is read, as far as options alone decide it: what macros say would need the includes themselves. */
  private holds({ failed, condition, guard }: Branch): boolean | undefined {
    if (guard !== undefined) return true;
    const value = (text: string) => evaluateCondition(text, this.options, NOTHING);
    const outcomes = [...failed.map((text) => inverse(value(text))), condition === undefined ? 1 : value(condition)];
    return outcomes.includes(0) ? false : outcomes.includes(undefined) ? undefined : true;
  }

  private readonly options: BranchOracle = { configDefined: (name) => this.optionDefined(name) };

  private resolve(from: string, include: Include): Header | undefined {
    const found = this.find(from, include);
    this.setting.notes?.included(from, include.path, found?.path);
    return found;
  }

  private find(from: string, include: Include): Header | undefined {
    const key = include.quoted ? `${folderOf(from)}"${include.path}` : include.path;
    let found = this.resolved.get(key);
    if (found === undefined && !this.resolved.has(key)) {
      found = this.firstOf(includeCandidates(from, include, this.setting.architecture));
      this.resolved.set(key, found);
    }
    return found ?? this.resolveAdded(from, include);
  }

  /** A header that only the flags of makefiles lead to: those for the includer, and those for the file that is being analysed. */
  private resolveAdded(from: string, include: Include): Header | undefined {
    const current = this.currentFile?.file;
    const roots = current === undefined || folderOf(current) === folderOf(from) ? [from] : [from, current];
    for (const root of roots) {
      const key = `${folderOf(root)} ${include.quoted ? '"' : '<'}${include.path}`;
      if (!this.resolved.has(key))
        this.resolved.set(key, this.firstOf(addedCandidates(root, include, this.files.makefiles.foldersOf(root))));
      if (this.setting.notes !== undefined) this.noteMakefiles(from, root);
      const found = this.resolved.get(key);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  /** What is found rests on the makefiles of the folders around. */
  private noteMakefiles(from: string, root: string): void {
    for (const { path, exists } of this.files.makefiles.around(root)) this.setting.notes?.included(from, path, exists ? path : undefined);
  }

  private firstOf(candidates: readonly string[]): Header | undefined {
    for (const candidate of candidates) {
      const found = this.files.header(candidate);
      if (found !== undefined) return found;
    }
    return undefined;
  }
}

function inverse(value: number | undefined): number | undefined {
  return value === undefined ? undefined : Number(value === 0);
}
