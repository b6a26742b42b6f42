import assert from 'node:assert/strict';
import { test } from 'node:test';
import { functionContexts } from '../../../../server/src/program/link/functionContexts';
import { ProgramGraph } from '../../../../server/src/program/link/graph';
import { modelFor } from '../../../support/analyse';
import { shardsOf, type TreeFiles } from '../../../support/linkedTree';

/** `path name: context <- from (+more)`, by file. */
function linesOf(files: TreeFiles): string[] {
  const graph = ProgramGraph.of(shardsOf(files, 1, new Map()));
  return [...functionContexts(graph, modelFor('6.12'), true)].flatMap(([path, contexts]) =>
    contexts.map(({ name, context, from, more }) => `${path} ${name}: ${context} <- ${from || 'itself'}${more > 0 ? ` (+${more})` : ''}`),
  );
}

const MEM = 'void *ring_grow(struct ring *r)\n{\n\treturn kmalloc(8, GFP_ATOMIC);\n}\n';

test('a function that a timer leads to, through another file', () => {
  assert.deepEqual(
    linesOf({
      'drivers/ring/mem.c': MEM,
      'drivers/ring/main.c':
        'static void ring_step(struct ring *r)\n{\n\tring_grow(r);\n}\nstatic void ring_timer(struct timer_list *t)\n{\n\tring_step(ring_of(t));\n}\nvoid ring_start(struct ring *r)\n{\n\ttimer_setup(&r->timer, ring_timer, 0);\n}\n',
    }),
    [
      'drivers/ring/main.c ring_step: in softirq context <- ring_timer()',
      'drivers/ring/main.c ring_timer: in softirq context <- itself',
      'drivers/ring/mem.c ring_grow: in softirq context <- ring_timer() through ring_step()',
    ],
  );
});

test('a function that is called under a lock here and with interrupts off there', () => {
  assert.deepEqual(
    linesOf({
      'drivers/ring/mem.c': MEM,
      'drivers/ring/main.c':
        'void fill(struct ring *r)\n{\n\tspin_lock(&r->lock);\n\tring_grow(r);\n\tspin_unlock(&r->lock);\n}\nvoid drain(struct ring *r)\n{\n\tlocal_irq_disable();\n\tring_grow(r);\n\tlocal_irq_enable();\n}\n',
    }),
    ['drivers/ring/mem.c ring_grow: where spinlock &r->lock is held <- fill() (+1)'],
  );
});

test('functions that reach no allocation, and those that only process context leads to, are left out', () => {
  assert.deepEqual(
    linesOf({
      'drivers/ring/mem.c': MEM.replaceAll('ring_grow', 'ring_open'),
      'drivers/ring/main.c':
        'static void nothing(struct ring *r)\n{\n\tr->n = 0;\n}\nvoid fill(struct ring *r)\n{\n\tspin_lock(&r->lock);\n\tnothing(r);\n\tspin_unlock(&r->lock);\n\tring_open(r);\n}\n',
    }),
    [],
  );
});
