import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { treeMismatch } from '../../../support/linkedTree';

/** A function that calls `callee(r)` under a lock. */
const locked = (caller: string, callee: string) => `
int ${caller}(struct ring *r)
{
	int err;

	spin_lock(&r->lock);
	err = ${callee}(r);
	spin_unlock(&r->lock);
	return err;
}
`;

/** A function that allocates with GFP_KERNEL; `want` goes to the line of the allocation. */
const allocating = (name: string, want = '', specifiers = '') => `
${specifiers}int ${name}(struct ring *r)
{
	r->item = kmalloc(8, GFP_KERNEL); ${want}
	return r->item ? 0 : -ENOMEM;
}
`;

const HELD = '// want sleep-in-atomic "spinlock &r->lock is held in';
const PERHAPS = HELD.replace('want', 'want?');

describe('which function a name means', () => {
  test('a lock in one file, the allocation in another', () => {
    const files = {
      'drivers/net/ring/main.c': locked('ring_refill', 'ring_grow'),
      'drivers/net/ring/mem.c': allocating('ring_grow', `${HELD} ring_refill()"`),
    };
    assert.equal(treeMismatch(files), '');
  });

  test('static namesakes of two drivers are kept apart', () => {
    const files = {
      'drivers/net/ring/main.c': allocating('grow', `${HELD} ring_refill()"`, 'static ') + locked('ring_refill', 'grow'),
      'drivers/net/wheel/main.c': `${allocating('grow', '', 'static ')}
int wheel_refill(struct ring *r)
{
	return grow(r);
}
`,
    };
    assert.equal(treeMismatch(files), '');
  });

  test('a static function is not seen from other files', () => {
    const files = {
      'drivers/net/ring/main.c': locked('ring_refill', 'grow'),
      'drivers/net/ring/mem.c': allocating('grow', '', 'static '),
    };
    assert.equal(treeMismatch(files), '');
  });

  test('a static function of the file hides a global one', () => {
    const files = {
      'drivers/net/ring/main.c': `
static int grow(struct ring *r)
{
	return r->count++;
}
${locked('ring_refill', 'grow')}`,
      'drivers/net/ring/mem.c': allocating('grow'),
    };
    assert.equal(treeMismatch(files), '');
  });

  test('of two drivers’ global namesakes the one of the nearest folder is meant', () => {
    const files = {
      'drivers/net/ring/main.c': locked('ring_refill', 'grow'),
      'drivers/net/ring/mem.c': allocating('grow', `${HELD} ring_refill()"`),
      'drivers/usb/wheel/mem.c': allocating('grow'),
    };
    assert.equal(treeMismatch(files), '');
  });

  test('two global namesakes equally near: either may be meant', () => {
    const files = {
      'drivers/net/main.c': locked('net_refill', 'grow'),
      'drivers/net/ring/mem.c': allocating('grow', `${PERHAPS} net_refill()"`),
      'drivers/net/wheel/mem.c': allocating('grow', `${PERHAPS} net_refill()"`),
    };
    assert.equal(treeMismatch(files), '');
  });

  test('all variants of architectures are meant; of one mistake in common code the first is told as certain', () => {
    const files = {
      'kernel/ring.c': locked('ring_refill', 'arch_grow'),
      'arch/arm64/kernel/ring.c': allocating('arch_grow', `${HELD} ring_refill()"`),
      'arch/x86/kernel/ring.c': allocating('arch_grow', `${PERHAPS} ring_refill()"`),
    };
    assert.equal(treeMismatch(files), '');
  });

  test('code of one architecture does not call that of another', () => {
    const files = {
      'arch/x86/kernel/main.c': locked('ring_refill', 'arch_grow'),
      'arch/arm64/kernel/ring.c': allocating('arch_grow'),
    };
    assert.equal(treeMismatch(files), '');
  });

  test('an inline function of a public header', () => {
    const files = {
      'drivers/net/ring/main.c': locked('ring_refill', 'ring_grow'),
      'include/linux/ring.h': allocating('ring_grow', `${HELD} ring_refill()"`, 'static inline '),
    };
    assert.equal(treeMismatch(files), '');
  });

  test('an inline function of the driver’s own header', () => {
    const files = {
      'drivers/net/ring/core/main.c': locked('ring_refill', 'grow'),
      'drivers/net/ring/ring.h': allocating('grow', `${HELD} ring_refill()"`, 'static inline '),
    };
    assert.equal(treeMismatch(files), '');
  });

  test('an inline function of another driver’s header is not seen', () => {
    const files = {
      'drivers/net/ring/main.c': locked('ring_refill', 'grow'),
      'drivers/usb/wheel/wheel.h': allocating('grow', '', 'static inline '),
      'fs/wheelfs/wheel.h': allocating('grow', '', 'static inline '),
    };
    assert.equal(treeMismatch(files), '');
  });

  test('a function-like macro of a header passes everything on', () => {
    const files = {
      'drivers/net/ring/main.c': locked('ring_refill', 'ring_grow'),
      'drivers/net/ring/ring.h': '#define ring_grow(r) ring_do_grow((r))\nint ring_do_grow(struct ring *r);\n',
      'drivers/net/ring/mem.c': allocating('ring_do_grow', `${HELD} ring_refill()"`),
    };
    assert.equal(treeMismatch(files), '');
  });

  test('a system call is not called by its name', () => {
    const files = {
      'fs/ring.c': `
SYSCALL_DEFINE1(grow, struct ring *, r)
{
	r->item = kmalloc(8, GFP_KERNEL);
	return 0;
}
`,
      'drivers/net/ring/main.c': locked('ring_refill', 'grow') + locked('ring_fill', 'SYSCALL_DEFINE1'),
    };
    assert.equal(treeMismatch(files), '');
  });

  test('user-space programs of the tree are no part of the kernel, and call their own functions', () => {
    const files = {
      'kernel/main.c': locked('ring_refill', 'grow') + locked('ring_fill', 'ring_grow'),
      'tools/lib/grow.c': allocating('grow'),
      'scripts/grow.c': allocating('grow'),
      'lib/grow.c': allocating('ring_grow', `${HELD} ring_fill()"`),
      'tools/ring/main.c': locked('tool_refill', 'ring_grow'),
    };
    assert.equal(treeMismatch(files), '');
  });

  test('an exported function is called from other folders, and exporting it calls nobody', () => {
    const files = {
      'lib/ring.c': `${allocating('ring_grow', `${HELD} wheel_refill()"`)}EXPORT_SYMBOL_GPL(ring_grow);\n`,
      'drivers/net/wheel/main.c': locked('wheel_refill', 'ring_grow'),
    };
    assert.equal(treeMismatch(files), '');
  });

  test('functions with the same name as an allocator of the kernel do not hide it', () => {
    const files = {
      'drivers/net/ring/main.c': locked('ring_refill', 'kfree'),
      'tools/lib/slab.c': allocating('kfree'),
      'mm/slab.c': allocating('kfree'),
    };
    assert.equal(treeMismatch(files), '');
  });
});
