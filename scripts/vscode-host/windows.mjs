// The windows that the tests of the extension run in: what is open in each, and which folder of tests runs there.
import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const project = fileURLToPath(new URL('../..', import.meta.url));

/**
 * @typedef {object} Window
 * @property {string} tests folder
 * @property {(scratch: string) => string} prepare writes what is to be open below a scratch folder; the path of the folder or workspace file
 */

/** @type {Readonly<Record<string, Window>>} */
export const WINDOWS = {
  sample: {
    tests: 'test/vscode',
    // The tests edit and save files.
    prepare: (scratch) => {
      const folder = path.join(scratch, 'sample');
      cpSync(path.join(project, 'sample'), folder, { recursive: true });
      return folder;
    },
  },
  roots: { tests: 'test/vscode/roots', prepare: severalRoots },
  other: { tests: 'test/vscode/other', prepare: otherC },
};

/** Two kernel trees on disk, each with settings of its own, and a third in a file system that only the editor can read. */
function severalRoots(scratch) {
  const source = '#include <linux/slab.h>\n\nvoid *sample(void)\n{\n\treturn kmalloc(64, GFP_KERNEL | __GFP_ATOMIC | __GFP_RECLAIM);\n}\n';
  tree(path.join(scratch, 'old'), [6, 1, 192], source, { 'redundant-flag': 'error' });
  tree(path.join(scratch, 'new'), [6, 12, 7], source, { 'redundant-flag': 'off' });
  const file = path.join(scratch, 'kernels.code-workspace');
  const folders = [{ path: 'old' }, { path: 'new' }, { uri: 'memtree:/linux', name: 'virtual' }];
  writeFileSync(file, JSON.stringify({ folders }));
  return file;
}

function tree(folder, [version, patchlevel, sublevel], source, rules) {
  for (const part of ['drivers', 'include/linux', '.vscode']) mkdirSync(path.join(folder, part), { recursive: true });
  writeFileSync(
    path.join(folder, 'Makefile'),
    `VERSION = ${version}\nPATCHLEVEL = ${patchlevel}\nSUBLEVEL = ${sublevel}\nEXTRAVERSION =\n`,
  );
  writeFileSync(path.join(folder, 'Kbuild'), '');
  writeFileSync(path.join(folder, 'drivers/sample.c'), source);
  writeFileSync(path.join(folder, '.vscode/settings.json'), JSON.stringify({ 'gfpLens.rules': rules }));
}

/** C that has nothing to do with the kernel. */
function otherC(scratch) {
  const folder = path.join(scratch, 'other');
  mkdirSync(folder);
  writeFileSync(
    path.join(folder, 'main.c'),
    '#include <stdio.h>\n\nint main(void)\n{\n\treturn puts("kmalloc(8, GFP_KERNEL || 1)") < 0;\n}\n',
  );
  return folder;
}
