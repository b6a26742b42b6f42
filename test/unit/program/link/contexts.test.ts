import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { linkTree, treeMismatch, verdictLines } from '../../../support/linkedTree';

const GROW = `
int ring_grow(struct ring *r)
{
	r->item = kmalloc(8, GFP_KERNEL); // want sleep-in-atomic
	return r->item ? 0 : -ENOMEM;
}
`;
const QUIET_GROW = GROW.replace('// want sleep-in-atomic', '');

/** `fill()` takes a lock and calls `callee` with `args`. */
const underLock = (callee: string, args = 'r') => `
void ring_fill(struct ring *r, struct list *list)
{
	spin_lock(&r->lock);
	${callee}(${args});
	spin_unlock(&r->lock);
}
`;

describe('chains through several files', () => {
  test('every step is named with its file and line, from the lock to the last call', () => {
    const tree = linkTree({
      'drivers/ring/main.c': underLock('ring_step'),
      'drivers/ring/step.c': 'int ring_step(struct ring *r)\n{\n\treturn ring_grow(r);\n}\n',
      'drivers/ring/mem.c': QUIET_GROW,
    });
    assert.deepEqual(verdictLines(tree), [
      'drivers/ring/mem.c:4 atomic definite: spinlock &r->lock is held in ring_fill()',
      '  drivers/ring/main.c:4 &r->lock is taken here by spin_lock()',
      '  drivers/ring/main.c:5 ring_fill() calls ring_step() here',
      '  drivers/ring/step.c:3 ring_step() calls ring_grow() here',
    ]);
  });

  test('of two chains the shorter one is shown', () => {
    const [first] = verdictLines(
      linkTree({
        'drivers/ring/a.c': 'void a(struct ring *r)\n{\n\tspin_lock(&r->long_way);\n\tb(r);\n\tspin_unlock(&r->long_way);\n}\n',
        'drivers/ring/b.c': 'void b(struct ring *r)\n{\n\tring_grow(r);\n}\n',
        'drivers/ring/mem.c': QUIET_GROW,
        'drivers/ring/z.c': underLock('ring_grow'),
      }),
    );
    assert.match(first!, /definite: spinlock &r->lock is held in ring_fill\(\)$/);
  });

  for (const [calls, certainty] of [
    [5, 'definite'],
    [6, 'possible'],
  ] as const) {
    test(`${calls} calls between lock and allocation: ${certainty}`, () => {
      const steps = Array.from({ length: calls - 1 }, (_, i) => [
        `drivers/ring/step${i}.c`,
        `int step${i}(struct ring *r)\n{\n\treturn ${i === calls - 2 ? 'ring_grow' : `step${i + 1}`}(r);\n}\n`,
      ]);
      const lines = verdictLines(
        linkTree({ 'drivers/ring/main.c': underLock('step0'), ...Object.fromEntries(steps), 'drivers/ring/mem.c': QUIET_GROW }),
      );
      assert.equal(lines.length, 1 + 1 + calls);
      assert.match(lines[0]!, new RegExp(`atomic ${certainty}:`));
    });
  }

  test('a function that calls itself, and functions that call each other, come to an end', () => {
    const files = {
      'drivers/ring/main.c': underLock('ring_walk'),
      'drivers/ring/walk.c': `
int ring_walk(struct ring *r)
{
	if (r->next)
		return ring_walk(r->next);
	return ring_turn(r);
}
`,
      'drivers/ring/turn.c': `
int ring_turn(struct ring *r)
{
	r->item = kmalloc(8, GFP_KERNEL); // want sleep-in-atomic
	return r->count-- > 0 ? ring_walk(r) : 0;
}
`,
    };
    assert.equal(treeMismatch(files), '');
  });

  test('one mistake that reaches common code is told once for certain', () => {
    const files = {
      'drivers/ring/main.c': underLock('lib_setup'),
      'lib/setup.c': `
int lib_setup(struct ring *r)
{
	r->a = kmalloc(8, GFP_KERNEL); // want sleep-in-atomic
	r->b = kmalloc(8, GFP_KERNEL); // want? sleep-in-atomic
	return lib_more(r);
}
`,
      'lib/more.c': `
int lib_more(struct ring *r)
{
	r->c = kmalloc(8, GFP_KERNEL); // want? sleep-in-atomic
	return 0;
}
`,
    };
    assert.equal(treeMismatch(files), '');
  });

  test('two mistakes that reach the same common code are told at their own calls’ nearest allocation', () => {
    const lines = verdictLines(
      linkTree({
        'drivers/ring/main.c': underLock('lib_setup'),
        'drivers/ring/mem.c': `${QUIET_GROW}${underLock('ring_grow').replace('ring_fill', 'ring_refill')}`,
        'lib/setup.c': 'int lib_setup(struct ring *r)\n{\n\tr->a = kmalloc(8, GFP_KERNEL);\n\treturn 0;\n}\n',
      }),
    );
    assert.deepEqual(
      lines.filter((line) => !line.startsWith(' ')),
      [
        'drivers/ring/mem.c:4 atomic definite: spinlock &r->lock is held in ring_refill()',
        'lib/setup.c:3 atomic definite: spinlock &r->lock is held in ring_fill()',
      ],
    );
  });
});

