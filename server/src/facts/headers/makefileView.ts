import { folderOf } from '../../base/paths';
import type { MakefileFolders } from './makefileFolders';

/** What only the makefiles around some files of a folder lead to. */
export class MakefileView {
  /** What headers include, by their ids. */
  readonly included = new Map<number, Int32Array>();
  /** Headers all of whose includes, and the includes of those, have been looked at, by their ids. */
  readonly complete = new Set<number>();
  /** Folders that the makefiles add; unknown before something was not found otherwise. */
  private folders: readonly string[] | undefined;

  constructor(
    private file: string,
    private readonly makefiles: MakefileFolders,
  ) {}

  /** A header that is in none of the usual places is looked for here. */
  get search(): { readonly file: string; readonly folders: readonly string[] } {
    this.folders ??= this.makefiles.foldersOf(this.file);
    return { file: this.file, folders: this.folders };
  }

  /** Whether another file finds the same; from now on this is its view as well. */
  serves(file: string): boolean {
    if (folderOf(file) !== folderOf(this.file)) return false;
    if (this.folders === undefined) this.file = file;
    return this.folders === undefined || this.makefiles.foldersOf(file).join(':') === this.folders.join(':');
  }
}
