import { Questions } from '../../base/answers';
import { folderOf } from '../../base/paths';
import { evaluateCondition } from '../../syntax/condition';
import type { BranchOracle, Include, SourceFile } from '../../syntax/sourceFile';
import { Layouts } from '../sizes/typeSize';
import { assumedOption } from './assumedOptions';
import type { Branch } from './conditionalRegions';
import type { Header, HeaderFiles } from './headerFiles';
import { HeaderScope } from './headerScope';
import { addedCandidates, includeCandidates, isSoughtInFolders } from './includePaths';
import { MakefileView } from './makefileView';
import { IncludeWalk, idOf, Reach, type Reached, reachedHeader } from './reach';
import type { FileView, World, WorldSetting } from './world';

const NOTHING: ReadonlyMap<string, boolean> = new Map();

/** What a header includes itself, whoever asks. */
interface OwnIncludes {
  readonly found: Int32Array;
  readonly missing: readonly MissingInclude[];
}

/** An include that leads nowhere, unless the makefile of the file that is being analysed says where. */
interface MissingInclude {
  readonly from: string;
  readonly include: Include;
  readonly unsure: boolean;
  /** Before which of those that were found it stands. */
  readonly at: number;
}

/** The headers of a tree as code of one architecture sees them. */
export class HeaderWorld implements World {
  readonly questions = new Questions();
  readonly layouts: Layouts;
  currentFile: FileView | undefined;
  depth = 0;
  private readonly scopes = new Map<Header, HeaderScope>();
  private readonly resolved = new Map<string, Header | undefined>();
  /** What a header includes itself, by its id. */
  private readonly included: (OwnIncludes | undefined)[] = [];
  private readonly includes = new IncludeWalk((id) => this.includesOf(id));
  private makefileView: MakefileView;
  /** What is in reach of the last file that asked, and its roots. */
  private readonly reach = new Reach();
  private reachRoots: Int32Array | undefined;

  constructor(
    readonly files: HeaderFiles,
    readonly setting: WorldSetting,
  ) {
    this.layouts = new Layouts(setting.data, this.questions);
    this.makefileView = new MakefileView('', files.makefiles);
  }

  enter(file: FileView): void {
    if (this.currentFile === file) return;
    this.currentFile = file;
    this.questions.asker = file.asker;
    const path = file.file ?? '';
    if (!this.makefileView.serves(path)) this.makefileView = new MakefileView(path, this.files.makefiles);
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

  completeFrom(roots: Int32Array): void {
    const { currentFile } = this;
    // What is in reach of the file was looked at when that reach was walked.
    if (currentFile !== undefined && this.reachOf(currentFile.rootsInReach()).hasAll(roots)) return;
    for (const _ of this.following(roots, this.makefileView.complete));
  }

  /** Reads what the includes of a file lead to, few headers a step, so that later questions need not. */
  *readAhead(file: Pick<SourceFile, 'path' | 'includes'>): Generator<void, void> {
    const scope = this.scopeOf(file);
    for (const include of file.includes) {
      this.enter(scope);
      this.resolve(file.path, include);
      yield;
    }
    this.enter(scope);
    // Whoever stops halfway leaves nothing that looks complete.
    yield* this.following(scope.rootsInReach(), new Set(this.makefileView.complete));
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
    const own = (this.included[id] ??= this.readIncludes(this.files.list[id]!));
    if (own.missing.length === 0) return own.found;
    const all = this.withAdded(id, own);
    if (all !== own.found) this.questions.lend();
    return all;
  }

  private readIncludes(header: Header): OwnIncludes {
    const found: Reached[] = [];
    const missing: MissingInclude[] = [];
    for (const include of header.includes) {
      const outcomes = include.branches.map((branch) => this.holds(branch));
      if (outcomes.includes(false)) continue;
      const unsure = outcomes.includes(undefined);
      const included = this.resolve(header.path, include);
      if (included !== undefined) found.push(reachedHeader(included.id, unsure));
      else if (isSoughtInFolders(include)) missing.push({ from: header.path, include, unsure, at: found.length });
    }
    return { found: Int32Array.from(found), missing };
  }

  /** What a header includes, with what only the file that is being analysed finds. */
  private withAdded(id: number, { found, missing }: OwnIncludes): Int32Array {
    const { included } = this.makefileView;
    let all = included.get(id);
    if (all === undefined) {
      const { file, folders } = this.makefileView.search;
      const list = Array.from(found);
      for (const { from, include, unsure, at } of missing.toReversed()) {
        const header = this.resolveAdded(from, include, file, folders);
        this.setting.notes?.included(from, include.path, header?.path);
        if (header !== undefined) list.splice(at, 0, reachedHeader(header.id, unsure));
      }
      all = list.length === found.length ? found : Int32Array.from(list);
      included.set(id, all);
    }
    return all;
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
    return found ?? (isSoughtInFolders(include) ? this.resolveAdded(from, include, from, this.files.makefiles.foldersOf(from)) : undefined);
  }

  /** A header that only the flags of the makefiles of `root` lead to: the includer itself, or the file that is being analysed. */
  private resolveAdded(from: string, include: Include, root: string, folders: readonly string[]): Header | undefined {
    const key = `${[folderOf(root), ...folders].join(':')} ${include.path}`;
    if (!this.resolved.has(key)) this.resolved.set(key, this.firstOf(addedCandidates(root, include, folders)));
    if (this.setting.notes !== undefined) this.noteMakefiles(from, root);
    return this.resolved.get(key);
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
