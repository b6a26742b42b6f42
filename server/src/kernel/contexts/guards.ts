import type { ContextEffect, ContextFunction } from '../model';
import { acquire, functions } from './effects';

/** Conditional classes: taken only when the try succeeds, or when the wait was not interrupted. */
function withTry(names: string, ...effects: ContextEffect[]): ContextFunction[] {
  const conditional = names
    .trim()
    .split(/\s+/)
    .map((name) => `${name}_try`);
  return [...functions(names, 'always', ...effects), ...functions(conditional.join(' '), 'nonzero', ...effects)];
}

/** Classes for guard(), scoped_guard() and CLASS() (DEFINE_GUARD, DEFINE_LOCK_GUARD_0/1 in the headers named, 6.1, 6.12, 7.3). */
export const GUARDS: readonly ContextFunction[] = [
  // include/linux/spinlock.h
  ...withTry('spinlock', acquire('spinlock', 0)),
  ...withTry('spinlock_bh', acquire('spinlock', 0), acquire('bh-off')),
  ...withTry('spinlock_irq spinlock_irqsave', acquire('spinlock', 0), acquire('irqs-off')),
  ...withTry('raw_spinlock raw_spinlock_nested', acquire('raw-spinlock', 0)),
  ...withTry('raw_spinlock_bh', acquire('raw-spinlock', 0), acquire('bh-off')),
  ...withTry('raw_spinlock_irq raw_spinlock_irqsave', acquire('raw-spinlock', 0), acquire('irqs-off')),
  ...functions('read_lock write_lock', 'always', acquire('rwlock', 0)),
  ...functions('read_lock_irq read_lock_irqsave write_lock_irq write_lock_irqsave', 'always', acquire('rwlock', 0), acquire('irqs-off')),
  // include/linux/irqflags.h, preempt.h, rcupdate.h, srcu.h
  ...functions('irq irqsave', 'always', acquire('irqs-off')),
  ...functions('preempt preempt_notrace', 'always', acquire('preempt-off')),
  ...functions('rcu', 'always', acquire('rcu')),
  ...functions('srcu srcu_fast srcu_fast_notrace', 'always', acquire('srcu', 0)),
  // include/linux/local_lock.h
  ...functions('local_lock', 'always', acquire('local-lock', 0)),
  ...functions('local_lock_irq local_lock_irqsave', 'always', acquire('local-lock', 0), acquire('irqs-off')),
  // include/linux/sched/task.h, serio.h, serial_core.h, gpio/generic.h
  ...functions('task_lock', 'always', acquire('spinlock', 0)),
  ...functions('serio_pause_rx', 'always', acquire('spinlock', 0), acquire('irqs-off')),
  ...withTry('uart_port_lock', acquire('spinlock', 0)),
  ...withTry('uart_port_lock_irq uart_port_lock_irqsave', acquire('spinlock', 0), acquire('irqs-off')),
  ...functions('gpio_generic_lock', 'always', acquire('raw-spinlock', 0)),
  ...functions('gpio_generic_lock_irqsave', 'always', acquire('raw-spinlock', 0), acquire('irqs-off')),
  // include/linux/mutex.h, rwsem.h, percpu-rwsem.h and classes over them: sleeping is allowed inside
  ...withTry('mutex device pci_dev wiphy devl cooling_dev hwmon_lock msi_descs_lock iio_claim_direct', acquire('mutex', 0)),
  ...functions('mutex_intr mutex_kill', 'nonzero', acquire('mutex', 0)),
  ...functions('rtnl jump_label_lock', 'always', acquire('mutex')),
  ...withTry(
    'rwsem_read rwsem_write percpu_read percpu_write mmap_read_lock mmap_write_lock cpufreq_policy_read cpufreq_policy_write',
    acquire('rwsem', 0),
  ),
  ...functions('rwsem_read_intr rwsem_read_kill rwsem_write_kill', 'nonzero', acquire('rwsem', 0)),
  ...functions('console_lock', 'always', acquire('semaphore')),
  // include/linux/sched/mm.h (6.19 and later)
  ...functions('memalloc_nofs', 'always', acquire('nofs-scope')),
  ...functions('memalloc_noio', 'always', acquire('noio-scope')),
];