describe('what ends a context on the way', () => {
  const between = (statements: string, want = '') => ({
    'drivers/ring/main.c': underLock('ring_step'),
    'drivers/ring/step.c': `void ring_step(struct ring *r)\n{\n${statements}\n}\n`,
    'drivers/ring/mem.c': want === '' ? QUIET_GROW : GROW.replace('// want sleep-in-atomic', want),
  });

  test('nothing: the allocation is found', () => {
    assert.equal(treeMismatch(between('\tring_grow(r);', '// want sleep-in-atomic')), '');
  });

  test('the callee drops its caller’s lock around the call', () => {
    assert.equal(treeMismatch(between('\tspin_unlock(&r->lock);\n\tring_grow(r);\n\tspin_lock(&r->lock);')), '');
  });

  test('the callee drops the lock and turns interrupts on', () => {
    const files = {
      'drivers/ring/main.c': underLock('ring_step').replace('spin_lock(', 'spin_lock_irq(').replace('spin_unlock(', 'spin_unlock_irq('),
      'drivers/ring/step.c':
        'void ring_step(struct ring *r)\n{\n\tspin_unlock_irq(&r->lock);\n\tring_grow(r);\n\tspin_lock_irq(&r->lock);\n}\n',
      'drivers/ring/mem.c': QUIET_GROW,
    };
    assert.equal(treeMismatch(files), '');
  });

  test('the callee only turns interrupts on: the lock stays', () => {
    const files = {
      'drivers/ring/main.c': underLock('ring_step').replace('spin_lock(', 'spin_lock_irq(').replace('spin_unlock(', 'spin_unlock_irq('),
      'drivers/ring/step.c': 'void ring_step(struct ring *r)\n{\n\tlocal_irq_enable();\n\tring_grow(r);\n\tlocal_irq_disable();\n}\n',
      'drivers/ring/mem.c': GROW,
    };
    assert.equal(treeMismatch(files), '');
  });

  test('only interrupts are off, and the callee turns them on', () => {
    const files = {
      'drivers/ring/main.c': 'void ring_fill(struct ring *r)\n{\n\tlocal_irq_disable();\n\tring_step(r);\n\tlocal_irq_enable();\n}\n',
      'drivers/ring/step.c': 'void ring_step(struct ring *r)\n{\n\tlocal_irq_enable();\n\tring_grow(r);\n\tlocal_irq_disable();\n}\n',
      'drivers/ring/mem.c': QUIET_GROW,
    };
    assert.equal(treeMismatch(files), '');
  });

  test('the lock is dropped before the call', () => {
    const files = {
      'drivers/ring/main.c':
        'void ring_fill(struct ring *r)\n{\n\tspin_lock(&r->lock);\n\tr->n++;\n\tspin_unlock(&r->lock);\n\tring_grow(r);\n}\n',
      'drivers/ring/mem.c': QUIET_GROW,
    };
    assert.equal(treeMismatch(files), '');
  });

  test('on one of two paths only: possible', () => {
    const files = {
      'drivers/ring/main.c': `
void ring_fill(struct ring *r)
{
	if (r->shared)
		spin_lock(&r->lock);
	ring_grow(r);
	if (r->shared)
		spin_unlock(&r->lock);
}
`,
      'drivers/ring/mem.c': GROW.replace('want', 'want?'),
    };
    assert.equal(treeMismatch(files), '');
  });

  test('a callee that takes a mutex has made its own mistake: masks further down are not blamed', () => {
    assert.equal(treeMismatch(between('\tmutex_lock(&r->mutex);\n\tring_grow(r);\n\tmutex_unlock(&r->mutex);')), '');
    assert.equal(treeMismatch(between('\tmutex_lock(&r->mutex);\n\tmutex_unlock(&r->mutex);\n\tring_grow(r);')), '');
  });

  test('a callee that slept before the call, without a lock in it, is blamed itself', () => {
    assert.equal(treeMismatch(between('\tmsleep(10);\n\tring_grow(r);')), '');
    assert.equal(treeMismatch(between('\tr->left = wait_for_completion_timeout(&r->done, 10);\n\tring_grow(r);')), '');
  });

  test('a sleep that not every path passes is no excuse', () => {
    for (const sleep of [
      '\tif (r->slow)\n\t\tmsleep(10);',
      '\tif (r->fast)\n\t\tgoto out;\n\tmsleep(10);\nout:',
      '\tring_grow(r);\n\tmsleep(10);',
    ])
      assert.equal(treeMismatch(between(`${sleep}\n\tring_grow(r);`, '// want sleep-in-atomic')), '');
  });

  test('a test that speaks of sleeping makes it possible', () => {
    assert.equal(treeMismatch(between('\tif (!in_atomic())\n\t\tring_grow(r);', '// want? sleep-in-atomic')), '');
    assert.equal(treeMismatch(between('\tif (r->can_wait)\n\t\tring_grow(r);', '// want? sleep-in-atomic')), '');
  });
});

