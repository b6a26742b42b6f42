import { parsePatch, type StructuredPatch } from 'diff';
import { mailTexts, utf8 } from './mail';
import { PatchError } from './patchError';

/** One mail, one attachment, or a file that is nothing but a diff. */
export interface PatchMail {
  /** `[PATCH 2/3] net: …`; undefined for a bare diff. */
  readonly subject: string | undefined;
  readonly files: readonly StructuredPatch[];
}

/**
 * The patches of a mailbox, a mail (in its text or attached) or a diff, in their order; mails without a patch (a cover letter) are left out. The text is
 * latin-1: a byte a character. Throws {@link PatchError} when a patch is damaged or when there is none; `shown` names the input.
 */
export function readPatches(text: string, shown: string): readonly PatchMail[] {
  const mails = mailTexts(text).flatMap(({ subject, body }, index) => {
    const diff = diffOf(body);
    if (diff === undefined) return [];
    try {
      return [{ subject, files: parsePatch(diff) }];
    } catch (error) {
      const which = subject === undefined ? `patch ${index + 1}` : `"${subject}"`;
      throw new PatchError(`${shown}: ${which} is damaged: ${error instanceof Error ? error.message : String(error)}`);
    }
  });
  if (mails.length === 0) throw new PatchError(`${shown}: holds no patch`);
  return mails;
}

/** A file name of a diff without its `a/` or `b/`; undefined for `/dev/null`. */
export function nameOf(name: string | undefined): string | undefined {
  if (name === undefined || name === '/dev/null') return undefined;
  return utf8(name).replace(/^[^/]+\//, '');
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
