import type { Resource } from '../../kernel/model';
import type { Held } from '../held';
import type { MemberType } from './memberTypes';
import type { MemoryRecord } from './memoryRecord';

/**
 * What one file tells the analysis of a whole tree: its functions with the calls they make, the execution context at each call, and
 * where its functions are handed out as callbacks. Names are ids of the file's interner, places are byte offsets.
 */
export interface FileLinkage {
  readonly functions: readonly FunctionLinkage[];
  /** Functions named outside of function bodies: members of operation tables, arguments of macros such as `module_init`. */
  readonly mentions: readonly Mention[];
  /** Members of structs that the file fills or frees. */
  readonly memory: readonly MemoryRecord[];
  /** Where the names of functions stand that free large memory which kvmalloc() could serve. */
  readonly frees: readonly number[];
  /** Which members of the file's structs lead to which structs. */
  readonly types: readonly MemberType[];
}

/** What a caller may have switched off or taken; a set of these bits travels along calls. */
export const enum Entered {
  None = 0,
  Lock = 1,
  Rcu = 2,
  SoftirqsOff = 4,
  InterruptsOff = 8,
  PreemptionOff = 16,
  /** The caller is no function of ours: an interrupt, a timer, a contract. Nothing the function does ends it. */
  Callback = 32,
  /** Reclaim that enters the file system would wait for the caller; below {@link Io} as well. */
  Fs = 64,
  /** Reclaim that starts I/O would wait for the caller. */
  Io = 128,
  All = 255,
}

/** The bits that forbid sleeping. */
export const ATOMIC_BITS = 63;

const BITS: Partial<Record<Resource, Entered>> = {
  spinlock: Entered.Lock,
  'raw-spinlock': Entered.Lock,
  rwlock: Entered.Lock,
  'bit-lock': Entered.Lock,
  seqlock: Entered.Lock,
  rcu: Entered.Rcu,
  'bh-off': Entered.SoftirqsOff,
  'irqs-off': Entered.InterruptsOff,
  'preempt-off': Entered.PreemptionOff,
  'local-lock': Entered.PreemptionOff,
  'kmap-atomic': Entered.PreemptionOff,
  fpu: Entered.PreemptionOff,
  'fs-transaction': Entered.Fs,
  'frozen-queue': Entered.Io,
};

/** The bit of a resource that forbids sleeping or reclaim; 0 for all others. */
export function enteredBit(resource: Resource): number {
  return BITS[resource] ?? Entered.None;
}

/** How a call names what it calls. */
export const enum Via {
  /** A function or macro, by its name. */
  Name = 0,
  /** A pointer in a structure: `ops->start(…)`; the symbol is the member's name. */
  Member = 1,
  /** A function that was passed to this one; the symbol is the number of the parameter. */
  Parameter = 2,
  /**
   * No call: a function that was passed to this one, at position 0, is stored in a member, `r->done = done;`, or in an array. Whoever hands a function to this one has it
   * stored there.
   */
  Store = 3,
}

/** Whether a call says to which struct its member belongs: {@link LinkedCall.receiver}. */
export function hasReceiver(via: Via): boolean {
  return via === Via.Member || via === Via.Store;
}

/** What the call does by itself, as far as this analysis asks. */
export const enum Act {
  None = 0,
  /** Allocates with GFP_ATOMIC or GFP_NOWAIT. */
  Atomic = 1,
  /** Allocates with a mask that may sleep, or by an allocator that always may; whether it may start I/O is not known. */
  Blocks = 2,
  /** May sleep, but starts no I/O (GFP_NOIO). */
  BlocksOnly = 5,
  /** May sleep and start I/O, but enters no file system. */
  BlocksIo = 3,
  /** May sleep, start I/O, and enter file systems. */
  BlocksFs = 4,
}

/** A function used as a value. */
export interface Mention {
  readonly function: number;
  readonly offset: number;
  readonly use: MentionUse;
  /** Call: the called name. Member: the struct's tag or typedef, or a path to it ({@link MemberType}); 0 if it is not in sight. */
  readonly owner: number;
  /** Call: position of the argument. Member: the member's name. */
  readonly slot: number;
  /** Call, inside a function: number of the call among the function's calls; otherwise -1. */
  readonly call: number;
}

export const enum MentionUse {
  /** Argument of a call: `timer_setup(&t, f, 0)`. */
  Call = 0,
  /** Initialises or is assigned to a member: `.ndo_open = f`, `t->function = f`. */
  Member = 1,
  /** `EXPORT_SYMBOL(f)` and its kin. */
  Export = 2,
  /** No use at all: the function itself says in which context it is entered. `owner`: its words; `slot`: {@link Entered} bits. */
  Stated = 5,
  /** As Member, in a file that says that this callback may sleep. */
  Excused = 4,
  /**
   * No use of a function: a member that holds functions is an argument, `usb_fill_int_urb(…, type->done, …)`. `function`: the member's name; `owner`: its struct, as for
   * Member; `slot`: the position.
   */
  Handed = 6,
  /** Anything else: nothing is known of who calls it. */
  Unknown = 3,
}

/** Whether the slot of a mention is the name of a member, not a number. */
export function hasNamedSlot(use: MentionUse): boolean {
  return use === MentionUse.Member || use === MentionUse.Excused;
}

