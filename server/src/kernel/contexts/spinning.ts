import type { ContextEffect, ContextFunction, Resource } from '../model';
import { acquire, functions, leave, release } from './effects';

/** How a lock function treats interrupts and softirqs besides taking the lock. */
interface Variant {
  readonly suffix: '' | '_bh' | '_irq' | '_irqsave';
  readonly unlockSuffix: string;
  readonly enter: readonly ContextEffect[];
  readonly exit: readonly ContextEffect[];
}

const VARIANTS: readonly Variant[] = [
  { suffix: '', unlockSuffix: '', enter: [], exit: [] },
  { suffix: '_bh', unlockSuffix: '_bh', enter: [acquire('bh-off')], exit: [release('bh-off')] },
  // The unlock enables interrupts whatever their state was before (include/linux/spinlock_api_smp.h).
  { suffix: '_irq', unlockSuffix: '_irq', enter: [acquire('irqs-off')], exit: [leave('irqs-off')] },
  { suffix: '_irqsave', unlockSuffix: '_irqrestore', enter: [acquire('irqs-off')], exit: [release('irqs-off')] },
];

type Suffix = Variant['suffix'];

/** A family of lock functions; `lock` and `unlock` are the names without suffix, the lock is the first argument. */
interface Family {
  readonly lock: string;
  readonly unlock: string;
  readonly resource: Resource;
  /** Variants it has; all four when absent. */
  readonly variants?: readonly Suffix[];
  /** Name of the trylock without suffix (non-zero when taken), and the variants that have one. */
  readonly trylock?: readonly [name: string, variants: readonly Suffix[]];
  /** Variants with a `_nested` form. */
  readonly nested?: readonly Suffix[];
}

const ALL: readonly Suffix[] = ['', '_bh', '_irq', '_irqsave'];

const FAMILIES: readonly Family[] = [
  // include/linux/spinlock.h (6.1, 6.12)
  { lock: 'spin_lock', unlock: 'spin_unlock', resource: 'spinlock', trylock: ['spin_trylock', ALL], nested: ['', '_bh', '_irqsave'] },
  {
    lock: 'raw_spin_lock',
    unlock: 'raw_spin_unlock',
    resource: 'raw-spinlock',
    trylock: ['raw_spin_trylock', ALL],
    nested: ['', '_irqsave'],
  },
  // include/linux/rwlock.h (6.1, 6.12)
  { lock: 'read_lock', unlock: 'read_unlock', resource: 'rwlock', trylock: ['read_trylock', ['']] },
  { lock: 'write_lock', unlock: 'write_unlock', resource: 'rwlock', trylock: ['write_trylock', ['', '_irqsave']], nested: [''] },
  // include/linux/seqlock.h (6.1, 6.12): the writer holds the spinlock inside
  { lock: 'write_seqlock', unlock: 'write_sequnlock', resource: 'seqlock' },
  { lock: 'read_seqlock_excl', unlock: 'read_sequnlock_excl', resource: 'seqlock' },
  // include/linux/xarray.h, idr.h (6.1, 6.12)
  { lock: 'xa_lock', unlock: 'xa_unlock', resource: 'spinlock', trylock: ['xa_trylock', ['']], nested: ALL },
  { lock: 'xas_lock', unlock: 'xas_unlock', resource: 'spinlock', trylock: ['xas_trylock', ['']] },
  { lock: 'idr_lock', unlock: 'idr_unlock', resource: 'spinlock' },
  // include/linux/netdevice.h (6.1, 6.12)
  { lock: 'netif_tx_lock', unlock: 'netif_tx_unlock', resource: 'spinlock', variants: ['', '_bh'] },
  {
    lock: '__netif_tx_lock',
    unlock: '__netif_tx_unlock',
    resource: 'spinlock',
    variants: ['', '_bh'],
    trylock: ['__netif_tx_trylock', ['']],
  },
  { lock: 'netif_addr_lock', unlock: 'netif_addr_unlock', resource: 'spinlock', variants: ['', '_bh'] },
  // include/linux/serial_core.h (6.1, 6.12)
  {
    lock: 'uart_port_lock',
    unlock: 'uart_port_unlock',
    resource: 'spinlock',
    variants: ['', '_irq', '_irqsave'],
    trylock: ['uart_port_trylock', ['', '_irqsave']],
  },
  // include/linux/local_lock.h (6.1, 6.12)
  { lock: 'local_lock', unlock: 'local_unlock', resource: 'local-lock', variants: ['', '_irq', '_irqsave'] },
];

