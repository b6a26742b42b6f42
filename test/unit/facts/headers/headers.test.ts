import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Interner } from '../../../../server/src/base/interner';
import { analyseFile } from '../../../../server/src/facts/analyseFile';
import { createHeaders } from '../../../../server/src/facts/headers/headers';
import type { SizeInterval } from '../../../../server/src/facts/site';
import type { KernelModel } from '../../../../server/src/kernel/model';
import { branchesOf } from '../../../../server/src/program/treeContext';
import { parseFile } from '../../../../server/src/syntax/parseFile';
import { modelFor } from '../../../support/analyse';

type Files = Readonly<Record<string, string>>;

/** What a kmalloc() of `size` in a driver with these includes asks for; counts the headers that were read. */
function bytesOf(size: string, includes: string, files: Files, options: readonly string[] = []): { bytes: SizeInterval; read: string[] } {
  const config = new Map(options.map((option) => [`CONFIG_${option}`, 'y']));
  const model: KernelModel = modelFor('6.1', config);
  const read: string[] = [];
  const headers = createHeaders({
    read: (path) => {
      if (files[path] === undefined) return undefined;
      read.push(path);
      return new TextEncoder().encode(files[path]);
    },
    model,
    branches: config.size === 0 ? undefined : branchesOf({ value: (name) => config.get(name) }),
    annotations: new Set(),
  });
  const text = `${includes}\nvoid *f(void)\n{\n\treturn kmalloc(${size}, GFP_KERNEL);\n}\n`;
  const file = parseFile('drivers/net/port.c', new TextEncoder().encode(text), { interner: new Interner() });
  const call = analyseFile(file, model, false, headers).functions[0]!.calls[0]!;
  return { bytes: call.size!.bytes, read };
}

const exactly = (value: number): SizeInterval => ({ min: value, max: value });

describe('types of included headers', () => {
  it('finds a struct in the header beside the file and its members further away', () => {
    const files = {
      'drivers/net/port.h': '#include <linux/ring.h>\nstruct port {\n\tstruct ring rx[4];\n\tu8 mac[PORT_MAC_LEN];\n};\n',
      'include/linux/ring.h': '#define PORT_MAC_LEN (4 + 2)\nstruct ring {\n\tvoid *base;\n\tu32 head, tail;\n};\n',
    };
    assert.deepEqual(bytesOf('sizeof(struct port)', '#include "port.h"', files).bytes, exactly(72));
  });

  it('reads nothing when the file itself answers', () => {
    const { bytes, read } = bytesOf('sizeof(struct own)', '#include "port.h"\nstruct own { u64 a; };', {
      'drivers/net/port.h': 'struct port { int x; };',
    });
    assert.deepEqual(bytes, exactly(8));
    assert.deepEqual(read, []);
  });

  it('gives a range for what the configuration decides, and one number when it is known', () => {
    const files = {
      'drivers/net/port.h': 'struct port {\n\tu64 a;\n#ifdef CONFIG_TRACE\n\tu64 trace[10];\n#else\n\tu64 none;\n#endif\n};\n',
    };
    const of = (...options: string[]) => bytesOf('sizeof(struct port)', '#include "port.h"', files, options).bytes;
    assert.deepEqual(of(), { min: 16, max: 88 });
    assert.deepEqual(of('TRACE'), exactly(88));
    assert.deepEqual(of('OTHER'), exactly(16));
  });

  it('takes the asm header of the architecture, and the generic one where it has none', () => {
    const files = {
      'drivers/net/port.h': '#include <asm/lock.h>\n#include <asm/plain.h>\nstruct port {\n\tstruct arch_lock l;\n\tstruct plain p;\n};\n',
      'arch/arm64/include/asm/lock.h': 'struct arch_lock { u64 a[3]; };\n',
      'arch/x86/include/asm/lock.h': 'struct arch_lock { u32 a; };\n',
      'include/asm-generic/plain.h': 'struct plain { u32 b; };\n',
    };
    assert.deepEqual(bytesOf('sizeof(struct port)', '#include "port.h"', files, ['ARM64', '64BIT']).bytes, exactly(32));
    assert.deepEqual(bytesOf('sizeof(struct port)', '#include "port.h"', files, ['X86', '64BIT']).bytes, exactly(8));
  });

  it('lets a header use what its includer included before it', () => {
    const files = { 'drivers/net/a.h': 'struct a { u64 x[2]; };\n', 'drivers/net/b.h': 'struct b {\n\tstruct a one;\n\tu64 y;\n};\n' };
    assert.deepEqual(bytesOf('sizeof(struct b)', '#include "a.h"\n#include "b.h"', files).bytes, exactly(24));
  });

  it('knows enumerators, counted from the last value before them', () => {
    const sums = Array.from({ length: 60 }, (_, i) => `\tV${i + 1} = V${(i + 1) >> 1} + 1,`).join('\n');
    const files = { 'drivers/net/port.h': `enum v {\n\tV0,\n${sums}\n\tLAST,\n};\n` };
    assert.deepEqual(bytesOf('LAST', '#include "port.h"', files).bytes, exactly(7));
  });

  it('expands macros that stand for members', () => {
    const files = {
      'drivers/net/port.h': '#define COUNTERS(n) u64 rx_##n; u64 tx_##n\nstruct port {\n\tCOUNTERS(good);\n\tCOUNTERS(bad);\n};\n',
    };
    assert.deepEqual(bytesOf('sizeof(struct port)', '#include "port.h"', files).bytes, exactly(32));
  });

  it('prefers a definition to a default', () => {
    const files = {
      'drivers/net/port.h': '#include "limits.h"\n#ifndef PORTS\n#define PORTS 4\n#endif\n',
      'drivers/net/limits.h': '#define PORTS 16\n',
    };
    assert.deepEqual(bytesOf('PORTS', '#include "port.h"', files).bytes, exactly(16));
    assert.deepEqual(bytesOf('PORTS', '#include "port.h"', { ...files, 'drivers/net/limits.h': '' }).bytes, exactly(4));
  });

  it('ends on headers that include each other and on structs that hold themselves', () => {
    const files = {
      'drivers/net/a.h': '#include "b.h"\nstruct a {\n\tstruct b b;\n};\n',
      'drivers/net/b.h': '#include "a.h"\nstruct b {\n\tstruct a a;\n\tu64 x;\n};\n',
    };
    assert.equal(bytesOf('sizeof(struct a)', '#include "a.h"', files).bytes.max, undefined);
  });
});