/** A condition under which a call is made: a parameter is zero, or not, on every path to it. */
export interface Guard {
  /** The number of the parameter; below 0 what {@link GuardOn} says. */
  readonly parameter: number;
  readonly nonzero: boolean;
  /** Nothing need be known of the parameter to believe in the path: a pointer that is not NULL. */
  readonly usual: boolean;
}

/** What a condition is about that is none on a parameter. */
export const enum GuardOn {
  /** Something that speaks of sleeping, or a guard() that may hold a lock. */
  Sleeping = -1,
  /** A function that is known by its name only may have locked something. */
  UnknownLock = -2,
  /** A `switch` on what the caller passed. */
  Switch = -3,
  /** The pointer that is called holds one of several functions, by a choice that is not followed. */
  OneOfMany = -4,
  /** The call is made where something is not there yet: whoever else calls the function may have made it before. */
  MakesMissing = -5,
  /** The call is made for one kind of object only, `if (ioc->bus_type != SAS) return;`: who shares the function with others may have another kind. */
  Kind = -6,
  /** The call gives back a reference that the function has taken itself: whoever let it take one still holds another. */
  OwnReference = -7,
  /** Less n: the call allocates, where sleeping is forbidden, with the mask that the function is given in parameter n. */
  Mask = -16,
}

/** A parameter handed on: `f(a, can_sleep)` has position 1 and the number of can_sleep. */
export interface PassedOn {
  readonly position: number;
  readonly parameter: number;
}

/** The execution context at a call. Calls between which nothing changes share one. */
export interface CallContext {
  /** {@link Entered} bits this function itself holds here on every path, and the event to name. */
  readonly held: number;
  readonly holder: Held | undefined;
  /** Bits held on some path only. */
  readonly maybe: number;
  /** Bits of the caller's context that are still in force here. */
  readonly keeps: number;
  /** What proves that sleeping is allowed here: a call that slept before on every path, or a mutex that is held. */
  readonly proof: Held | undefined;
  readonly guards: readonly Guard[];
}

const NO_GUARDS: readonly Guard[] = [];

/** Nothing changes on the way to the call: the context of the caller holds. */
export const AS_ENTERED: CallContext = { held: 0, holder: undefined, maybe: 0, keeps: Entered.All, proof: undefined, guards: NO_GUARDS };

export interface LinkedCall {
  readonly via: Via;
  readonly symbol: number;
  /** Member, Store: the tag of the struct it belongs to, or a path to it ({@link MemberType}); 0 where that is not known, and for all other calls. */
  readonly receiver: number;
  readonly offset: number;
  readonly act: Act;
  readonly context: CallContext;
  /** Bit n: argument n is the constant 0, NULL or false / another constant. The first 16 arguments. */
  readonly zeros: number;
  readonly nonzeros: number;
  readonly passedOn: readonly PassedOn[];
  /** Arguments that are named constants, and constants that a parameter must have for the call to be made. */
  readonly constants: readonly NamedConstant[];
  readonly cases: readonly NamedConstant[];
  /** Arguments that are constants ORed together: one for each constant. */
  readonly flags: readonly NamedConstant[];
  /** What the conditions around it say of members and of bits of parameters. */
  readonly compared: readonly LinkedTest[];
}

/** `x->state == RING_UP`, `flags & RING_SYNC`, or the opposite of it. */
export interface LinkedTest {
  /** The parameter of which a bit is tested; -1 for the value of a member. */
  readonly parameter: number;
  /** The member; 0 for bits. */
  readonly member: number;
  readonly constant: number;
  readonly equal: boolean;
}

/** `index`: position of the argument, or number of the parameter. `symbol` 0: any other value. */
export interface NamedConstant {
  readonly index: number;
  readonly symbol: number;
}

export const NO_CONSTANTS: readonly NamedConstant[] = [];

export const NOTHING_COMPARED: readonly LinkedTest[] = [];

export const NOTHING_PASSED_ON: readonly PassedOn[] = [];

/** A call of whose arguments nothing is known, and that does nothing by itself. */
export function plainCall(via: Via, symbol: number, offset: number, context: CallContext): LinkedCall {
  return {
    via,
    symbol,
    receiver: 0,
    offset,
    act: Act.None,
    context,
    zeros: 0,
    nonzeros: 0,
    passedOn: NOTHING_PASSED_ON,
    constants: NO_CONSTANTS,
    cases: NO_CONSTANTS,
    flags: NO_CONSTANTS,
    compared: NOTHING_COMPARED,
  };
}

export const enum Linkage {
  Global = 0,
  Static = 1,
  /** Defined by a macro that makes an entry point of it: SYSCALL_DEFINE and the like. */
  EntryPoint = 2,
  /** A function-like macro. */
  Macro = 3,
}

export interface FunctionLinkage {
  readonly symbol: number;
  readonly offset: number;
  readonly linkage: Linkage;
  /** Runs once while the system starts: `__init`. */
  readonly atInit: boolean;
  /** {@link Entered} bits that its caller holds when it returns: on every path, and on some. */
  readonly leaves: number;
  readonly mayLeave: number;
  readonly calls: readonly LinkedCall[];
  readonly mentions: readonly Mention[];
}
