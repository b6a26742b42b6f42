import { existsSync } from 'node:fs';
import path from 'node:path';

/** @returns {string | undefined} the full path of a command on PATH */
export function commandPath(name) {
  for (const folder of (process.env.PATH ?? '').split(path.delimiter)) {
    for (const suffix of process.platform === 'win32' ? ['.exe', '.cmd'] : ['']) {
      const file = path.join(folder, name + suffix);
      if (folder && existsSync(file)) return file;
    }
  }
  return undefined;
}
