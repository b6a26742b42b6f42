import { type AnswersByName, Asker } from '../../base/answers';
import { addTo } from '../../base/listsByKey';
import type { TextRange } from '../../base/range';
import { evaluateCondition } from '../../syntax/condition';
import { readMacro } from '../../syntax/preprocessorTables';
import type { BranchOracle } from '../../syntax/sourceFile';
import type { SizeInterval } from '../sizeInterval';
import type { CType, RecordDefinition } from '../sizes/ctype';
import { bodyText, type DefinitionReader } from '../sizes/definitionReader';
import { createDefinitionReader, createMacroEvaluator } from '../sizes/evaluate';
import { constantOf, join } from '../sizes/interval';
import type { ForeignMacro, TypeLookup } from '../sizes/typeReader';
import type { Layouts } from '../sizes/typeSize';
import { compilerDefines } from './assumedOptions';
import type { Branch } from './conditionalRegions';
import type { DefinitionTable } from './definitionTable';
import { generatedType } from './generatedTypes';
import type { Header } from './headerFiles';
import { idOf, isUnsure, type Reached } from './reach';
import type { FileView, FoundMacro, HeaderReader, Life, World } from './world';

const NO_RECORDS: readonly RecordDefinition[] = [];
const NO_HEADERS = new Int32Array(0);
/** Of a macro whose definitions are being looked at: they stand behind conditions that ask for it. */
const OPEN_MACROS: readonly FoundMacro[] = [];
/** Of a macro that the headers in reach define only where nobody reads it. */
const UNREAD_MACROS: readonly FoundMacro[] = [];
const encoder = new TextEncoder();
const NOTHING: ReadonlyMap<string, boolean> = new Map();
/** Definitions that are read because the one before asks for them, at most; those of the kernel stay below 10. */
const MAX_DEPTH = 64;

/** The names that one file or header sees through its includes, searched breadth first and only as far as needed. */
export class HeaderScope implements HeaderReader, FileView {
  readonly asker = new Asker();
  private rootsKnown: Int32Array | undefined;
  private reader: DefinitionReader | undefined;
  private readonly recordsKnown: AnswersByName<readonly RecordDefinition[]> = new Map();
  private readonly typedefsKnown: AnswersByName<CType | undefined> = new Map();
  private readonly constantsKnown: AnswersByName<SizeInterval | undefined> = new Map();
  private readonly macrosKnown: AnswersByName<readonly FoundMacro[]> = new Map();
  private readonly conditionsKnown: AnswersByName<boolean | undefined> = new Map();

  /** `file`: path of the C file that this is the view of; undefined for a header. */
  constructor(
    private readonly world: World,
    private roots: (() => Int32Array) | undefined,
    readonly file?: string,
  ) {}

  get layouts() {
    this.enter();
    return this.world.layouts;
  }

  get annotations() {
    return this.world.setting.annotations;
  }

  // ── types ──────────────────────────────────────────────────────────────────────────────────

  record(tag: string): readonly RecordDefinition[] {
    this.enter();
    return this.world.questions.answer(this.recordsKnown, tag, NO_RECORDS, () => this.findRecord(tag));
  }

  private findRecord(tag: string): readonly RecordDefinition[] {
    const [keyword, name] = tag.split(' ') as [string, string];
    const found: RecordDefinition[] = [];
    this.search(this.world.files.records, name, (header, places, unsure) => {
      const lives = places.map(({ start }) => this.lifeOf(header, start));
      for (const [index, { start, end }] of places.entries())
        if (lives[index] !== 'dead') found.push(...this.world.scopeOfHeader(header).ownRecord(header, start, end, tag));
      // What only some configurations read, or include, may have its counterpart in another header.
      return found.length > 0 && !unsure && (lives.includes('live') || found.length > 1);
    });
    if (found.length > 0) return found;
    const generated = generatedType(tag);
    if (generated !== undefined) return list(this.definitions.record(encoder.encode(generated), tag));
    // `#define radix_tree_root xarray` renames the tag.
    const renamed = this.macroText(name);
    if (renamed !== undefined && renamed !== name && /^[A-Za-z_]\w*$/.test(renamed)) return this.record(`${keyword} ${renamed}`);
    return this.includer?.record(tag) ?? [];
  }

