import type { TextRange } from '../base/range';
import type { KernelFunction } from '../kernel/model';
import type { Mask } from '../mask/mask';
import type { FunctionEntry, SourceFile } from '../syntax/sourceFile';
import type { FileScope } from './fileScope';
import type { Held, TraceStep } from './held';
import type { FileLinkage } from './linkage/linkage';
import type { SizeInterval } from './sizeInterval';
import type { TypeLookup } from './sizes/typeReader';

export type { SizeInterval } from './sizeInterval';
export type { Held, TraceStep };

/** What is known of the execution context at a point of a function. */
export interface ContextFact {
  /** Held on every path that reaches the point, the newest last. */
  readonly held: readonly Held[];
  /** Held on some path only. */
  readonly maybeHeld: readonly Held[];
  /** `no`: something held on every path forbids sleeping. `maybe`: on some path. `yes`: proven (tested). `unknown`: nothing held here; the callers decide. */
  readonly maySleep: 'no' | 'maybe' | 'yes' | 'unknown';
  /** A test on the path (`if (in_interrupt())`) that decided `maySleep`, when no held resource did. */
  readonly decidedBy: TraceStep | undefined;
  /** The point cannot be reached (behind a return, or a contradiction). Rules stay silent there. */
  readonly unreachable: boolean;
}

/** A flag word or other operand in a mask expression. */
export interface MaskTerm {
  readonly range: TextRange;
  /** As written: `__GFP_NOWARN`, `gfp`, `0x10u`, `flags & MASK`. */
  readonly text: string;
  readonly kind: 'flag' | 'composite' | 'raw' | 'absent' | 'number' | 'other';
  /** How it enters: ORed in, ANDed, removed by `& ~x`, or an alternative of `? :`. */
  readonly role: 'or' | 'and' | 'remove' | 'alternative' | 'test';
  /** The macro it was written in, when it comes out of an expansion; then `range` is the macro's use. */
  readonly via?: string;
}

/** An expression whose value is a mask: an argument, an assigned value, an initialiser. */
export interface MaskSite {
  readonly node: number;
  readonly range: TextRange;
  readonly text: string;
  readonly value: Mask;
  readonly terms: readonly MaskTerm[];
  /** Logical or arithmetic operators applied to flags (`||`, `&&`, `!`, `+`), with the operator's own range. */
  readonly wrongOperators: readonly { readonly operator: string; readonly range: TextRange; readonly operand: string }[];
  /** Where it stands. */
  readonly use: 'argument' | 'assignment' | 'initialiser' | 'condition' | 'return' | 'other';
  /** The call it is the gfp argument of. */
  readonly call: CallSite | undefined;
  readonly function: FunctionFacts | undefined;
}

/** How much memory a call asks for. */
export interface SizeFact {
  readonly bytes: SizeInterval;
  /** For array forms and `n * sizeof(x)`: the parts. */
  readonly count?: { readonly interval: SizeInterval; readonly text: string; readonly range: TextRange };
  readonly element?: { readonly interval: SizeInterval; readonly text: string; readonly range: TextRange };
  /** Page order asked for directly. */
  readonly order?: SizeInterval;
  /** A few words on where the numbers come from: `sizeof(struct foo) = 832`. */
  readonly reason: string;
}

/** Where the result of a call goes. */
export type ResultUse =
  | { readonly kind: 'variable'; readonly name: string; readonly local: boolean }
  | { readonly kind: 'field'; readonly text: string; readonly field: string; readonly base: string; readonly structTag: string | undefined }
  | { readonly kind: 'other'; readonly text: string }
  | { readonly kind: 'returned' }
  | { readonly kind: 'discarded' }
  | { readonly kind: 'expression' };

export interface ArgumentFact {
  readonly node: number;
  readonly range: TextRange;
  readonly text: string;
}

/** A call that matters: it takes a mask, allocates, frees, or always may sleep. */
export interface CallSite {
  readonly node: number;
  readonly callee: string;
  readonly range: TextRange;
  readonly calleeRange: TextRange;
  readonly args: readonly ArgumentFact[];
  /** The catalogue's row; undefined for a function defined in the file or an unknown function that is passed a mask. */
  readonly api: KernelFunction | undefined;
  /** How the call was recognised. */
  readonly origin: 'catalogue' | 'local-function' | 'macro' | 'mask-argument';
  /** The mask that reaches the allocator: argument and what the function adds. Undefined when it takes none. */
  readonly mask: MaskSite | undefined;
  readonly effectiveMask: Mask;
  readonly context: ContextFact;
  readonly size: SizeFact | undefined;
  readonly result: ResultUse;
  /** For frees: the allocations that can reach the argument; `complete` when nothing else can. */
  readonly freed: { readonly allocations: readonly CallSite[]; readonly complete: boolean; readonly target: string } | undefined;
  readonly function: FunctionFacts;
}

/** One use of a local pointer, in source order. */
export interface PointerUse {
  readonly kind:
    | 'allocated'
    | 'freed'
    | 'assigned'
    | 'null-check'
    | 'error-check'
    | 'dereferenced'
    | 'argument'
    | 'stored'
    | 'returned'
    | 'address-taken'
    | 'other';
  readonly range: TextRange;
  readonly node: number;
  /** For arguments: the callee and position. */
  readonly callee?: string;
  readonly position?: number;
  /** For allocated / freed: the call. */
  readonly call?: CallSite;
}

/** A pointer variable of a function, or a member path (`priv->ring`) used in it, and all that happens to it there. */
export interface PointerFacts {
  /** Source text: `buf`, `priv->ring`. */
  readonly text: string;
  readonly local: boolean;
  readonly parameter: boolean;
  /** For member paths: the last member, and the struct's tag where the declaration tells it. */
  readonly field: string | undefined;
  readonly structTag: string | undefined;
  readonly uses: readonly PointerUse[];
}

export interface FunctionFacts {
  readonly entry: FunctionEntry;
  readonly name: string;
  readonly nameRange: TextRange;
  readonly range: TextRange;
  readonly file: SourceFile;
  readonly calls: readonly CallSite[];
  readonly masks: readonly MaskSite[];
  readonly pointers: readonly PointerFacts[];
  /** Position and name of gfp_t parameters. */
  readonly gfpParameters: readonly { readonly name: string; readonly index: number }[];
  /** Scopes and locks that are left open on some path (memalloc scopes above all). */
  readonly leaks: readonly Held[];
}

export interface Gap {
  /** A fixed phrase, counted by `--stats`: 'damaged syntax', 'fuel spent', 'unknown macro with a block', … */
  readonly reason: string;
  readonly range: TextRange;
}

/** All that is known of one file by itself. */
export interface FileFacts {
  readonly file: SourceFile;
  /** The names of the file as its functions see them. */
  readonly scope: FileScope;
  /** Types and constants of the headers that the file includes; undefined where no tree is at hand. */
  readonly headers: TypeLookup | undefined;
  readonly functions: readonly FunctionFacts[];
  /** Mask expressions outside functions (initialisers, macro bodies). */
  readonly masks: readonly MaskSite[];
  readonly gaps: readonly Gap[];
  /** Only when the analysis of a whole tree asked for it. */
  readonly linkage?: FileLinkage;
}