describe('constants on the way', () => {
  const guarded = (condition: string, parameter: string) => `
void *ring_get(struct ring *r, ${parameter})
{
	if (${condition})
		return kmalloc(8, GFP_KERNEL); // WANT
	return NULL;
}
`;
  const tree = (callee: string, args: string, text: string, want: string) => ({
    'drivers/ring/main.c': underLock(callee, args),
    'drivers/ring/mem.c': text.replace('// WANT', want),
  });
  const YES = '// want sleep-in-atomic';
  const PERHAPS = '// want? sleep-in-atomic';

  for (const [args, condition, want] of [
    ['r, true', 'can_sleep', YES],
    ['r, 1', 'can_sleep', YES],
    ['r, false', 'can_sleep', ''],
    ['r, 0', 'can_sleep', ''],
    ['r, false', '!can_sleep', YES],
    ['r, true', '!can_sleep', ''],
    ['r, r->flag', 'can_sleep', PERHAPS],
  ] as const)
    test(`ring_get(${args}) with if (${condition}): ${want === '' ? 'nothing' : want.slice(3)}`, () => {
      assert.equal(treeMismatch(tree('ring_get', args, guarded(condition, 'bool can_sleep'), want)), '');
    });

  for (const [passed, want] of [
    ['true', YES],
    ['false', ''],
  ] as const)
    test(`${passed} through two levels of parameters: ${want === '' ? 'nothing' : want.slice(3)}`, () => {
      const files = {
        ...tree('ring_outer', `r, ${passed}`, guarded('can_sleep', 'bool can_sleep'), want),
        'drivers/ring/outer.c': 'void *ring_outer(struct ring *r, bool may)\n{\n\treturn ring_inner(may, r);\n}\n',
        'drivers/ring/inner.c': 'void *ring_inner(int wait, struct ring *r)\n{\n\treturn ring_get(r, wait);\n}\n',
      };
      assert.equal(treeMismatch(files), '');
    });

  test('a parameter that is changed on the way is not known any more', () => {
    const files = {
      ...tree('ring_outer', 'r, false', guarded('can_sleep', 'bool can_sleep'), PERHAPS),
      'drivers/ring/outer.c':
        'void *ring_outer(struct ring *r, bool may)\n{\n\tif (r->idle)\n\t\tmay = true;\n\treturn ring_get(r, may);\n}\n',
    };
    assert.equal(treeMismatch(files), '');
  });

  for (const [args, want] of [
    ['r, NULL', ''],
    ['r, &r->list', YES],
    ['r, list', YES],
  ] as const)
    test(`a pointer: ring_get(${args}) with if (list): ${want === '' ? 'nothing' : want.slice(3)}`, () => {
      assert.equal(treeMismatch(tree('ring_get', args, guarded('list', 'struct list *list'), want)), '');
    });

  test('NULL where the callee works only without a list', () => {
    assert.equal(treeMismatch(tree('ring_get', 'r, NULL', guarded('!list', 'struct list *list'), YES)), '');
    assert.equal(treeMismatch(tree('ring_get', 'r, &r->list', guarded('!list', 'struct list *list'), '')), '');
  });
});

describe('a switch on what the caller passed', () => {
  const files = (argument: string, want: string) => ({
    'drivers/ring/main.c': underLock('ring_step'),
    'drivers/ring/step.c': 'void ring_step(struct ring *r)\n{\n\tring_event(r, r->next);\n}\n',
    'drivers/ring/event.c': `
void ring_event(struct ring *r, int event)
{
	switch (${argument}) {
	case RING_START:
		ring_grow(r);
		break;
	default:
		break;
	}
}
`,
    'drivers/ring/mem.c': GROW.replace('want', want),
  });

  test('chooses among its calls, so that they are possible', () => {
    assert.equal(treeMismatch(files('event', 'want?')), '');
    assert.equal(treeMismatch(files('r->mode', 'want?')), '');
  });

  test('on anything else does not', () => {
    assert.equal(treeMismatch(files('ring_state()', 'want')), '');
  });
});
