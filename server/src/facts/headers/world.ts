import type { Asker, Questions } from '../../base/answers';
import type { KernelModel } from '../../kernel/model';
import type { BranchOracle, Macro } from '../../syntax/sourceFile';
import type { SizeInterval } from '../sizeInterval';
import type { CType, RecordDefinition } from '../sizes/ctype';
import type { DataModel } from '../sizes/dataModel';
import type { TypeLookup } from '../sizes/typeReader';
import type { Layouts } from '../sizes/typeSize';
import type { Header, HeaderFiles } from './headerFiles';
import type { IncludeNotes } from './includeNotes';
import type { Reach, Reached } from './reach';

/** What decides how the headers of a tree read for one architecture. */
export interface WorldSetting {
  readonly model: KernelModel;
  readonly branches: BranchOracle | undefined;
  readonly annotations: ReadonlySet<string>;
  readonly notes?: IncludeNotes | undefined;
  readonly architecture: string;
  readonly data: DataModel;
}

/** Whether a place is read: always, never, or in some configurations. */
export type Life = 'live' | 'dead' | 'unsure';

export interface FoundMacro {
  readonly header: Header;
  readonly macro: Macro;
  readonly life: Life;
}

/** Reads what a header itself holds, with the names that it sees. */
export interface HeaderReader extends TypeLookup {
  ownRecord(header: Header, start: number, end: number, tag: string): readonly RecordDefinition[];
  ownTypedef(header: Header, start: number, end: number, name: string): CType | undefined;
  ownEnumerator(header: Header, start: number, end: number, name: string): SizeInterval | undefined;
  valueOf(macro: FoundMacro): SizeInterval | undefined;
}

/** The names that a C file sees through its includes. */
export interface FileView extends TypeLookup {
  readonly file?: string | undefined;
  /** Keeps what holds for this file alone. */
  readonly asker: Asker;
  /** What it includes itself. */
  rootsInReach(): Int32Array;
}

/** The headers of a tree, as a scope asks for them. */
export interface World {
  readonly files: HeaderFiles;
  readonly setting: WorldSetting;
  readonly layouts: Layouts;
  readonly questions: Questions;
  /**
   * What the file sees that is being asked about. Some headers use names that whoever includes them must have included before; a file that
   * compiles sees all of them.
   */
  readonly currentFile: FileView | undefined;
  /** Definitions whose reading has begun. */
  depth: number;
  scopeOfHeader(header: Header): HeaderReader;
  /** From now on questions are about this file. */
  enter(file: FileView): void;
  /** Looks at every header in reach, so that the tables of definitions know all that they define. */
  completeFrom(roots: Int32Array): void;
  /** All that is in reach of the file that is being analysed, whose roots these are. */
  reachOf(roots: Int32Array): Reach;
  /** Visits the headers in reach, nearest first, until `visit` says that it has enough. It must not walk itself. */
  walk(roots: Int32Array, visit: (reached: Reached) => boolean): void;
  optionDefined(name: string): boolean | undefined;
}
