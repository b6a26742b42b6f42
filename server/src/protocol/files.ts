import type { Notice } from './question';

/** An argument of the server's process: the editor sends files that the server asks for. In a browser it always does. */
export const SENDS_FILES = '--editor-sends-files';

/**
 * A server in a browser has no disk, and none has the folders of a virtual workspace: it names the files that it would read, and the editor sends their texts, however it
 * gets at them.
 */
export interface WantedFiles {
  readonly uris: readonly string[];
}

export const wantedFilesNotice: Notice<WantedFiles> = { method: 'gfpLens/wantedFiles' };

export interface FileTexts {
  /** Null: there is no such file, or it is too large. */
  readonly files: readonly { readonly uri: string; readonly text: string | null }[];
}

export const fileTextsNotice: Notice<FileTexts> = { method: 'gfpLens/fileTexts' };
