import type { Resource } from '../kernel/model';

/** How a held resource reads in a message; `@` stands for the instance. */
const WORDS: Partial<Record<Resource, string>> = {
  spinlock: 'spinlock @ is held',
  'raw-spinlock': 'raw spinlock @ is held',
  rwlock: 'rwlock @ is held',
  'bit-lock': 'bit lock @ is held',
  seqlock: 'seqlock @ is held',
  'local-lock': 'local lock @ is held',
  'irqs-off': 'interrupts are off',
  'bh-off': 'softirqs are off',
  'preempt-off': 'preemption is off',
  rcu: 'the RCU read lock is held',
  'kmap-atomic': 'an atomic kmap is active',
  fpu: 'the FPU is in use',
  'fs-transaction': 'a file system transaction is open',
  'frozen-queue': 'request queue @ is stopped',
};

/** What holds, in words: `spinlock &adapter->lock is held`. */
export function heldWords(resource: Resource, instance: string): string {
  const words = WORDS[resource] ?? `${resource} is held`;
  return instance === '' ? words.replace(' @', '') : words.replace('@', instance);
}

/** The event in words: `&adapter->lock is taken here by spin_lock()`. */
export function takenWords(by: string, instance: string): string {
  return instance === '' ? `${by}() is called here` : `${instance} is taken here by ${by}()`;
}
