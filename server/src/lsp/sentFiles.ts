import type { FileTexts } from '../protocol/files';
import type { Files } from './files';

/** Questions for files in one run: a tree on a server is read over the network. */
const MOST_FILES = 400;
/** Questions that come this close together are asked at once, ms. */
const PAUSE = 30;

/** A URI of something in a tree. With or without a host: `vscode-vfs://github/torvalds/linux`, `memfs:/linux`; one letter is a drive of Windows. */
const URI = /^(?!untitled:)[a-z][\w+.-]+:(?:\/|$)/i;

const utf8 = new TextEncoder();

/**
 * The files of a tree as the editor sends them. A file that is asked for the first time is not there; it is asked for, and when its text has come everything that
 * was read is read again. Paths are the URIs themselves.
 */
export class SentFiles implements Files {
  private readonly texts = new Map<string, Uint8Array | undefined>();
  private readonly wanted = new Set<string>();
  private asked = 0;

  /** @param ask sends the question for files */
  constructor(private readonly ask: (uris: readonly string[]) => void) {}

  readonly pathOf = (uri: string): string | undefined => (URI.test(uri) ? uri : undefined);

  readonly uriOf = (path: string): string => path;

  readonly isAbsolute = (path: string): boolean => this.pathOf(path) !== undefined;

  readonly parent = (path: string): string => {
    const [, root = '', rest = ''] = /^([a-z][\w+.-]+:(?:\/\/[^/]*)?)(\/.*)?$/i.exec(path) ?? [];
    return root + rest.slice(0, Math.max(rest.lastIndexOf('/'), 0));
  };

  readonly resolve = (folder: string, path: string): string => {
    if (this.isAbsolute(path)) return path;
    let at = folder.replace(/\/$/, '');
    for (const part of path.split('/')) {
      if (part === '..') at = this.parent(at);
      else if (part !== '' && part !== '.') at += `/${encodeURIComponent(part)}`;
    }
    return at;
  };

  readonly read = (path: string, most = Number.POSITIVE_INFINITY): Uint8Array | undefined => {
    if (!this.isAbsolute(path)) return undefined;
    if (!this.texts.has(path)) this.want(path);
    const text = this.texts.get(path);
    return text !== undefined && text.length <= most ? text : undefined;
  };

  readonly followIncludes = (): boolean => false;

  readonly isFolder = (): boolean => false;

  readonly realPath = (path: string): string => path;

  readonly sources = async (): Promise<readonly string[]> => [];

  /** Takes texts that the editor sent. Answers whether there is anything to read again: files that are not there change nothing. */
  sent({ files }: FileTexts): boolean {
    for (const { uri, text } of files) this.texts.set(uri, text === null ? undefined : utf8.encode(text));
    return files.some(({ text }) => text !== null);
  }

  readonly forget = (path: string): void => {
    if (this.texts.delete(path)) this.asked--;
  };

  private want(path: string): void {
    if (this.wanted.has(path) || this.asked >= MOST_FILES) return;
    if (this.wanted.size === 0) setTimeout(() => this.askForWanted(), PAUSE);
    this.wanted.add(path);
    this.asked++;
  }

  private askForWanted(): void {
    const uris = [...this.wanted];
    this.wanted.clear();
    // Until the answer comes they are not there.
    for (const uri of uris) this.texts.set(uri, undefined);
    this.ask(uris);
  }
}
