import type { TextRange } from '../base/range';
import type { Resource } from '../kernel/model';

/** A resource held, and the event that took it. */
export interface Held {
  readonly resource: Resource;
  /** Source text of the instance, `&adapter->lock`; empty for global resources. */
  readonly instance: string;
  /** The call that took it, `spin_lock_irqsave`. */
  readonly by: string;
  readonly range: TextRange;
}

/** One step of an evidence chain. */
export interface TraceStep {
  readonly range: TextRange;
  readonly message: string;
  /** Set when the step lies in another file than the finding. */
  readonly path?: string;
}

/** Locks that only code which may sleep can wait for. */
const SLEEPING_LOCKS: ReadonlySet<Resource> = new Set<Resource>(['mutex', 'rwsem', 'semaphore', 'socket']);

/** Whether holding this shows that sleeping is allowed; one that was only tried shows nothing, interrupts may try as well. */
export function provesSleep({ resource, by }: Pick<Held, 'resource' | 'by'>): boolean {
  return SLEEPING_LOCKS.has(resource) && !by.includes('trylock');
}
