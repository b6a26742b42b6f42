import { readdirSync } from 'node:fs';

/** Files that an `#include` may mean, and those that say where else to look for one. */
const INCLUDED = /\.(?:h|c|inc|inl|def|hx)$|^(?:Makefile|Kbuild)$/;

/**
 * The names of all files below a folder that others may include, one a line: also what a build generates, which is not checked itself.
 * Nothing is read but the folders.
 */
export function namesOfTree(root: string): string {
  const names: string[] = [];
  const walk = (folder: string): void => {
    for (const entry of entriesOf(`${root}/${folder}`)) {
      if (entry.name.startsWith('.')) continue;
      if (entry.isDirectory()) walk(`${folder}${entry.name}/`);
      else if (INCLUDED.test(entry.name)) names.push(folder + entry.name);
    }
  };
  walk('');
  return names.join('\n');
}

function entriesOf(folder: string) {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    return [];
  }
}
