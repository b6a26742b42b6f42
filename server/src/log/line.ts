/** A line without what a log transport put in front of it. */
export interface LogLine {
  /** 1-based. */
  readonly number: number;
  readonly text: string;
  /** Something was in front (a time stamp, a syslog head): then a line without is the rest of a wrapped one. */
  readonly stamped: boolean;
  /** `T123` or `C1`: who printed it, where the kernel says so. */
  readonly caller: string | undefined;
}

/** Put behind the last line when it does not end with a newline: it may be cut, and a number at its end is not believed. */
export const CUT = '\uffff';

// biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences of terminals are what is removed.
const TERMINAL = /\u001b\[[0-9;?]*[A-Za-z]/g;
const QUOTE = /^(?:[>|]\s?)+(?=[^0-9a-f]|$)/;
const PRIORITY = /^<\d{1,3}>(?:\d+ (?=\d{4}-))?/;
/** The records of /dev/kmsg and netconsole: `4,1234,5678,-;`. */
const KMSG = /^\d{1,4},\d+,\d+,[-c](?:,[^;]{0,80})?;/;
/** `Jun  9 10:31:05 host kernel: `, `2024-06-09T10:31:05+02:00 host kernel[1]: `, `Sun Jun  6 16:14:57 2021 kern.warn kernel: `, `kernel: `. */
const SYSLOG =
  /^(?:(?:(?:[A-Z][a-z]{2} )?[A-Z][a-z]{2}\s+\d{1,2} \d\d:\d\d:\d\d(?:[.,]\d+)?(?: \d{4})?|\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d\S*)\s+)?(?:[\w.:@-]+\s+)?kernel(?:\[\d+\])?:(?: |$)/;
/** A date of a logger without `kernel:` behind it. */
const DATED = /^\[?(?:[A-Z][a-z]{2}\s+\d{1,2} \d\d:\d\d:\d\d(?:[.,]\d+)?|\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d[\d.,+:Z-]*)\]?\s+(?=\[)/;
const STAMP =
  /^\s*\[\s*(?:\d+\.\d+|\+\d+\.\d+|[A-Z][a-z]{2} [A-Z][a-z]{2}\s+\d{1,2} \d\d:\d\d:\d\d \d{4}|[A-Z][a-z]{2}\s?\d{1,2} \d\d:\d\d|\d{4}-\d\d-\d\d[T ][\d:.,+Z-]+)\s*\]:?/;
const CALLER = /^\s?\[\s*([TC]\d+)\s*\]/;

/** Removes the prefixes of transports: colours, quoting, priorities, syslog heads, times, printing task. Indentation of the message stays. */
export function stripLine(raw: string, number: number): LogLine {
  let text = raw.endsWith('\r') ? raw.slice(0, -1) : raw;
  // Mail programs turn runs of blanks into non-breaking ones.
  if (text.includes('\u00a0')) text = text.replaceAll('\u00a0', ' ');
  if (text.includes('\u001b')) text = text.replace(TERMINAL, '');
  if (text.startsWith('{')) text = journalMessage(text) ?? text;
  const before = text;
  let caller: string | undefined;
  text = text.replace(QUOTE, '').replace(PRIORITY, '').replace(KMSG, '');
  const indented = text.trimStart();
  const head = SYSLOG.exec(indented) ?? DATED.exec(indented);
  if (head !== null) text = indented.slice(head[0].length);
  text = text.replace(PRIORITY, '');
  const quoted = text.length;
  for (let rounds = 0; rounds < 3; rounds++) {
    const stamp = STAMP.exec(text);
    if (stamp !== null) text = text.slice(stamp[0].length);
    const tag = CALLER.exec(text);
    if (tag !== null) {
      caller = tag[1];
      text = text.slice(tag[0].length);
    }
    if (stamp === null && tag === null) break;
  }
  const stamped = text.length < quoted || head !== null;
  return { number, text: stamped && text.startsWith(' ') ? text.slice(1) : text, stamped: stamped && text !== before, caller };
}

/** The message of a line of `journalctl -o json`; undefined for anything else. Bytes that are not text come as an array of numbers. */
function journalMessage(text: string): string | undefined {
  if (!text.includes('"MESSAGE"')) return undefined;
  try {
    const entry: unknown = JSON.parse(text.endsWith(CUT) ? text.slice(0, -1) : text);
    if (typeof entry !== 'object' || entry === null || !('MESSAGE' in entry)) return undefined;
    const message = entry.MESSAGE;
    if (typeof message === 'string') return `kernel: ${message}`;
    if (Array.isArray(message) && message.every((one) => Number.isInteger(one)))
      return `kernel: ${String.fromCharCode(...message.slice(0, 4096))}`;
  } catch {
    // A cut line: what can be read of it is read as text.
  }
  return undefined;
}

/** A message with newlines inside, as rsyslog (`#012`), printk's escaping (`\x0a`) and the journal write them. */
export function splitEscaped(text: string): readonly string[] {
  if (!text.includes('#012') && !text.includes('\\x0a') && !text.includes('\n')) return [text];
  return text.split(/#012|\\x0a|\n/);
}