describe('folders that makefiles add to the search path', () => {
  const port = 'struct port {\n\tu64 a[3];\n};\n';
  const cases: readonly (readonly [name: string, makefile: string, header: string])[] = [
    ['ccflags-y with $(srctree)', 'ccflags-y := -I $(srctree)/drivers/far/away', 'drivers/far/away/port.h'],
    ['ccflags-y with $(src)', 'ccflags-$(CONFIG_PORT) += -DX=1 -I$(src)/../base', 'drivers/base/port.h'],
    ['both together', 'ccflags-y += -I$(srctree)/$(src)/core', 'drivers/net/core/port.h'],
    ['a variable of the makefile', 'PORT := drivers/far\nccflags-y += \\\n\t-I$(srctree)/$(PORT)', 'drivers/far/port.h'],
    ['the flags of one object', 'CFLAGS_port.o := -I$(srctree)/drivers/far', 'drivers/far/port.h'],
  ];
  for (const [name, makefile, header] of cases) {
    it(name, () => {
      const files = { 'drivers/net/Makefile': `obj-y += port.o\n${makefile}\n`, [header]: port };
      assert.deepEqual(bytesOf('sizeof(struct port)', '#include "port.h"', files).bytes, exactly(24));
    });
  }

  it('subdir-ccflags-y of a folder above', () => {
    const files = { 'drivers/Makefile': 'subdir-ccflags-y += -I$(src)/far\n', 'drivers/far/port.h': port };
    assert.deepEqual(bytesOf('sizeof(struct port)', '#include "port.h"', files).bytes, exactly(24));
  });

  it('counts for what such a header includes in its turn', () => {
    const files = {
      'drivers/net/Makefile': 'ccflags-y += -I$(srctree)/drivers/far -I$(srctree)/drivers/further\n',
      'drivers/far/port.h': '#include "ring.h"\nstruct port {\n\tstruct ring r[2];\n};\n',
      'drivers/further/ring.h': 'struct ring {\n\tu64 a;\n};\n',
    };
    assert.deepEqual(bytesOf('sizeof(struct port)', '#include "port.h"', files).bytes, exactly(16));
  });

  it('reads no makefile while the usual places have the header', () => {
    const files = { 'drivers/net/port.h': port, 'drivers/net/Makefile': 'ccflags-y += -I$(src)/other' };
    assert.ok(!bytesOf('sizeof(struct port)', '#include "port.h"', files).read.includes('drivers/net/Makefile'));
  });

  it('never leaves the tree, and is silent about flags of other objects and unknown variables', () => {
    for (const makefile of [
      'ccflags-y += -I$(src)/../../../etc -I/etc',
      'CFLAGS_other.o := -I$(srctree)/far',
      'ccflags-y += -I$(ELSEWHERE)/far',
    ]) {
      const files = { 'drivers/net/Makefile': makefile, 'etc/port.h': port, '/etc/port.h': port, 'far/port.h': port };
      assert.equal(bytesOf('sizeof(struct port)', '#include "port.h"', files).bytes.min, 0, makefile);
    }
  });
});
