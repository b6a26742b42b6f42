import type { LogLine } from './line';

/** One message of the kernel, put together from the pieces that mail programs and terminals broke it into. */
export class LogicalLine {
  /** The last piece was broken in the middle of a word. */
  private broken: boolean;
  /** Of the last piece. */
  private width: number;
  private readonly starts: { readonly offset: number; readonly line: number }[];

  text: string;
  readonly line: number;
  readonly caller: string | undefined;

  constructor(first: LogLine) {
    this.text = first.text;
    this.line = first.number;
    this.caller = first.caller;
    this.broken = first.broken;
    this.width = first.width;
    this.starts = [{ offset: 0, line: first.number }];
  }

  append(piece: LogLine, widest: number): void {
    const together = this.broken || this.isCut(piece, widest);
    if (!together) this.text = `${this.text.trimEnd()} `;
    this.starts.push({ offset: this.text.length, line: piece.number });
    this.text += together ? piece.text : piece.text.trimStart();
    this.broken = piece.broken;
    this.width = piece.width;
  }

  /** The last piece ends in the middle of a word because a terminal is not wider: then no line is. */
  isCut(piece: LogLine, widest: number): boolean {
    return this.width === widest && isCutWord(this.text, piece.text);
  }

  get isBroken(): boolean {
    return this.broken;
  }

  /** The line of the input that the character at an offset stands on. */
  lineAt(offset: number): number {
    let line = this.line;
    for (const start of this.starts) if (start.offset <= offset) line = start.line;
    return line;
  }

  get lastLine(): number {
    return this.starts[this.starts.length - 1]!.line;
  }
}

/** Beginnings that only the middle of a message has: fields of a zone, cells of a buddy list, the rest of a header. */
const CONTINUATION =
  /^\s*(?:\(?[a-z][\w()]*\)?:\s?\d+[kK]B\b|\d+[*_]\d+kB|\([UMERHCI]+\)|= \d+kB|\d+[kK]B\b|mode:0x|mode=0x|nodemask=|mems_allowed=|hugepages_(?:total|free|surp|size)=|all_unreclaimable\?|pages_scanned:|order[:=]\d|oom_score_adj=|(?:yes|no)$|yes\s|no\s)/;
const NUMBERS = /^\s*\d+(?: \d+)*\s*$/;
const RELEASE = /(?:^|\s)\d+\.\d[.\w+-]*\s+(?:#|NONE|\()|^\s*Tainted: |^\s*\d+\.\d+\.\d[\w.+-]*\s*$/;
const FRAME_REST = /^\s*[\w.$]+\+0x[0-9a-f]+\/0x[0-9a-f]+/;

/** Lists in which every number has its unit, and the counters of the machine, which have none. */
const LIST = /^\s*(?:Node \d+ (?:active_anon:|hugepages)|(?:Node \d+ )?(?:DMA|DMA32|Normal|HighMem|Movable|Device)(?::| free:))/;
const COUNTERS = /^\s*(?:active_anon|active_file|unevictable|slab_reclaimable|mapped|sec_pagetables|free):\d/;
/** A word that is not complete at the end of a piece, and how its rest begins: a terminal broke the line at its width. */
const CUT_FIELD: readonly CutWord[] = [[/\s[a-z_]+(?:\([a-z]*\)?)?$/, /^[a-z_]*(?:\([a-z]+\)|[a-z]*\))?:\s?\d/]];
const CUT_LIST: readonly CutWord[] = [
  ...CUT_FIELD,
  [/[:=] ?\d+$/, /^\d*[kK]B\b/],
  [/[:*_ ]\d+[kK]$/, /^B\b/],
  [/[:)B] \d+$/, /^\d*[*_]\d/],
  [/\d[*_]\d*$/, /^\d*kB\b/],
  [/\([UMERHCI]*$/, /^[UMERHCI]*\)/],
];
const CUT_COUNTERS: readonly CutWord[] = [...CUT_FIELD, [/:\d+$/, /^\d+(?: [a-z_]+:\d|$)/]];

type CutWord = readonly [end: RegExp, rest: RegExp];

/** A word of a list stands half in one piece and half in the next: it is put together without a blank between. */
function isCutWord(text: string, rest: string): boolean {
  const kinds = LIST.test(text) ? CUT_LIST : COUNTERS.test(text) ? CUT_COUNTERS : [];
  return kinds.some(([end, begin]) => end.test(text) && begin.test(rest));
}

/** Whether a piece is the rest of a line that was wrapped. `widest`: the length of the longest line so far. */
export function continues(open: LogicalLine, piece: LogLine, widest: number): boolean {
  if (open.isBroken) return true;
  if (piece.stamped || piece.text.trim() === '') return false;
  if (open.isCut(piece, widest)) return true;
  const { text } = open;
  if (CONTINUATION.test(piece.text)) return /[:=,\d)B]\s*$|\*|free:\d|(?:allocation failure|oom-killer|kB|Node \d+|CPU:)/.test(text);
  if (/lowmem_reserve\[\]:/.test(text)) return NUMBERS.test(piece.text);
  if (/(?:CPU|Pid): ?\d/.test(text)) return !namesRelease(text) && RELEASE.test(piece.text);
  if (/page allocation$/.test(text.trimEnd())) return /^\s*failure/.test(piece.text);
  if (/invoked$/.test(text.trimEnd())) return /^\s*oom-killer/.test(piece.text);
  if (/^\s*#\d+:.*(?:\},|at:)$/.test(text.trimEnd())) return true;
  if (/invalid context at$/.test(text.trimEnd())) return true;
  if (/(?:pid:|non_block: \d+,|, name:)$/.test(text.trimEnd())) return true;
  if (/^\s*\[[0-9a-f]{8,16}\] \[[0-9a-f]{8,16}\]$|^\s*\[<[0-9a-f]{8,16}>\]$|^\s*\[[\w.]+\+\d+\/\d+\]$|^$/.test(text.trimEnd()))
    return FRAME_REST.test(piece.text);
  return false;
}

/** Whether the kernel's release stands behind `Tainted:` or `Not tainted`. */
function namesRelease(text: string): boolean {
  const taint = text.indexOf('ainted');
  return taint >= 0 && /\s\d+\.\d[.\w+-]*\s+(?:#|NONE|\()/.test(text.slice(taint));
}
