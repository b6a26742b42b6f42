import type { LogLine } from './line';

/** One message of the kernel, put together from the pieces that mail programs and terminals broke it into. */
export class LogicalLine {
  private readonly starts: { readonly offset: number; readonly line: number }[];

  constructor(
    public text: string,
    readonly line: number,
    readonly caller: string | undefined,
  ) {
    this.starts = [{ offset: 0, line }];
  }

  append(piece: LogLine): void {
    this.text = `${this.text.trimEnd()} `;
    this.starts.push({ offset: this.text.length, line: piece.number });
    this.text += piece.text.trimStart();
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
  /^\s*(?:\(?[a-z][\w()]*\)?:\s?\d+[kK]B\b|\d+[*_]\d+kB|\([UMERHCI]+\)|= \d+kB|\d+kB\b|mode:0x|mode=0x|nodemask=|mems_allowed=|hugepages_(?:total|free|surp|size)=|all_unreclaimable\?|pages_scanned:|order[:=]\d|oom_score_adj=|(?:yes|no)$|yes\s|no\s)/;
const NUMBERS = /^\s*\d+(?: \d+)*\s*$/;
const RELEASE = /(?:^|\s)\d+\.\d+[.\w+-]*\s+(?:#|NONE|\()|^\s*Tainted: |^\s*\d+\.\d+\.\d+[\w.+-]*\s*$/;
const FRAME_REST = /^\s*[\w.$]+\+0x[0-9a-f]+\/0x[0-9a-f]+/;

/** Whether a piece is the rest of a line that was wrapped. */
export function continues(open: LogicalLine, piece: LogLine): boolean {
  if (piece.stamped || piece.text.trim() === '') return false;
  const { text } = open;
  if (CONTINUATION.test(piece.text)) return /[:=,\d)B]\s*$|\*|free:\d|(?:allocation failure|oom-killer|kB|Node \d+|CPU:)/.test(text);
  if (/lowmem_reserve\[\]:/.test(text)) return NUMBERS.test(piece.text);
  if (/(?:CPU|Pid): ?\d/.test(text)) return !RELEASE_IN.test(text) && RELEASE.test(piece.text);
  if (/page allocation$/.test(text.trimEnd())) return /^\s*failure/.test(piece.text);
  if (/invoked$/.test(text.trimEnd())) return /^\s*oom-killer/.test(piece.text);
  if (/^\s*#\d+:.*(?:\},|at:)$/.test(text.trimEnd())) return true;
  if (/invalid context at$/.test(text.trimEnd())) return true;
  if (/(?:pid:|non_block: \d+,|, name:)$/.test(text.trimEnd())) return true;
  if (/^\s*\[[0-9a-f]{8,16}\] \[[0-9a-f]{8,16}\]$|^\s*\[<[0-9a-f]{8,16}>\]$|^$/.test(text.trimEnd())) return FRAME_REST.test(piece.text);
  return false;
}

const RELEASE_IN = /ainted.*\s\d+\.\d+[.\w+-]*\s+(?:#|NONE|\()/;
