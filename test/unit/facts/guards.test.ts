import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Interner } from '../../../server/src/base/interner';
import { analyseFile } from '../../../server/src/facts/analyseFile';
import { createHeaders } from '../../../server/src/facts/headers/headers';
import { parseFile } from '../../../server/src/syntax/parseFile';
import { modelFor } from '../../support/analyse';
import { treeMismatch } from '../../support/linkedTree';

/** Whether a kmalloc() behind guard(ring)(r) may sleep, with the class defined in a header of the driver. */
function maySleepBehind(definition: string, use = 'guard(ring)(r);') {
  const model = modelFor('6.12');
  const read = (path: string) => (path === 'drivers/ring/ring.h' ? new TextEncoder().encode(definition) : undefined);
  const headers = createHeaders({ read, model, branches: undefined, annotations: new Set() });
  const text = `#include "ring.h"\n\nint f(struct ring *r)\n{\n\t${use}\n\tr->item = kmalloc(8, GFP_KERNEL);\n\treturn 0;\n}\n`;
  const file = parseFile('drivers/ring/main.c', new TextEncoder().encode(text), { interner: new Interner() });
  const [call] = analyseFile(file, model, false, headers).functions[0]!.calls;
  return {
    maySleep: call!.context.maySleep,
    held: call!.context.held.map(({ resource, instance, by }) => `${resource} ${instance} ${by}`),
  };
}

const SPIN = 'DEFINE_GUARD(ring, struct ring *, spin_lock(&_T->lock), spin_unlock(&_T->lock))';

describe('guard() of a class that the tree defines', () => {
  test('takes what its lock function takes', () => {
    assert.deepEqual(maySleepBehind(SPIN), { maySleep: 'no', held: ['spinlock r guard(ring)'] });
    assert.deepEqual(
      maySleepBehind(
        'DEFINE_LOCK_GUARD_1(ring, struct ring,\n\t\t    raw_spin_lock_irqsave(&_T->lock->lock, _T->flags),\n\t\t    raw_spin_unlock_irqrestore(&_T->lock->lock, _T->flags),\n\t\t    unsigned long flags)',
      ),
      { maySleep: 'no', held: ['raw-spinlock r guard(ring)', 'irqs-off  guard(ring)'] },
    );
    assert.equal(maySleepBehind('DEFINE_LOCK_GUARD_0(ring, rcu_read_lock(), rcu_read_unlock())', 'guard(ring)();').maySleep, 'no');
  });

  test('a mutex lets it sleep', () => {
    const mutex = SPIN.replaceAll('spin', 'mutex').replaceAll('mutex_lock(&', 'mutex_lock(&');
    assert.deepEqual(maySleepBehind(mutex), { maySleep: 'unknown', held: ['mutex r guard(ring)'] });
  });

  test('the name alone says nothing', () => {
    assert.deepEqual(maySleepBehind(SPIN.replace('ring,', 'other,')), { maySleep: 'unknown', held: [] });
    assert.deepEqual(maySleepBehind('DEFINE_GUARD(ring, struct ring *, ring_get(_T), ring_put(_T))'), { maySleep: 'unknown', held: [] });
  });

  const own = (definition: string, mask: string, want: string) => `
${definition}

static int ring_probe(struct platform_device *pdev)
{
	struct ring *r = pdev->ring;

	scoped_guard(ring, r) {
		r->item = kmalloc(8, ${mask});${want && ` // ${want}`}
	}
	return 0;
}

static struct platform_driver ring_driver = { .probe = ring_probe };
`;
  const mismatch = (...parts: Parameters<typeof own>) => treeMismatch({ 'drivers/ring/main.c': own(...parts) });

  test('the file itself may define it', () => {
    assert.equal(mismatch(SPIN, 'GFP_KERNEL', 'want sleep-in-atomic'), '');
    assert.equal(mismatch(SPIN, 'GFP_ATOMIC', ''), '');
    assert.equal(mismatch(SPIN.replaceAll('spin', 'mutex'), 'GFP_ATOMIC', 'want needless-atomic'), '');
  });

  test('a lock function that nobody knows leaves all open', () => {
    const unknown = 'DEFINE_GUARD(ring, struct ring *, ring_lock(_T), ring_unlock(_T))';
    assert.equal(mismatch(unknown, 'GFP_KERNEL', ''), '');
    assert.equal(mismatch(unknown, 'GFP_ATOMIC', ''), '');
  });
});
