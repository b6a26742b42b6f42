import { unwrap } from './prefixes';

/** A line without what a log transport put in front of it. */
export interface LogLine {
  /** 1-based. */
  readonly number: number;
  readonly text: string;
  /** Something was in front (a time stamp, a syslog head): then a line without is the rest of a wrapped one. */
  readonly stamped: boolean;
  /** `T123` or `C1`: who printed it, where the kernel says so. */
  readonly caller: string | undefined;
  /** The mail's encoding broke the line here, in the middle of a word: the rest follows without a blank. */
  readonly broken: boolean;
  /** Length of the whole line, prefixes included. */
  readonly width: number;
}

/** Put behind the last line when it does not end with a newline: it may be cut, and a number at its end is not believed. */
export const CUT = '\uffff';

// biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences of terminals are what is removed.
const TERMINAL = /\u001b\[[0-9;?]*[A-Za-z]/g;
const QUOTE = /^(?:[>|]\s?)+(?=[^0-9a-f]|$)/;

/** Removes the prefixes of transports: colours, quoting, priorities, syslog heads, times, printing task. Indentation of the message stays. */
export function stripLine(raw: string, number: number): LogLine {
  let text = raw.endsWith('\r') ? raw.slice(0, -1) : raw;
  // Mail programs turn runs of blanks into non-breaking ones.
  if (text.includes('\u00a0')) text = text.replaceAll('\u00a0', ' ');
  if (text.includes('\u001b')) text = text.replace(TERMINAL, '');
  if (text.startsWith('\ufeff')) text = text.slice(1);
  const broken = isSoftBreak(text);
  if (broken) text = text.slice(0, -1);
  if (text.includes('=')) text = withoutEncoding(text);
  const indented = text.trimStart();
  if (indented.startsWith('{')) text = jsonMessage(indented) ?? text;
  return { number, broken, width: raw.endsWith('\r') ? raw.length - 1 : raw.length, ...unwrap(text.replace(QUOTE, '')) };
}

/** A line of quoted-printable text has at most 76 characters, and ends with `=` where the encoding broke it. */
function isSoftBreak(text: string): boolean {
  return text.length >= 70 && text.length <= 76 && text.endsWith('=');
}

/** Characters that quoted-printable text encodes in a log: `=`, blanks, tabs, non-breaking blanks. */
const ENCODED = /=(?:3D|20|09|A0|C2=A0)/g;
/** Without a `=3D` in the line: `pid=2045` and `hugepages_size=2048kB` are numbers, blanks at the end and in runs are not. */
const ENCODED_BLANKS = /=(?:A0|C2=A0)|(?:=(?:20|09))+$|(?:=(?:20|09)){2,}/g;
/** A sign that is no code: quoted-printable text has none of these, most lines of a log do. */
const BARE_SIGN = /=(?![0-9A-F]{2}|$)/;

/** Undoes the quoted-printable encoding of a mail. */
function withoutEncoding(text: string): string {
  if (BARE_SIGN.test(text)) return text;
  if (!text.includes('=3D')) return text.replace(ENCODED_BLANKS, ' ');
  return text.replace(ENCODED, (code) => (code === '=3D' ? '=' : code === '=09' ? '\t' : ' '));
}

/** Where collectors of logs put the message: the journal, docker and kubernetes, cloud consoles. */
const MESSAGE_KEYS = ['MESSAGE', 'log', 'textPayload', 'message', 'msg'] as const;

/** The message of a line of JSON; undefined for anything else. Bytes that are not text come as an array of numbers. */
function jsonMessage(text: string): string | undefined {
  if (!MESSAGE_KEYS.some((key) => text.includes(`"${key}"`))) return undefined;
  try {
    const entry: unknown = JSON.parse(text.endsWith(CUT) ? text.slice(0, -1) : text);
    if (typeof entry !== 'object' || entry === null) return undefined;
    const fields = entry as Readonly<Record<string, unknown>>;
    const message = MESSAGE_KEYS.map((key) => fields[key]).find((value) => value !== undefined);
    if (typeof message === 'string') return `kernel: ${message.replace(/\n$/, '')}`;
    if (Array.isArray(message) && message.every((one) => Number.isInteger(one)))
      return `kernel: ${new TextDecoder().decode(Uint8Array.from(message as readonly number[]))}`;
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
