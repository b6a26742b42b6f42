import type { ContextTest } from '../model';

/**
 * Predicates about the context (include/linux/preempt.h, irqflags.h, rcupdate.h, include/drm/drm_util.h). Only what they prove on every
 * configuration counts: without CONFIG_PREEMPT_COUNT in_atomic() does not see spinlocks and preemptible() is always 0.
 */
export const CONTEXT_TESTS: readonly ContextTest[] = [
  ...[
    'in_interrupt',
    'in_irq',
    'in_hardirq',
    'in_softirq',
    'in_serving_softirq',
    'in_nmi',
    'in_atomic',
    'in_atomic_preempt_off',
    'irqs_disabled',
    'raw_irqs_disabled',
    'hardirq_count',
    'softirq_count',
    'irq_count',
    'nmi_count',
    'preempt_count',
    'in_dbg_master',
    'rcu_preempt_depth',
  ].map((name): ContextTest => ({ name, nonzero: 'atomic', zero: 'nothing' })),
  { name: 'in_task', nonzero: 'nothing', zero: 'atomic' },
  { name: 'preemptible', nonzero: 'may-sleep', zero: 'nothing' },
  { name: 'drm_can_sleep', nonzero: 'may-sleep', zero: 'atomic' },
  { name: 'rcu_read_lock_held', nonzero: 'nothing', zero: 'nothing' },
  { name: 'rcu_read_lock_any_held', nonzero: 'nothing', zero: 'nothing' },
  // drivers/infiniband/sw/siw/siw_verbs.c: siw_post_send() sleeps for objects of user space, whose system call it runs in, and not for the kernel's.
  { name: 'rdma_is_kernel_res', nonzero: 'nothing', zero: 'nothing' },
  { name: 'rtnl_is_locked', nonzero: 'nothing', zero: 'nothing' },
];