  /** Questions about several files may come in turn; each is answered for the file it is about. */
  private enter(): void {
    if (this.file !== undefined) this.world.enter(this);
  }

  /** The file behind whose includes this header stands; what it says holds for that file alone. */
  private get includer(): TypeLookup | undefined {
    const { currentFile, questions } = this.world;
    if (currentFile === this) return undefined;
    questions.lend();
    return currentFile;
  }

  /** Reads a definition of the header that this scope belongs to. */
  ownRecord(header: Header, start: number, end: number, tag: string): readonly RecordDefinition[] {
    return this.world.questions.answer(this.recordsKnown, `${tag} ${start}`, NO_RECORDS, () =>
      list(this.deeper(() => this.definitions.record(this.world.files.text(header.path).subarray(start, end), tag))),
    );
  }

  typedef(name: string): CType | undefined {
    this.enter();
    return this.world.questions.answer(this.typedefsKnown, name, undefined, () => this.findTypedef(name));
  }

  private findTypedef(name: string): CType | undefined {
    const types: CType[] = [];
    this.search(this.world.files.typedefs, name, (header, places, unsure) => {
      const scope = this.world.scopeOfHeader(header);
      for (const { start, end } of places)
        if (this.lifeOf(header, start) !== 'dead') types.push(...list(scope.ownTypedef(header, start, end, name)));
      return types.length > 0 && !unsure;
    });
    if (types.length > 0) return oneOf(name, types, this.layouts);
    const generated = generatedType(name);
    if (generated !== undefined) return this.definitions.typedef(encoder.encode(`typedef ${generated} ${name};`), name);
    const macro = this.soleMacro(name);
    if (macro === undefined) return this.includer?.typedef(name);
    if (macro.macro.takesArguments) return undefined;
    return this.deeper(() => this.definitions.macroType(this.textOf(macro), name));
  }

  ownTypedef(header: Header, start: number, end: number, name: string): CType | undefined {
    return this.world.questions.answer(this.typedefsKnown, `${name} ${start}`, undefined, () =>
      this.deeper(() => this.definitions.typedef(this.world.files.text(header.path).subarray(start, end), name)),
    );
  }

  // ── values ─────────────────────────────────────────────────────────────────────────────────

  constant(name: string): SizeInterval | undefined {
    this.enter();
    return this.world.questions.answer(this.constantsKnown, name, undefined, () => this.findConstant(name));
  }

  private findConstant(name: string): SizeInterval | undefined {
    const option = this.option(name);
    if (option !== undefined) return { min: option, max: option };
    const enumerators: (SizeInterval | undefined)[] = [];
    this.search(this.world.files.enumerators, name, (header, places) => {
      const place = places.find(({ start }) => this.lifeOf(header, start) !== 'dead');
      if (place !== undefined) enumerators.push(this.world.scopeOfHeader(header).ownEnumerator(header, place.start, place.end, name));
      return place !== undefined;
    });
    if (enumerators.length > 0) return enumerators[0];
    const macros = this.macros(name);
    if (macros.length === 0) return macros === OPEN_MACROS ? undefined : this.includer?.constant(name);
    const values = macros.map((found) => (!found.macro.takesArguments ? this.world.scopeOfHeader(found.header).valueOf(found) : undefined));
    return values.reduce((a, b) => (a === undefined || b === undefined ? undefined : join(a, b)));
  }

  ownEnumerator(header: Header, start: number, end: number, name: string): SizeInterval | undefined {
    return this.world.questions.answer(this.constantsKnown, `${name} ${start}`, undefined, () =>
      this.deeper(() => this.definitions.enumerator(this.world.files.text(header.path).subarray(start, end), name)),
    );
  }

  valueOf({ macro, header }: FoundMacro): SizeInterval | undefined {
    return this.world.questions.answer(this.constantsKnown, `${macro.name} ${macro.body.start}`, undefined, () => {
      const { model, data } = this.world.setting;
      const value = this.deeper(() =>
        createMacroEvaluator(this.world.files.interner, model, data, this).macroValue(macro, this.world.files.text(header.path)),
      );
      return value?.max === undefined ? undefined : value;
    });
  }

