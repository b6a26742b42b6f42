import { addTo } from '../../base/listsByKey';
import { Linkage, MentionUse, Via } from '../../facts/linkage/linkage';
import { MemoryAct } from '../../facts/linkage/memoryRecord';
import { EVERYWHERE, parameterKey } from '../../facts/memory';
import type { FieldQuestion } from './fieldQuestions';
import type { ProgramGraph } from './graph';
import { NameResolution } from './nameResolution';

/** A record of a function, with the file it stands in. */
interface Handed {
  readonly file: number;
  readonly name: number;
  readonly families: number;
  readonly position: number;
}

/** Behind the name of a function: the question is about what it returns. */
const RESULT = '()';

/** Files that call a function, when each of them is to be asked what it does with the result. */
const MAX_CALLERS = 12;

/**
 * Memory that goes from one file to another as an argument or as a result, where a file seems to free it in a wrong way, or where all of them together decide
 * whether it may come from kvmalloc(). Only these files need be asked. `complete`: the graph holds the whole tree, so all callers of a function are known.
 */
export function handoverQuestions(graph: ProgramGraph, complete: boolean): FieldQuestion[] {
  return new Handovers(graph).questions(complete);
}

class Handovers {
  private readonly byAct = new Map<MemoryAct, Handed[]>();
  private readonly resolution: NameResolution;
  /** Files to ask, by what they are asked about: `ring_new()`, `ring_add(1)`, `ring_new(*)`. */
  private readonly found = new Map<string, Set<string>>();

  constructor(private readonly graph: ProgramGraph) {
    this.resolution = new NameResolution(graph);
    graph.eachMemoryRecord((file, { act, member, families, position = 0 }) => {
      if (act >= MemoryAct.Returns) addTo(this.byAct, act, { file, name: member, families, position });
    });
  }

  questions(complete: boolean): FieldQuestion[] {
    const { names } = this.graph;
    this.mismatched(MemoryAct.Returns, MemoryAct.FreesResult, ({ name }) => names.text(name) + RESULT);
    this.mismatched(MemoryAct.FreesParameter, MemoryAct.Passes, ({ name, position }) => parameterKey(names.text(name), position));
    for (const handed of this.of(MemoryAct.PassesLarge)) {
      const definition = this.definition(handed);
      if (definition !== undefined) this.ask([handed.file, definition], parameterKey(names.text(handed.name), handed.position));
    }
    if (complete) this.returnedLarge();
    return [...this.found].map(([member, files]) => ({ member, files: [...files], folders: [] }));
  }

  private of(act: MemoryAct): readonly Handed[] {
    return this.byAct.get(act) ?? [];
  }

  private ask(files: Iterable<number>, key: string): void {
    const asked = this.found.get(key) ?? new Set();
    this.found.set(key, asked);
    for (const file of files) asked.add(this.graph.files[file]!);
  }

  /** What the function's own file says of it does not go with what another file does. */
  private mismatched(inside: MemoryAct, outside: MemoryAct, keyOf: (handed: Handed) => string): void {
    const definitions = new Map<string, Handed[]>();
    const placeOf = ({ name, position }: Handed): string => `${name} ${position}`;
    for (const handed of this.of(inside)) addTo(definitions, placeOf(handed), handed);
    for (const handed of this.of(outside)) {
      const wrong = definitions.get(placeOf(handed))?.filter(({ families }) => (families & handed.families) === 0) ?? [];
      const definition = wrong.length === 0 ? undefined : this.definition(handed);
      if (wrong.some(({ file }) => file === definition)) this.ask([handed.file, definition!], keyOf(handed));
    }
  }

  /** The file of the only function that a name can mean; undefined for macros. */
  private definition({ file, name }: Handed): number | undefined {
    const { functions, ambiguous } = this.resolution.of(file, name);
    const files = new Set(functions.map((fn) => this.graph.fileOf(fn)));
    const isPlain = !ambiguous && files.size === 1 && functions.every((fn) => this.graph.linkageOf(fn) !== Linkage.Macro);
    return isPlain ? [...files][0] : undefined;
  }

  /** Functions that return large memory: everybody who calls them, if that is known. */
  private returnedLarge(): void {
    const { graph } = this;
    const makers = new Map(this.of(MemoryAct.ReturnsLarge).map((handed) => [handed.name, handed]));
    const callers = this.callersOf(new Set(makers.keys()));
    for (const [name, handed] of makers) {
      const files = callers.get(name);
      if (files === undefined || files.has(-1) || files.size > MAX_CALLERS) continue;
      if ([...files].every((file) => this.definition({ ...handed, file }) === handed.file))
        this.ask([handed.file, ...files], graph.names.text(name) + EVERYWHERE);
    }
  }

  /** By name, the files that call it; -1 among them when a macro does, or when it is handed out. */
  private callersOf(names: ReadonlySet<number>): ReadonlyMap<number, ReadonlySet<number>> {
    const { graph } = this;
    const callers = new Map<number, Set<number>>([...names].map((name) => [name, new Set()]));
    if (names.size === 0) return callers;
    for (let call = 0; call < graph.callCount; call++) {
      const files = graph.viaOf(call) === Via.Name ? callers.get(graph.calleeOf(call)) : undefined;
      const caller = files === undefined ? -1 : graph.callerOf(call);
      files?.add(graph.linkageOf(caller) === Linkage.Macro ? -1 : graph.fileOf(caller));
    }
    for (let at = 0; at < graph.mentionCount; at++) {
      const files = callers.get(graph.nameOfMention(at));
      if (files !== undefined && graph.mention(at).use !== MentionUse.Export) files.add(-1);
    }
    return callers;
  }
}
