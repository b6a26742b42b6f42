/**
 * Words that a record, a trace event or a file of /proc can begin with; lines without one are skipped without being taken apart. Looking for them is most
 * of the work on a long log, so they are divided: what a regular expression finds in one pass at full speed, and words that begin with a rare character,
 * which are faster to look for one by one.
 */
const PATTERN =
  /page allocation|oom-killer|sleeping function|scheduling while|ossible (?:circular|irq lock|recursive)|inconsistent lock|SLUB: Unable|em-[Ii]nfo:|vmalloc|vmap alloc|callbacks suppressed|order allocation|, zone |call_site=|\/proc\/sys\/vm\//g;
/** The last one: a message that the journal gives in numbers shows no word at all. */
const WORDS = ['MemTotal:', 'vm.', 'mm_', '_retry', '_free_pages ', '<active_objs>', '"MESSAGE":['] as const;

/** Finds the places of anchors in one text, in ascending order. */
export class AnchorSearch {
  /** The next place of each word and of the pattern that is not before the last question; the length of the text: none any more. */
  private readonly next = new Int32Array(WORDS.length + 1).fill(-1);

  constructor(private readonly text: string) {}

  /** The first anchor at or behind an offset; the length of the text when there is none. */
  from(offset: number): number {
    let first = this.text.length;
    for (let index = 0; index <= WORDS.length; index++) {
      if (this.next[index]! < offset) this.next[index] = this.find(index, offset);
      first = Math.min(first, this.next[index]!);
    }
    return first;
  }

  private find(index: number, offset: number): number {
    const word = WORDS[index];
    const found = word === undefined ? this.match(offset) : this.text.indexOf(word, offset);
    return found < 0 ? this.text.length : found;
  }

  private match(offset: number): number {
    PATTERN.lastIndex = offset;
    return PATTERN.exec(this.text)?.index ?? -1;
  }
}
