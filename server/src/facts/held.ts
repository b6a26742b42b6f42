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
