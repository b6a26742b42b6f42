import { type FSWatcher, watch } from 'node:fs';
import { basename, dirname } from 'node:path';
import type { Project } from '../program/project';

/** Watches project files and their baselines itself, for clients that do not watch files for the server. */
export class ProjectWatch {
  private readonly watchers = new Map<string, FSWatcher>();

  constructor(private readonly changed: () => void) {}

  /** Watches the folders, because most programs replace a file instead of writing it. */
  add({ path, baselinePath }: Project): void {
    for (const file of [path, ...(baselinePath === undefined ? [] : [baselinePath])]) {
      if (this.watchers.has(file)) continue;
      try {
        const name = basename(file);
        const watcher = watch(dirname(file), { persistent: false }, (_, seen) => {
          if (seen === name) this.changed();
        });
        watcher.on('error', () => this.remove(file));
        this.watchers.set(file, watcher);
      } catch {
        // The folder is not there: neither is the file.
      }
    }
  }

  private remove(file: string): void {
    this.watchers.get(file)?.close();
    this.watchers.delete(file);
  }
}
