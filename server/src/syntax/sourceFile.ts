import type { Interner } from '../base/interner';
import type { LineIndex } from '../base/lineIndex';
import type { TextRange } from '../base/range';
import type { Tokens } from './tokens';
import type { Tree } from './tree';

/** One parsed C file. Immutable; parsing never throws, what could not be read is in `damage`. */
export interface SourceFile {
  readonly path: string;
  readonly bytes: Uint8Array;
  readonly interner: Interner;
  readonly tokens: Tokens;
  readonly tree: Tree;
  /** The TranslationUnit of the first branch of every `#if`. */
  readonly root: number;
  /** Function definitions of all branches, in source order, each once; a function whose body holds an `#else` appears once per view. */
  readonly functions: readonly FunctionEntry[];
  /**
   * Top-level nodes that stand only in other branches (`#else` parts at file level), and declarations read again because a part of
   * them has another variant. Functions that are only read again are in `functions` alone.
   */
  readonly alternates: readonly number[];
  readonly macros: MacroTable;
  readonly includes: readonly Include[];
  readonly damage: readonly Damage[];
  readonly lines: LineIndex;
}

export interface FunctionEntry {
  /** The Function node. */
  readonly node: number;
  readonly name: string;
  /** 0: the branches chosen first; 1: the other branches. */
  readonly view: number;
}

export interface Macro {
  readonly name: string;
  /** Function-like; says so without reading the names of the parameters. */
  readonly takesArguments: boolean;
  /** Parameter names, undefined for object-like macros. A variadic parameter is `...` or `name...`. */
  readonly parameters: readonly string[] | undefined;
  readonly nameRange: TextRange;
  /** Bytes of the body, continuation lines included; empty for `#define X`. */
  readonly body: TextRange;
}

export interface MacroTable {
  /** The macro of that name defined last in the file, or undefined. The symbol is an interner id. */
  bySymbol(symbol: number): Macro | undefined;
  readonly all: readonly Macro[];
  /** The interner ids of the names of {@link all}, in the same order. */
  readonly symbols: Uint32Array;
}

export interface Include {
  /** As written between the quotes or angle brackets. */
  readonly path: string;
  readonly quoted: boolean;
  readonly range: TextRange;
}

export interface Damage {
  readonly range: TextRange;
  /** A fixed word: 'expression' | 'statement' | 'declaration' | 'unbalanced' | 'too-deep' | 'too-large' | 'binary'. */
  readonly reason: string;
  /** The function it lies in, or the empty string. */
  readonly function: string;
}

/** Which `#if` branches hold: true, false, or undefined when it is not known (then the first branch is read first). */
export interface BranchOracle {
  /** CONFIG_X as `defined` sees it (`=y`, and for `_MODULE` names `=m`). */
  configDefined(name: string): boolean | undefined;
  /** The state of any other macro, where the headers are at hand: whether it is defined, and its value as a number. */
  macroDefined?(name: string): boolean | undefined;
  macroValue?(name: string): number | undefined;
}

export interface ParseOptions {
  readonly interner: Interner;
  readonly branches?: BranchOracle;
  /** Annotation words to skip in addition to the built-in ones (from the tree's own `#define`s). */
  readonly annotations?: ReadonlySet<string>;
  /** A file that nobody looks at any more: the new one takes its memory. Whoever did would see the new one's tokens in it. */
  readonly over?: SourceFile | undefined;
}