function familyFunctions(family: Family): ContextFunction[] {
  return VARIANTS.filter(({ suffix }) => (family.variants ?? ALL).includes(suffix)).flatMap((variant) => {
    const { suffix } = variant;
    const enter = [acquire(family.resource, 0), ...variant.enter];
    const names = [family.lock + suffix, ...(family.nested?.includes(suffix) ? [`${family.lock}${suffix}_nested`] : [])];
    const [trylock, variants = []] = family.trylock ?? [];
    return [
      ...functions(names.join(' '), 'always', ...enter),
      ...functions(family.unlock + variant.unlockSuffix, 'always', release(family.resource, 0), ...variant.exit),
      ...(variants.includes(suffix) ? functions(trylock + suffix, 'nonzero', ...enter) : []),
    ];
  });
}

/** Functions that take or drop a lock under which nothing may sleep (on a kernel without PREEMPT_RT). */
export const SPINNING_LOCKS: readonly ContextFunction[] = [
  ...FAMILIES.flatMap(familyFunctions),
  ...functions('spin_lock_nest_lock', 'always', acquire('spinlock', 0)),
  ...functions('raw_spin_lock_nest_lock', 'always', acquire('raw-spinlock', 0)),
  ...functions('arch_spin_lock', 'always', acquire('raw-spinlock', 0)),
  ...functions('arch_spin_trylock', 'nonzero', acquire('raw-spinlock', 0)),
  ...functions('arch_spin_unlock', 'always', release('raw-spinlock', 0)),
  // include/linux/bit_spinlock.h: (bit number, address); include/linux/list_bl.h
  ...functions('bit_spin_lock', 'always', acquire('bit-lock', 1)),
  ...functions('bit_spin_trylock', 'nonzero', acquire('bit-lock', 1)),
  ...functions('bit_spin_unlock __bit_spin_unlock', 'always', release('bit-lock', 1)),
  ...functions('hlist_bl_lock', 'always', acquire('bit-lock', 0)),
  ...functions('hlist_bl_unlock', 'always', release('bit-lock', 0)),
  // include/linux/seqlock.h: preemption is off in every form; the raw_ forms leave that to the caller
  ...functions('write_seqcount_begin write_seqcount_begin_nested', 'always', acquire('seqlock', 0)),
  ...functions('write_seqcount_end', 'always', release('seqlock', 0)),
  // include/net/sock.h; lock_sock_fast() may return with softirqs off and the spinlock held, so its section must not sleep
  ...functions('bh_lock_sock bh_lock_sock_nested', 'always', acquire('spinlock', 0)),
  ...functions('bh_unlock_sock', 'always', release('spinlock', 0)),
  ...functions('lock_sock_fast lock_sock_fast_nested', 'always', acquire('spinlock', 0), acquire('bh-off')),
  ...functions('unlock_sock_fast', 'always', release('spinlock', 0), release('bh-off')),
  // include/net/af_unix.h, include/net/sch_generic.h
  ...functions('unix_state_lock unix_state_lock_nested', 'always', acquire('spinlock', 0)),
  ...functions('unix_state_unlock', 'always', release('spinlock', 0)),
  ...functions('sch_tree_lock', 'always', acquire('spinlock', 0), acquire('bh-off')),
  ...functions('sch_tree_unlock', 'always', release('spinlock', 0), release('bh-off')),
  // include/linux/sched/task.h, sched/signal.h
  ...functions('task_lock', 'always', acquire('spinlock', 0)),
  ...functions('task_unlock', 'always', release('spinlock', 0)),
  ...functions('lock_task_sighand', 'nonzero', acquire('spinlock', 0), acquire('irqs-off')),
  ...functions('unlock_task_sighand', 'always', release('spinlock', 0), release('irqs-off')),
  // include/linux/maple_tree.h
  ...functions('mas_lock mtree_lock mtree_lock_nested', 'always', acquire('spinlock', 0)),
  ...functions('mas_unlock mtree_unlock', 'always', release('spinlock', 0)),
  // include/linux/mm.h: the lock is written through the fourth argument
  ...functions('pte_unmap_unlock', 'always', release('spinlock', 1)),
  // include/linux/spinlock.h, refcount.h: locked when the count went to zero
  ...functions('atomic_dec_and_lock refcount_dec_and_lock', 'nonzero', acquire('spinlock', 1)),
  ...functions('atomic_dec_and_lock_irqsave refcount_dec_and_lock_irqsave', 'nonzero', acquire('spinlock', 1), acquire('irqs-off')),
  ...functions('atomic_dec_and_raw_lock', 'nonzero', acquire('raw-spinlock', 1)),
  ...functions('atomic_dec_and_raw_lock_irqsave', 'nonzero', acquire('raw-spinlock', 1), acquire('irqs-off')),
];

/** pte_offset_map_lock(): from 6.5 on it returns NULL, unlocked, when the page table has vanished. */
export function pageTableLock(mayReturnNull: boolean): ContextFunction[] {
  return functions('pte_offset_map_lock pte_alloc_map_lock', mayReturnNull ? 'nonzero' : 'always', acquire('spinlock', 3));
}
