import assert from 'node:assert/strict';
import { dirname } from 'node:path/posix';
import { describe, test } from 'node:test';
import { findKernelRoot, isKernelMakefile } from '../../../server/src/program/kernelRoot';

const KERNEL = '# SPDX\nVERSION = 6\nPATCHLEVEL = 1\nSUBLEVEL = 192\nEXTRAVERSION =\n';

function find(from: string, makefiles: Readonly<Record<string, string>>): string | undefined {
  return findKernelRoot(from, (folder) => makefiles[folder], dirname);
}

describe('the root of a kernel tree', () => {
  test('is the nearest folder upwards whose Makefile sets the version', () => {
    const files = {
      '/src': KERNEL,
      '/src/linux': KERNEL,
      '/src/linux/drivers': 'obj-y += net/\n',
      '/src/linux/drivers/net': 'obj-m := x.o\n',
    };
    assert.equal(find('/src/linux/drivers/net', files), '/src/linux');
    assert.equal(find('/src/linux', files), '/src/linux');
  });

  test('is undefined outside of one', () => {
    assert.equal(find('/home/me/module', { '/home/me/module': 'all:\n\tmake -C $(KDIR) M=$(PWD)\n' }), undefined);
    assert.equal(find('/', {}), undefined);
  });

  test('needs all three numbers', () => {
    assert.ok(isKernelMakefile(KERNEL));
    assert.ok(!isKernelMakefile(KERNEL.replace('SUBLEVEL', 'LEVEL')));
    assert.ok(!isKernelMakefile('VERSION = $(shell git describe)\nPATCHLEVEL = 1\nSUBLEVEL = 2\n'));
  });
});
