/**
 * Texts of which a file must contain at least one to be worth parsing: any other file can hold no finding. A mask shows `gfp`
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

/**
 * Whether a file can hold functions that others call: a header says `inline` for each, and those that only number registers, half of all
 * bytes of a tree, do not. `has` looks for a text in the file.
 */
export function mayHoldFunctions(path: string, has: (text: string) => boolean): boolean {
  return !path.endsWith('.h') || has('inline');
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
