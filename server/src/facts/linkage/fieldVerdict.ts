import type { MemoryFamily } from '../../kernel/model';
import type { Largeness } from '../memory/convertible';

/** A call in some file that fills or frees a member. Offsets in bytes; the range is that of the called name. */
export interface FieldCall {
  readonly path: string;
  readonly start: number;
  readonly end: number;
  readonly callee: string;
  /** What it allocates, or what it may free. */
  readonly families: readonly MemoryFamily[];
  /** For allocations: kvmalloc() could serve them. */
  readonly large?: Largeness;
  /** For frees: what is held there and forbids sleeping; empty where nothing is. */
  readonly atomic: string;
}

/** Why the memory behind a member must stay as it is, or where it goes unseen. */
export interface FieldConcern {
  readonly kind: 'contiguous' | 'unseen';
  readonly reason: string;
  readonly path: string;
  readonly start: number;
  readonly end: number;
}

/**
 * What the files that share a struct do, all together, with the memory behind one of its members; a plain value that can be sent to a worker. The file it is
 * sent to knows its own part better: calls and concerns are those of the other files.
 */
export interface FieldVerdict {
  /** `struct foo.ring`, or `struct foo.rings[]` for the elements of an array. */
  readonly key: string;
  /** Nobody else can name the member: its struct is declared in a header of these files' own folder, and all of them were read. */
  readonly complete: boolean;
  readonly allocations: readonly FieldCall[];
  readonly releases: readonly FieldCall[];
  /** Something is stored in the member whose origin is not known, or an expression may mean another struct's member of this name. */
  readonly unsure: boolean;
  readonly concerns: readonly FieldConcern[];
}
