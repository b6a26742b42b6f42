import type { FolderRules } from '../rules/folderRules';
import type { Severity } from '../rules/rule';

/** What the user asks of the analysis; the same for all documents of a folder. */
export interface HostSettings {
  /** `auto`: files below a kernel root and files that include <linux/…>; `always`: every C file; `never`: none. */
  readonly enable: 'auto' | 'always' | 'never';
  /** `X.Y[.Z]` in place of the release of the tree. */
  readonly kernelVersion: string | undefined;
  /** The kernel tree for files that lie in none (out-of-tree modules). */
  readonly kernelRoot: string | undefined;
  /** A `.config` in place of the tree's own. */
  readonly kernelConfig: string | undefined;
  readonly severities: ReadonlyMap<string, Severity | 'off'>;
  readonly showPossible: boolean;
  /** Show what masks come to, behind them. */
  readonly inlayHints: boolean;
  /** Show a line above functions that allocate. */
  readonly codeLens: boolean;
  /** Show a line above functions in which sleeping may be forbidden. */
  readonly contextLens: boolean;
  /** Show the same behind the function's name. */
  readonly contextHints: boolean;
  /** Read the whole kernel tree as soon as one of its files is opened. */
  readonly index: boolean;
  /** Severities of single folders, from the project file. */
  readonly folders?: readonly FolderRules[];
  /** Fingerprints of the baseline. */
  readonly known?: ReadonlySet<string>;
}

export const DEFAULT_SETTINGS: HostSettings = {
  enable: 'auto',
  kernelVersion: undefined,
  kernelRoot: undefined,
  kernelConfig: undefined,
  severities: new Map(),
  showPossible: false,
  inlayHints: false,
  codeLens: false,
  contextLens: false,
  contextHints: false,
  index: false,
};

/** Settings of the workspace and of the folders that have their own. */
export interface SettingsByFolder {
  readonly base: HostSettings;
  /** Absolute paths; a document belongs to the longest one above it. */
  readonly folders: readonly { readonly path: string; readonly settings: HostSettings }[];
}

export function settingsFor(all: SettingsByFolder, path: string): HostSettings {
  let best: SettingsByFolder['folders'][number] | undefined;
  for (const folder of all.folders) {
    if (isBelow(path, folder.path) && folder.path.length > (best?.path.length ?? -1)) best = folder;
  }
  return best?.settings ?? all.base;
}

function isBelow(path: string, folder: string): boolean {
  if (!path.startsWith(folder)) return false;
  return path.length === folder.length || /[\\/]$/.test(folder) || /[\\/]/.test(path[folder.length]!);
}
