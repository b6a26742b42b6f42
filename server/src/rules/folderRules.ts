import type { Severity } from './rule';

/** Rule settings for the files below a folder, complete: nothing is inherited from folders above. */
export interface FolderRules {
  /** With `/`, relative to what the paths of files are relative to; empty: everywhere. */
  readonly path: string;
  /** `off`: its files are not looked at. */
  readonly severities: ReadonlyMap<string, Severity | 'off'> | 'off';
}

/** The settings of the nearest folder above a file, or undefined when none of them is above it. */
export function folderRulesAt(folders: readonly FolderRules[], file: string): FolderRules | undefined {
  let nearest: FolderRules | undefined;
  for (const folder of folders) {
    const isAbove =
      folder.path === '' || (file.startsWith(folder.path) && (file.length === folder.path.length || file[folder.path.length] === '/'));
    if (isAbove && folder.path.length >= (nearest?.path.length ?? 0)) nearest = folder;
  }
  return nearest;
}
