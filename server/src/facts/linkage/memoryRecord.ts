import type { MemoryFamily } from '../../kernel/model';

export const enum MemoryAct {
  /** Memory of these families is stored in the member. */
  Fills = 0,
  /** As Fills; the memory is always more than a page, and kvmalloc() could serve it. */
  FillsLarge = 1,
  /** As Fills; nothing bounds its size, and kvmalloc() could serve it. */
  FillsUnbounded = 2,
  /** The member is given to a function that frees memory of these families. */
  Frees = 3,
  /** A function that other files can call returns memory of these families; the name is the function's. */
  Returns = 4,
  /** What a function of another file returned is given to one that frees these families; the name is the first one's. */
  FreesResult = 5,
  /** A function that other files can call frees what it gets at a position, at once or out of the member it keeps it in; the name is the function's. */
  FreesParameter = 6,
  /** Memory of these families is given to a function of another file whose name says that it ends there; the name is that function's. */
  Passes = 7,
  /** Memory that is always more than the allocator likes, and that kvmalloc() could serve, is given to a function of another file. */
  PassesLarge = 8,
  /** A function that other files can call returns such memory. */
  ReturnsLarge = 9,
}

/** Whether a record is about a member of a struct, not about a function. */
export function isOfMember(act: MemoryAct): boolean {
  return act <= MemoryAct.Frees;
}

/**
 * That a file fills or frees a member of some struct. The struct is not looked for: a reader of many files compares names first, and asks for the
 * structs of the few members where it matters.
 */
export interface MemoryRecord {
  /** The member's name, or the function's. */
  readonly member: number;
  readonly act: MemoryAct;
  /** Bits by {@link familyBit}. */
  readonly families: number;
  /** Of the function's parameter, where the record is about one. */
  readonly position?: number;
}

/** Families whose memory only their own functions can take back. */
export const STRICT_FAMILIES: readonly MemoryFamily[] = [
  'slab',
  'kv',
  'vmalloc',
  'page',
  'page-address',
  'pages-exact',
  'percpu',
  'devm',
  'mempool',
  'skb',
  'urb',
];

/** Families that are told apart; those behind the strict ones also have functions of their own, but others take their memory back as well. */
const RECORDED_FAMILIES: readonly MemoryFamily[] = [...STRICT_FAMILIES, 'cache', 'bio', 'bitmap'];

/** The bit of a family in a {@link MemoryRecord}; 0 for families that need not match. */
export function familyBit(family: MemoryFamily): number {
  const at = RECORDED_FAMILIES.indexOf(family);
  return at < 0 ? 0 : 1 << at;
}
