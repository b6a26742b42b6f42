import { evaluateCondition } from '../../syntax/condition';
import type { BranchOracle, Include, SourceFile } from '../../syntax/sourceFile';
import { Layouts } from '../sizes/typeSize';
import { assumedOption } from './assumedOptions';
import type { Branch } from './conditionalRegions';
import type { Header, HeaderFiles } from './headerFiles';
import { HeaderScope } from './headerScope';
import { addedCandidates, folderOf, includeCandidates } from './includePaths';
import { Reach, type Reached } from './reach';
import type { FileView, World, WorldSetting } from './world';

const NOTHING: ReadonlyMap<string, boolean> = new Map();

/** The headers of a tree as code of one architecture sees them. */
export class HeaderWorld implements World {
  readonly layouts: Layouts;
  currentFile: FileView | undefined;
  private readonly scopes = new Map<Header, HeaderScope>();
  private readonly resolved = new Map<string, Header | undefined>();
  private readonly included = new Map<Header, readonly Reached[]>();
  /** Headers all of whose includes, and the includes of those, have been looked at. */
  private readonly complete = new Set<Header>();
  /** The search in which a header was met last. */
  private met = new Uint32Array(1 << 10);
  private search = 0;
  /** What was in reach of the last file that asked. */
  private reach: { readonly roots: readonly Reached[]; readonly headers: Reach } | undefined;

  constructor(
    readonly files: HeaderFiles,
    readonly setting: WorldSetting,
  ) {
    this.layouts = new Layouts(setting.data);
  }

  /** What a file sees through its includes. */
  scopeOf(file: Pick<SourceFile, 'path' | 'includes'>): HeaderScope {
    const roots = (): readonly Reached[] => {
      this.setting.notes?.asked(file.path);
      return file.includes.flatMap((include) => {
        const header = this.resolve(file.path, include);
        return header === undefined ? [] : [{ header, unsure: false }];
      });
    };
    return new HeaderScope(this, roots, file.path);
  }

  /** What a header itself sees: its own definitions, then those of its includes. */
  scopeOfHeader(header: Header): HeaderScope {
    let scope = this.scopes.get(header);
    if (scope === undefined) this.scopes.set(header, (scope = new HeaderScope(this, () => [{ header, unsure: false }])));
    return scope;
  }

  /** Looks at every header in reach, so that the tables of definitions know all that they define. */
  completeFrom(roots: readonly Reached[]): void {
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

  private *following(roots: readonly Reached[], seen: Set<Header>): Generator<void, void> {
    const stack = roots.map(({ header }) => header).filter((header) => !seen.has(header));
    for (let header = stack.pop(); header !== undefined; header = stack.pop()) {
      if (seen.has(header)) continue;
      seen.add(header);
      for (const next of this.includesOf(header)) if (!seen.has(next.header)) stack.push(next.header);
      yield;
    }
  }

  reachOf(roots: readonly Reached[]): Reach {
    if (this.reach?.roots !== roots) {
      const reached: Reached[] = [];
      this.walk(roots, (each) => {
        reached.push(each);
        return false;
      });
      this.reach = { roots, headers: new Reach(reached) };
    }
    return this.reach.headers;
  }

  /** Visits the headers in reach, breadth first, until `visit` says that it has enough. */
  walk(roots: readonly Reached[], visit: (reached: Reached) => boolean): void {
    const search = ++this.search;
    const queue: Reached[] = [];
    const enqueue = (reached: readonly Reached[], unsure: boolean): void => {
      for (const next of reached) {
        const { id } = next.header;
        if (id >= this.met.length) this.growMet(id);
        if (this.met[id] === search) continue;
        this.met[id] = search;
        queue.push(unsure && !next.unsure ? { header: next.header, unsure } : next);
      }
    };
    enqueue(roots, false);
    for (let at = 0; at < queue.length; at++) {
      const reached = queue[at]!;
      if (visit(reached)) return;
      enqueue(this.includesOf(reached.header), reached.unsure);
    }
  }

  private growMet(id: number): void {
    const met = new Uint32Array(Math.max(id + 1, this.met.length * 2));
    met.set(this.met);
    this.met = met;
  }

  private includesOf(header: Header): readonly Reached[] {
    let included = this.included.get(header);
    if (included === undefined) this.included.set(header, (included = this.readIncludes(header)));
    return included;
  }

  private readIncludes(header: Header): readonly Reached[] {
    return header.includes.flatMap((include) => {
      const outcomes = include.branches.map((branch) => this.holds(branch));
      const found = outcomes.includes(false) ? undefined : this.resolve(header.path, include);
      return found === undefined ? [] : [{ header: found, unsure: outcomes.includes(undefined) }];
    });
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
