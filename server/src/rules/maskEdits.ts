import type { TextRange } from '../base/range';
import type { FileFacts, MaskSite, MaskTerm } from '../facts/site';
import { isWritten } from './maskTerms';
import type { Fix, TextEdit } from './rule';

const PIPE = 0x7c;

/**
 * The edit that takes a word out of `a | b | c`, together with one `|`; undefined when it stands in no such list (the only
 * word, alone in parentheses, inside a macro, beside a comment).
 */
export function removeTerm(facts: FileFacts, site: MaskSite, term: MaskTerm): TextEdit | undefined {
  if (!isWritten(term) || term.role !== 'or') return undefined;
  const { bytes } = facts.file;
  const before = skipBlanks(bytes, term.range.start, -1, site.range.start);
  if (isSinglePipe(bytes, before - 1, site.range)) {
    return { range: { start: skipBlanks(bytes, before - 1, -1, site.range.start), end: term.range.end }, newText: '' };
  }
  const after = skipBlanks(bytes, term.range.end, 1, site.range.end);
  if (!isSinglePipe(bytes, after, site.range)) return undefined;
  return { range: { start: term.range.start, end: skipBlanks(bytes, after + 1, 1, site.range.end) }, newText: '' };
}

/** A fix that takes one word out; none when that is not a plain edit. */
export function removeTermFix(facts: FileFacts, site: MaskSite, term: MaskTerm, safety: Fix['safety']): readonly Fix[] {
  const edit = removeTerm(facts, site, term);
  return edit ? [{ title: `Remove ${term.text}`, safety, edits: [edit] }] : [];
}

/** A fix that writes another word in place of one. */
export function replaceTermFix(term: MaskTerm, replacement: string, safety: Fix['safety']): readonly Fix[] {
  if (!isWritten(term)) return [];
  return [{ title: `Use ${replacement}`, safety, edits: [{ range: term.range, newText: replacement }] }];
}

/** Moves over blanks and line breaks from `at` in the direction of `step`, never past `limit`. */
function skipBlanks(bytes: Uint8Array, at: number, step: 1 | -1, limit: number): number {
  const isBlank = (byte: number | undefined): boolean => byte === 0x20 || (byte !== undefined && byte >= 0x09 && byte <= 0x0d);
  while (at !== limit && isBlank(bytes[step === 1 ? at : at - 1])) at += step;
  return at;
}

function isSinglePipe(bytes: Uint8Array, at: number, inside: TextRange): boolean {
  return at >= inside.start && at < inside.end && bytes[at] === PIPE && bytes[at - 1] !== PIPE && bytes[at + 1] !== PIPE;
}
