import { parsePatch, type StructuredPatch } from 'diff';
import { UserError } from './errors';

/** One mail, or a file that is nothing but a diff. */
export interface PatchMail {
  /** `[PATCH 2/3] net: …`; undefined for a bare diff. */
  readonly subject: string | undefined;
  readonly files: readonly StructuredPatch[];
}

/**
 * The patches of a mailbox, a mail or a diff, in their order; mails without a patch (a cover letter) are left out. The text is
 * latin-1: a byte a character. Throws {@link UserError} when a patch is damaged or when there is none; `shown` names the input.
 */
export function readPatches(text: string, shown: string): readonly PatchMail[] {
  const mails = mailsOf(text).flatMap((mail, index) => {
    const { subject, body } = opened(mail);
    const diff = diffOf(body);
    if (diff === undefined) return [];
    try {
      return [{ subject, files: parsePatch(diff) }];
    } catch (error) {
      const which = subject === undefined ? `patch ${index + 1}` : `"${subject}"`;
      throw new UserError(`${shown}: ${which} is damaged: ${error instanceof Error ? error.message : String(error)}`);
    }
  });
  if (mails.length === 0) throw new UserError(`${shown}: holds no patch`);
  return mails;
}

/** A file name of a diff without its `a/` or `b/`; undefined for `/dev/null`. */
export function nameOf(name: string | undefined): string | undefined {
  if (name === undefined || name === '/dev/null') return undefined;
  return utf8(name).replace(/^[^/]+\//, '');
}

const strict = new TextDecoder('utf-8', { fatal: true });

/** Words that are UTF-8 in a text that was read as latin-1; names that git quoted are decoded already. */
function utf8(text: string): string {
  if (!/[\x80-\xff]/.test(text) || /[^\0-\xff]/.test(text)) return text;
  try {
    return strict.decode(Buffer.from(text, 'latin1'));
  } catch {
    return text;
  }
}

/** Mailboxes begin each mail with a line `From SENDER DATE`. */
function mailsOf(text: string): readonly string[] {
  if (!/^From \S+ /.test(text)) return [text];
  return text.split(/^From \S+ [^\n]*\d{4}\r?\n/m).filter((mail) => mail.trim() !== '');
}

/** Takes the headers off and undoes the transfer encoding. */
function opened(mail: string): { readonly subject: string | undefined; readonly body: string } {
  if (!/^[A-Za-z][A-Za-z0-9-]*: /.test(mail) || /^Index: /.test(mail)) return { subject: undefined, body: mail };
  const end = /\r?\n\r?\n/.exec(mail);
  const head = (end === null ? mail : mail.slice(0, end.index)).replace(/\r?\n[ \t]+/g, ' ');
  const body = end === null ? '' : mail.slice(end.index + end[0].length);
  const encoding = /^content-transfer-encoding: *(\S+)/im.exec(head)?.[1]?.toLowerCase();
  const subject = /^subject: *(.*)/im.exec(head)?.[1]?.trim() ?? '(no subject)';
  return { subject: utf8(encodedWords(subject)), body: decoded(body, encoding) };
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
  if (encoding === 'base64') return Buffer.from(body, 'base64').toString('latin1');
  if (encoding !== 'quoted-printable') return body;
  return body
    .replace(/[ \t]+$/gm, '')
    .replace(/=\r?\n/g, '')
    .replace(/=([0-9A-Fa-f]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}

/** From the first line of a diff on, without the mail's signature and the line ends of the mail's transport. */
function diffOf(body: string): string | undefined {
  const start = /^diff --git |^(Index: |diff ).*\r?\n(?:.*\r?\n)??--- |^--- \S.*\r?\n\+\+\+ \S/m.exec(body);
  if (start === null) return undefined;
  const text = body.slice(start.index);
  const signature = text.lastIndexOf('\n-- \n') >= 0 ? text.lastIndexOf('\n-- \n') : text.lastIndexOf('\n-- \r\n');
  const isLast = signature >= 0 && !/^(@@ |diff --git )/m.test(text.slice(signature + 1));
  const diff = isLast ? text.slice(0, signature + 1) : text;
  return /^[^\n]*\r\n/.test(diff) ? diff.replace(/\r\n/g, '\n') : diff;
}
