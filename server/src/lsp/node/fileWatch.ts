import { type FSWatcher, watch } from 'node:fs';
import { basename, dirname } from 'node:path';

/** Watches single files on disk, for clients that do not watch files for the server. */
export class FileWatch {
  private readonly watchers = new Map<string, FSWatcher>();

  /** Watches the folder, because most programs replace a file instead of writing it. */
  add(file: string, changed: () => void): void {
    if (this.watchers.has(file)) return;
    try {
      const name = basename(file);
      const watcher = watch(dirname(file), { persistent: false }, (_, seen) => {
        if (seen === name) changed();
      });
      watcher.on('error', () => this.remove(file));
      this.watchers.set(file, watcher);
    } catch {
      // The folder is not there: neither is the file.
    }
  }

  private remove(file: string): void {
    this.watchers.get(file)?.close();
    this.watchers.delete(file);
  }
}
