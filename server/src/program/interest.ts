/**
 * Texts of which a file must contain at least one behind its licence to be worth parsing: any other file can hold no finding. A mask shows `gfp`
 * or `GFP_` somewhere in its file (as does every suppression comment), most functions that allocate or free say so in their
 * names, and the rest of them matter only where sleeping is forbidden, which takes one of the other words. The most frequent
 * come first; a test holds the list against the catalogues.
 */
export const INTERESTING_WORDS: readonly string[] = [
  'alloc',
  'free',
  'GFP_',
  'gfp',
  '_lock',
  'irq_save',
  'irq_disable',
  'preempt_disable',
  'bh_disable',
  'seqlock',
  'seqcount',
  'trylock',
  'lock_sock',
  'sighand',
  'guard(',
  'get_cpu',
  'kmap_atomic',
  'fpu_begin',
  '_preload',
  'rhashtable_walk',
];

/** A header of this size without a brace numbers registers, bytes. */
const LARGE = 64 << 10;

/** A file of which only parts are looked at. */
export interface Skimmed {
  readonly path: string;
  /** Bytes. */
  readonly size: number;
  /** Looks for a text behind {@link licenceEnd}. */
  readonly has: (text: string) => boolean;
}

/**
 * Whether a file is worth parsing: it may hold a finding or, with `linked`, functions that others call or structs through whose
 * members they are called. A header says `inline` for each of these functions.
 * Headers that only number registers, a third of all bytes of a tree, are not.
 */
export function isWorthParsing({ path, size, has }: Skimmed, linked: boolean): boolean {
  const isHeader = path.endsWith('.h');
  if (isHeader && size > LARGE && !has('{')) return false;
  return (linked && !isHeader) || INTERESTING_WORDS.some(has) || (linked && (has('inline') || (has('{') && has('struct'))));
}

const [TAB, LF, CR, BLANK, STAR, SLASH] = [0x09, 0x0a, 0x0d, 0x20, 0x2a, 0x2f];

/** Where the comments at a file's beginning end: many a licence speaks of what is free of charge. An offset in bytes. */
export function licenceEnd(bytes: Uint8Array): number {
  let at = 0;
  for (;;) {
    while (bytes[at] === BLANK || bytes[at] === TAB || bytes[at] === LF || bytes[at] === CR) at++;
    if (bytes[at] !== SLASH) return at;
    const end = bytes[at + 1] === SLASH ? lineEnd(bytes, at) : bytes[at + 1] === STAR ? commentEnd(bytes, at + 2) : at;
    if (end === at) return at;
    at = end;
  }
}

function lineEnd(bytes: Uint8Array, from: number): number {
  const end = bytes.indexOf(LF, from);
  return end < 0 ? bytes.length : end;
}

function commentEnd(bytes: Uint8Array, from: number): number {
  let star = bytes.indexOf(STAR, from);
  while (star >= 0 && bytes[star + 1] !== SLASH) star = bytes.indexOf(STAR, star + 1);
  return star < 0 ? bytes.length : star + 2;
}

/** Whether a text can use a member of this name, or declare one; for `name()`, whether it has the name. */
export function mayUseMember(path: string, text: string, member: string): boolean {
  if (member.endsWith('()')) return text.includes(member.slice(0, -2));
  for (let at = text.indexOf(member); at >= 0; at = text.indexOf(member, at + 1)) {
    if (isWordByte(text, at - 1) || isWordByte(text, at + member.length)) continue;
    const before = text[at - 1];
    if (before === '>' || before === '.' || path.endsWith('.h')) return true;
  }
  return false;
}

function isWordByte(text: string, at: number): boolean {
  return /\w/.test(text[at] ?? ' ');
}
