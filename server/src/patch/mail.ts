import { latin1Bytes } from './latin1';

/** A text that may hold a patch: the body of a mail, one of its attachments, or a file that is no mail. Latin-1, transfer encoding undone. */
export interface MailText {
  /** `[PATCH 2/3] net: …`; undefined for what is no mail. */
  readonly subject: string | undefined;
  readonly body: string;
}

/** Attachments in attachments in attachments: deeper ones are not opened. */
const MAX_DEPTH = 8;

/** The texts of a mailbox, a mail or a bare file, in their order. */
export function mailTexts(text: string): readonly MailText[] {
  return mailsOf(text).flatMap((mail) => opened(mail, undefined, 0));
}

/** Mailboxes begin each mail with a line `From SENDER DATE`. */
function mailsOf(text: string): readonly string[] {
  if (!/^From \S+ /.test(text)) return [text];
  return text.split(/^From \S+ [^\n]*\d{4}\r?\n/m).filter((mail) => mail.trim() !== '');
}

/** Takes the headers off, undoes the transfer encoding and opens what is attached. */
function opened(mail: string, around: string | undefined, depth: number): readonly MailText[] {
  if (!/^[A-Za-z][A-Za-z0-9-]*: /.test(mail) || /^Index: /.test(mail)) return [{ subject: around, body: mail }];
  const { head, body } = split(mail);
  const subject = utf8(encodedWords(header(head, 'subject')?.trim() ?? around ?? '(no subject)'));
  return contents(head, body, subject, depth);
}

/** The texts in a mail or in a part of one. */
function contents(head: string, body: string, subject: string | undefined, depth: number): readonly MailText[] {
  const type = header(head, 'content-type')?.trim() ?? 'text/plain';
  const boundary = /^multipart\//i.test(type) ? parameter(type, 'boundary') : undefined;
  if (boundary !== undefined) {
    if (depth >= MAX_DEPTH) return [];
    return partsOf(body, boundary).flatMap((part) => {
      const inner = split(part);
      return contents(inner.head, inner.body, subject, depth + 1);
    });
  }
  // The same text once more for mail programs; its lines are no longer those of the patch.
  if (/^text\/html\b/i.test(type)) return [];
  const whole = decoded(body, header(head, 'content-transfer-encoding')?.trim().toLowerCase());
  // A mailbox quotes the first line of a mail within a mail.
  const text = whole.replace(/^>+(?=From )/, '');
  const isMail = /^From \S+ /.test(text) || /^message\/rfc822\b/i.test(type);
  return isMail && depth < MAX_DEPTH ? mailsOf(text).flatMap((mail) => opened(mail, subject, depth + 1)) : [{ subject, body: text }];
}

/** A part without headers begins with an empty line. */
function split(mail: string): { readonly head: string; readonly body: string } {
  const bare = /^\r?\n/.exec(mail);
  if (bare !== null) return { head: '', body: mail.slice(bare[0].length) };
  const end = /\r?\n\r?\n/.exec(mail);
  const head = (end === null ? mail : mail.slice(0, end.index)).replace(/\r?\n[ \t]+/g, ' ');
  return { head, body: end === null ? '' : mail.slice(end.index + end[0].length) };
}

function header(head: string, name: string): string | undefined {
  return new RegExp(`^${name}: *(.*)`, 'im').exec(head)?.[1];
}

function parameter(value: string, name: string): string | undefined {
  const found = new RegExp(`;\\s*${name}=(?:"([^"]*)"|([^\\s;]+))`, 'i').exec(value);
  return found?.[1] ?? found?.[2];
}

/** What stands between the lines `--boundary`, without what comes before the first and behind the last of them. */
function partsOf(body: string, boundary: string): readonly string[] {
  const parts: string[] = [];
  let part: string[] | undefined;
  for (const line of body.split('\n')) {
    const bare = line.trimEnd();
    if (bare !== `--${boundary}` && bare !== `--${boundary}--`) {
      part?.push(line);
      continue;
    }
    if (part !== undefined) parts.push(part.join('\n'));
    part = bare.endsWith(`${boundary}--`) ? undefined : [];
  }
  // A mail that was cut off has no last boundary.
  if (part !== undefined) parts.push(part.join('\n'));
  return parts;
}

/** The words that a header cannot hold as they are, `=?UTF-8?q?gr=C3=B6=C3=9Fer?=`, as latin-1 bytes. */
function encodedWords(text: string): string {
  return text
    .replace(/\?=\s+=\?/g, '?==?')
    .replace(/=\?utf-8\?([qb])\?([^?]*)\?=/gi, (_, form: string, word: string) =>
      form.toLowerCase() === 'b' ? decoded(word, 'base64') : decoded(word.replace(/_/g, ' '), 'quoted-printable'),
    );
}

function decoded(body: string, encoding: string | undefined): string {
  if (encoding === 'base64') return fromBase64(body);
  if (encoding !== 'quoted-printable') return body;
  return body
    .replace(/(?<![ \t])[ \t]+$/gm, '')
    .replace(/=\r?\n/g, '')
    .replace(/=([0-9A-Fa-f]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}

/** As far as it can be read: list software adds lines of its own behind the text. */
function fromBase64(body: string): string {
  const [text = ''] = /^[A-Za-z0-9+/\s]*/.exec(body) ?? [];
  const letters = text.replace(/\s+/g, '');
  return atob(letters.slice(0, letters.length - (letters.length % 4 === 1 ? 1 : 0)));
}

const strict = new TextDecoder('utf-8', { fatal: true });

/** Words that are UTF-8 in a text that was read as latin-1; names that git quoted are decoded already. */
export function utf8(text: string): string {
  if (!/[\x80-\xff]/.test(text) || /[^\0-\xff]/.test(text)) return text;
  try {
    return strict.decode(latin1Bytes(text));
  } catch {
    return text;
  }
}
