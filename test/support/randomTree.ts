import fc from 'fast-check';
import type { TreeFiles } from './linkedTree';

const PATHS = [
  'arch/arm64/kernel/ring.c',
  'arch/x86/kernel/ring.c',
  'drivers/net/ring/main.c',
  'drivers/net/ring/mem.c',
  'drivers/net/wheel/main.c',
  'fs/ringfs/super.c',
  'include/linux/ring.h',
  'lib/ring.c',
  'tools/ring/main.c',
];
const NAMES = ['grow', 'shrink', 'fill', 'drain', 'spin', 'turn'];

const name = fc.constantFrom(...NAMES);
const argument = fc.constantFrom('0', '1', 'true', 'can_sleep', 'r->flag');

/** Statements of a function `(struct ring *r, int can_sleep)`; locks are taken and dropped as they come. */
const statement = fc.oneof(
  { weight: 4, arbitrary: fc.tuple(name, argument).map(([callee, value]) => `${callee}(r, ${value});`) },
  { weight: 2, arbitrary: fc.constantFrom('GFP_KERNEL', 'GFP_NOFS', 'GFP_ATOMIC').map((mask) => `r->item = kmalloc(8, ${mask});`) },
  { weight: 3, arbitrary: name.map((callee) => `spin_lock(&r->lock);\n\t${callee}(r, 1);\n\tspin_unlock(&r->lock);`) },
  { weight: 1, arbitrary: name.map((callee) => `mutex_lock(&r->mutex);\n\t${callee}(r, 0);\n\tmutex_unlock(&r->mutex);`) },
  { weight: 1, arbitrary: fc.constantFrom('spin_lock_irq(&r->lock);', 'spin_unlock_irq(&r->lock);', 'msleep(1);') },
  { weight: 2, arbitrary: name.map((callee) => `if (can_sleep)\n\t\t${callee}(r, can_sleep);`) },
  { weight: 1, arbitrary: name.map((callee) => `timer_setup(&r->timer, ${callee}, 0);`) },
  { weight: 1, arbitrary: name.map((callee) => `INIT_WORK(&r->work, ${callee});`) },
  { weight: 1, arbitrary: name.map((callee) => `each(r, ${callee});`) },
);

const definition = fc.oneof(
  {
    weight: 8,
    arbitrary: fc
      .tuple(name, fc.constantFrom('', 'static ', 'static inline '), fc.array(statement, { minLength: 1, maxLength: 4 }))
      .map(([fn, specifiers, body]) => `${specifiers}void ${fn}(struct ring *r, int can_sleep)\n{\n\t${body.join('\n\t')}\n}\n`),
  },
  {
    weight: 1,
    arbitrary: fc.constant(
      'void each(struct ring *r, void (*fn)(struct ring *))\n{\n\tspin_lock(&r->lock);\n\tfn(r);\n\tspin_unlock(&r->lock);\n}\n',
    ),
  },
  { weight: 1, arbitrary: name.map((fn) => `static const struct net_device_ops ops = {\n\t.ndo_start_xmit = ${fn},\n};\n`) },
  { weight: 1, arbitrary: name.map((fn) => `EXPORT_SYMBOL(${fn});\n`) },
);

const text = fc.uniqueArray(definition, { minLength: 1, maxLength: 6 }).map((parts) => parts.join('\n'));

/** Small trees whose functions lock, allocate, and call each other across files in every way the analysis knows. */
export const randomTree: fc.Arbitrary<TreeFiles> = fc
  .uniqueArray(fc.tuple(fc.constantFrom(...PATHS), text), { minLength: 2, maxLength: 6, selector: ([path]) => path })
  .map((files) => Object.fromEntries(files));
