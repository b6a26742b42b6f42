import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Interner } from '../../../../server/src/base/interner';
import { analyseFile } from '../../../../server/src/facts/analyseFile';
import { createHeaders } from '../../../../server/src/facts/headers/headers';
import { parseFile } from '../../../../server/src/syntax/parseFile';
import { modelFor } from '../../../support/analyse';

/** Bytes that the kmalloc()s of the C files ask for, read in this order with the same headers. */
function bytesInOrder(paths: readonly string[], files: Readonly<Record<string, string>>): Readonly<Record<string, readonly string[]>> {
  const model = modelFor('6.1');
  const text = (path: string) => (files[path] === undefined ? undefined : new TextEncoder().encode(files[path]));
  const headers = createHeaders({ read: text, model, branches: undefined, annotations: new Set() });
  const sizes = paths.map((path) => {
    const file = parseFile(path, text(path)!, { interner: new Interner() });
    const calls = analyseFile(file, model, false, headers).functions.flatMap((one) => one.calls);
    return [path, calls.map(({ size }) => `${size!.bytes.min}-${size!.bytes.max ?? ''}`)] as const;
  });
  return Object.fromEntries(sizes.toSorted());
}

/** The sizes are the same in any order of the C files. */
function check(files: Readonly<Record<string, string>>, expected: Readonly<Record<string, readonly string[]>>): void {
  const paths = Object.keys(expected);
  for (let turn = 0; turn < paths.length; turn++) {
    const order = [...paths.slice(turn), ...paths.slice(0, turn)];
    for (const each of [order, order.toReversed()]) assert.deepEqual(bytesInOrder(each, files), expected, each.join(', '));
  }
}

const allocates = (includes: string, ...sizes: readonly string[]) =>
  `${includes}\nvoid f(void)\n{\n${sizes.map((size, index) => `\tvoid *p${index} = kmalloc(${size}, GFP_KERNEL);\n`).join('')}}\n`;

describe('the order in which files are read changes nothing', () => {
  it('where a header uses names that whoever includes it must have included before', () => {
    const files = {
      'drivers/a/table.h': 'struct row {\n\tUCHAR cells[8];\n};\nstruct table {\n\tstruct row rows[COUNT];\n\tstruct foot foot;\n};\n',
      'drivers/a/narrow.h': 'typedef unsigned char UCHAR;\n#define COUNT 2\nstruct foot {\n\tint x;\n};\n',
      'drivers/a/wide.h': 'typedef unsigned short UCHAR;\n#define COUNT 4\nstruct foot {\n\tlong x;\n};\n',
      'drivers/a/one.c': allocates('#include "narrow.h"\n#include "table.h"', 'sizeof(struct table)', 'sizeof(struct row)'),
      'drivers/a/two.c': allocates('#include "wide.h"\n#include "table.h"', 'sizeof(struct row)', 'sizeof(struct table)'),
      'drivers/a/none.c': allocates('#include "table.h"', 'sizeof(struct row)'),
    };
    check(files, { 'drivers/a/none.c': ['0-'], 'drivers/a/one.c': ['20-20', '8-8'], 'drivers/a/two.c': ['16-16', '72-72'] });
  });

  it('where only the makefile of the file that includes a header says what that includes', () => {
    const files = {
      'include/linux/shared.h': '#include "setup.h"\nstruct shared {\n\tchar name[NAME_LENGTH];\n};\n',
      'drivers/a/Makefile': 'ccflags-y += -I$(srctree)/drivers/a_setup\n',
      'drivers/a_setup/setup.h': '#define NAME_LENGTH 16\n',
      'drivers/b/Makefile': 'CFLAGS_odd.o += -I$(srctree)/drivers/b_setup\n',
      'drivers/b_setup/setup.h': '#define NAME_LENGTH 32\n',
      'drivers/a/one.c': allocates('#include <linux/shared.h>', 'sizeof(struct shared)'),
      'drivers/b/odd.c': allocates('#include <linux/shared.h>', 'sizeof(struct shared)'),
      'drivers/b/plain.c': allocates('#include <linux/shared.h>', 'sizeof(struct shared)'),
    };
    check(files, { 'drivers/a/one.c': ['16-16'], 'drivers/b/odd.c': ['32-32'], 'drivers/b/plain.c': ['0-'] });
  });

  it('where a macro stands behind a condition that asks for it', () => {
    const files = {
      'drivers/a/order.h':
        '#if !defined(WIDE) || WIDE > 8\n#define WIDE 16\n#endif\n#if defined(WIDE)\nstruct s { char c[WIDE]; };\n#else\nstruct s { char c; };\n#endif\n',
      'drivers/a/macro.c': allocates('#include "order.h"', 'WIDE', 'sizeof(struct s)'),
      'drivers/a/struct.c': allocates('#include "order.h"', 'sizeof(struct s)', 'WIDE'),
    };
    check(files, { 'drivers/a/macro.c': ['16-16', '16-16'], 'drivers/a/struct.c': ['16-16', '16-16'] });
  });
});
