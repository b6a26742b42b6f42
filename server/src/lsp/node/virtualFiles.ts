import type { Files } from '../files';
import type { SentFiles } from '../sentFiles';

/**
 * The disk of this machine, and beside it what only the editor can read: the folders of a virtual workspace, whose files it sends. Paths of the latter are URIs.
 */
export function withVirtualFiles(disk: Files, sent: SentFiles): Files {
  const of = (path: string): Files => (!disk.isAbsolute(path) && sent.isAbsolute(path) ? sent : disk);
  return {
    pathOf: (uri) => disk.pathOf(uri) ?? (uri.startsWith('file:') ? undefined : sent.pathOf(uri)),
    uriOf: (path) => of(path).uriOf(path),
    isAbsolute: (path) => of(path).isAbsolute(path),
    parent: (path) => of(path).parent(path),
    resolve: (folder, path) => of(disk.isAbsolute(path) ? path : folder).resolve(folder, path),
    read: (path, most) => of(path).read(path, most),
    isFolder: (path) => of(path).isFolder(path),
    realPath: (path) => of(path).realPath(path),
    sources: (folder, isCancelled) => of(folder).sources(folder, isCancelled),
    below: (root, folder) => of(root).below?.(root, folder),
    followIncludes: (root) => (root === undefined ? disk : of(root)).followIncludes(root),
    forget: (path) => of(path).forget?.(path),
    watch: (path, changed) => of(path).watch?.(path, changed),
  };
}
