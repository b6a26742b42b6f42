/**
 * What log transports put in front of a message of the kernel. Each is matched at the beginning of what the ones before it left; a line may have several
 * (a capture's clock, syslog's head, the kernel's own time).
 */

const MONTH = '(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)';
const DAY = '(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)';
const TIME = '\\d\\d:\\d\\d:\\d\\d(?:[.,]\\d+)?';
const ISO = `\\d{4}-\\d\\d-\\d\\d[T ]${TIME}(?:Z|[+-]\\d\\d:?\\d\\d)?`;
const LEVEL = '(?:emerg|alert|crit|err|error|warn|warning|notice|info|debug)';

/** A date or time of day by itself; in brackets only when more brackets follow, as a capture of a console writes it. */
const CLOCK = new RegExp(
  `^\\s*(?:\\[(?:${ISO}|${TIME})\\](?=\\s*\\[)|(?:${DAY} )?${MONTH}\\s+\\d{1,2} ${TIME}(?: \\d{4})?|${ISO}|${TIME})\\s+`,
);
/** `[ 12.345678]`, `[Fri Jun  7 10:31:05 2024]`, `[Jun 7 10:31]`, `[  +0.000012]`. */
const STAMP = new RegExp(
  `^\\s*\\[\\s*(?:\\d+\\.\\d+|\\+\\d+\\.\\d+|${DAY} ${MONTH}\\s+\\d{1,2} \\d\\d:\\d\\d:\\d\\d \\d{4}|${MONTH}\\s?\\d{1,2} \\d\\d:\\d\\d|${ISO})\\s*\\]:?`,
);
const CALLER = /^\s?\[\s*([TC]\d+)\s*\]/;
/** `host kernel: `, `kernel[1]: `, `host kernel - - - ` of RFC 5424. */
const KERNEL = /^\s*(?:[\w.:@-]+\s+)?(?:[a-z]+\.[a-z]+\s+)?kernel(?:(?:\[\d+\])?:(?: |$)| - - (?:-|\[[^\]]*\]) ?)/;
/** A host or tag between a date and the kernel's time. */
const HOST = /^[\w.:@-]+\s+(?=\[\s*\d+\.\d+\])/;
/** `<4>`, and with the version of RFC 5424 behind it. */
const PRIORITY = /^<\d{1,3}>(?:1 (?=\d{4}-))?/;
/** The records of /dev/kmsg and netconsole: `4,1234,5678,-;`. */
const KMSG = /^\d{1,4},\d+,\d+,[-c](?:,[^;]{0,80})?;/;
/** `kern  :warn  : ` of dmesg -x, and `06-07 10:31:05.123     0     0 W : ` of Android. */
const DECODED = new RegExp(
  `^\\s*(?:kern|user|daemon|syslog)\\s*:\\s*${LEVEL}\\s*: ?|^\\d\\d-\\d\\d ${TIME}\\s+\\d+\\s+\\d+ [VDIWEF] [^:]{0,30}: ?`,
);

/** More layers than these nobody puts around a message. */
const MOST_LAYERS = 6;

/** A message without the prefixes of transports. */
export interface Unwrapped {
  readonly text: string;
  /** There was a prefix. */
  readonly stamped: boolean;
  /** `T123` or `C1`: who printed it, where the kernel says so. */
  readonly caller: string | undefined;
}

export function unwrap(line: string): Unwrapped {
  let text = line;
  let caller: string | undefined;
  let dated = false;
  for (let layer = 0; layer < MOST_LAYERS; layer++) {
    const tag = CALLER.exec(text);
    if (tag !== null) caller = tag[1];
    const clock = CLOCK.exec(text);
    const match =
      tag ?? STAMP.exec(text) ?? PRIORITY.exec(text) ?? KMSG.exec(text) ?? clock ?? DECODED.exec(text) ?? kernelTag(text, layer, dated);
    if (match === null) break;
    if (match === clock) dated = true;
    text = text.slice(match[0].length);
  }
  const stamped = text.length < line.length;
  return { text: stamped && text.startsWith(' ') ? text.slice(1) : text, stamped, caller };
}

/** The word `kernel:` with a host before it; a host alone only behind a date. */
function kernelTag(text: string, layer: number, dated: boolean): RegExpExecArray | null {
  const match = KERNEL.exec(text);
  // In the middle of a message the word could be its own.
  if (match !== null && (layer > 0 || /^\s*kernel/.test(text))) return match;
  return dated ? HOST.exec(text) : null;
}
