/** The text of one open document at one version. Immutable, so the object itself is the key under which results are cached. */
export interface OpenText {
  /** As the editor names it; the key of a document. */
  readonly uri: string;
  /** File path, or the URI itself when the document has none (`untitled:`). */
  readonly path: string;
  /** The editor's language: `c`, `cpp`, … */
  readonly languageId: string;
  readonly version: number;
  readonly bytes: Uint8Array;
}

/** Larger texts are not analysed, bytes. */
export const MAX_TEXT = 32 * 1024 * 1024;

const C_LANGUAGES = new Set(['c', 'cpp', 'h']);

/** Whether the text is C source that can be read: the language, the size, and no NUL byte near its start. */
export function isReadableC(text: OpenText): boolean {
  if (!C_LANGUAGES.has(text.languageId) && !/\.[ch]$/.test(text.path)) return false;
  if (text.bytes.length > MAX_TEXT) return false;
  return text.bytes.subarray(0, 8192).indexOf(0) < 0;
}