  functionMacro(name: string): ForeignMacro | undefined {
    this.enter();
    const found = this.soleMacro(name);
    if (found === undefined || !found.macro.takesArguments) return undefined;
    return { macro: found.macro, bytes: this.world.files.text(found.header.path) };
  }

  guardText(name: string): string | undefined {
    this.enter();
    let text: string | undefined;
    this.search(this.world.files.guards, name, (header, [place]) => {
      text = new TextDecoder('latin1').decode(this.world.files.text(header.path).subarray(place!.start, place!.end));
      return true;
    });
    return text;
  }

  macroText(name: string): string | undefined {
    this.enter();
    const found = this.soleMacro(name);
    return found === undefined || found.macro.takesArguments ? undefined : this.textOf(found);
  }

  private textOf({ header, macro }: FoundMacro): string {
    return bodyText(this.world.files.text(header.path), macro.body);
  }

  /**
   * The definitions of a macro that may count: one that certainly does, or those that some configurations have. A default (`#ifndef X`,
   * `#define X`) counts only where nothing else certainly does. Empty: none was found, or none is ever read.
   */
  private macros(name: string): readonly FoundMacro[] {
    return this.world.questions.answer(this.macrosKnown, name, OPEN_MACROS, () => this.findMacros(name), isSameList);
  }

  private findMacros(name: string): readonly FoundMacro[] {
    let certain: FoundMacro | undefined;
    let isMentioned = false;
    const found: FoundMacro[] = [];
    this.search(this.world.files.macros, name, (header, places) => {
      isMentioned = true;
      for (const { start, end } of places) {
        const around = this.world.files.branchesAround(header, start);
        const life = this.lifeOfBranches(header, around);
        const macro = life === 'dead' ? undefined : readMacro(this.world.files.text(header.path), start, end);
        if (macro === undefined) continue;
        if (life === 'live' && !around.some(({ guard }) => guard === name)) certain ??= { header, macro, life };
        found.push({ header, macro, life });
      }
      return certain !== undefined;
    });
    if (certain !== undefined) return [certain];
    return isMentioned && found.length === 0 ? UNREAD_MACROS : found;
  }

  /** The one definition of a macro, if there is one only. */
  private soleMacro(name: string): FoundMacro | undefined {
    const found = this.macros(name);
    return found.length === 1 ? found[0] : undefined;
  }

  // ── conditions ─────────────────────────────────────────────────────────────────────────────

  condition(text: string): boolean | undefined {
    const value = (): boolean | undefined => {
      const number = this.deeper(() => evaluateCondition(text, this.oracle, NOTHING));
      return number === undefined ? undefined : number !== 0;
    };
    return this.world.questions.answer(this.conditionsKnown, text, undefined, value, Object.is);
  }

  private readonly oracle: BranchOracle = {
    configDefined: (name) => this.world.optionDefined(name),
    macroDefined: (name) => this.isDefined(name),
    macroValue: (name) => {
      const value = this.constant(name);
      return value === undefined ? undefined : constantOf(value);
    },
  };

  private isDefined(name: string): boolean | undefined {
    const found = this.macros(name);
    if (found.some(({ life }) => life === 'live')) return true;
    if (found.length > 0 || found === OPEN_MACROS) return undefined;
    const { architecture, data } = this.world.setting;
    // Where the headers define it only for other configurations, nothing else does.
    return found === UNREAD_MACROS ? false : (compilerDefines(name, architecture, data) ?? neverDefined(name));
  }

  /** The value of an option that is a number. */
  private option(name: string): number | undefined {
    if (!name.startsWith('CONFIG_')) return undefined;
    const value = Number(this.world.setting.model.config?.value(name) ?? Number.NaN);
    return Number.isSafeInteger(value) && value >= 0 ? value : undefined;
  }

  private lifeOf(header: Header, offset: number): Life {
    return this.lifeOfBranches(header, this.world.files.branchesAround(header, offset));
  }

  /** A branch is judged by what its own header sees, so that all who include it agree. */
  private lifeOfBranches(header: Header, branches: readonly Branch[]): Life {
    const scope = this.world.scopeOfHeader(header);
    let life: Life = 'live';
    for (const { failed, condition, guard } of branches) {
      if (guard !== undefined) continue;
      const outcomes = [
        ...failed.map((text) => negated(scope.condition(text))),
        condition === undefined ? true : scope.condition(condition),
      ];
      if (outcomes.includes(false)) return 'dead';
      if (outcomes.includes(undefined)) life = 'unsure';
    }
    return life;
  }

  // ── includes ───────────────────────────────────────────────────────────────────────────────

  /** Visits the headers in reach that define a name, nearest first, until `visit` has enough. */
  private search(
    table: DefinitionTable,
    name: string,
    visit: (header: Header, places: readonly TextRange[], unsure: boolean) => boolean,
  ): void {
    const roots = this.rootsInReach();
    this.world.completeFrom(roots);
    const places = new Map<number, TextRange[]>();
    for (const definition of table.of(name)) addTo(places, definition.header, definition);
    if (places.size === 0) return;
    for (const reached of this.inReach(roots, places)) {
      const id = idOf(reached);
      if (visit(this.world.files.list[id]!, places.get(id)!, isUnsure(reached))) return;
    }
  }

  /** Those of these headers that are in reach, nearest first. */
  private inReach(roots: Int32Array, places: ReadonlyMap<number, unknown>): Iterable<Reached> {
    // A file asks for hundreds of names, a header for few.
    return this.world.currentFile === this ? this.world.reachOf(roots).among(places) : this.walkTo(roots, places);
  }

  private *walkTo(roots: Int32Array, places: ReadonlyMap<number, unknown>): Generator<Reached> {
    const reached = (wanted: number): readonly Reached[] => {
      const found: Reached[] = [];
      this.world.walk(roots, (each) => {
        if (places.has(idOf(each))) found.push(each);
        return found.length === wanted;
      });
      return found;
    };
    // Mostly the nearest one is enough. Whoever gets it may search again, so it waits until the walk is over.
    const nearest = reached(1);
    yield* nearest;
    if (nearest.length > 0 && places.size > 1) yield* reached(places.size).slice(1);
  }

  /** What the file or header includes itself. */
  rootsInReach(): Int32Array {
    this.rootsKnown ??= this.roots?.() ?? NO_HEADERS;
    // Types of this scope may outlive the file; its text does not.
    this.roots = undefined;
    return this.rootsKnown;
  }

  private get definitions(): DefinitionReader {
    const { model, data } = this.world.setting;
    this.reader ??= createDefinitionReader(this.world.files.interner, model, data, this);
    return this.reader;
  }

  /** What reading a definition gives; undefined where too many others wait for it. */
  private deeper<T>(read: () => T): T | undefined {
    const { world } = this;
    if (world.depth > MAX_DEPTH) return undefined;
    world.depth++;
    try {
      return read();
    } finally {
      world.depth--;
    }
  }
}

/** The type of a name that each configuration defines in its own way. */
function oneOf(name: string, types: readonly CType[], layouts: Layouts): CType {
  if (types.length === 1) return types[0]!;
  const { size, align } = types
    .map((type) => layouts.of(type))
    .reduce((a, b) => ({ size: join(a.size, b.size), align: join(a.align, b.align) }));
  return { kind: 'named', name, size, align };
}

function isSameList(a: readonly FoundMacro[], b: readonly FoundMacro[]): boolean {
  return a.length === b.length && a.every((one, index) => isSameMacro(one, b[index]!));
}

function isSameMacro(a: FoundMacro, b: FoundMacro): boolean {
  return a.header === b.header && a.life === b.life && a.macro.body.start === b.macro.body.start;
}

function list<T>(value: T | undefined): readonly T[] {
  return value === undefined ? [] : [value];
}

function negated(value: boolean | undefined): boolean | undefined {
  return value === undefined ? undefined : !value;
}

/** Include guards and compilers' names apart, a macro that no header in reach defines may still come from a Makefile. */
function neverDefined(name: string): boolean | undefined {
  return /^(__(arch|ARCH)_|ARCH_|HAVE_ARCH_|__HAVE_|ASM_|WANT_|_ASM_|CC_|NEED_)/.test(name) ? false : undefined;
}
