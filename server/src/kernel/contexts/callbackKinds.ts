import type { CallbackRow } from '../model';

type Reclaim = CallbackRow['reclaim'];

/** What a group of rows has in common. */
export interface Kind {
  readonly context: CallbackRow['context'];
  readonly maySleep: boolean | undefined;
  readonly certain: boolean;
  readonly reclaim?: Reclaim;
  /** A name that makes the row void in a file that uses it. */
  readonly excusedBy?: string;
}

export const PROCESS: Kind = { context: 'process', maySleep: true, certain: true };
export const SOFTIRQ: Kind = { context: 'softirq', maySleep: false, certain: true };
export const HARDIRQ: Kind = { context: 'hardirq', maySleep: false, certain: true };
export const RCU: Kind = { context: 'rcu', maySleep: false, certain: true };
export const ATOMIC: Kind = { context: 'atomic', maySleep: false, certain: true };
/** Runtime power management: with interrupts off for devices of which the driver says so (drivers/base/power/runtime.c: rpm_callback()). */
export const RUNTIME_PM: Kind = { ...PROCESS, excusedBy: 'pm_runtime_irq_safe' };
/** Some callers may sleep and say so in a flag of the request. */
export const BY_REQUEST: Kind = { context: 'atomic', maySleep: false, certain: false };
/** The other side decides; most of those in the tree call it where nobody may sleep. */
export const MOSTLY_ATOMIC: Kind = { context: 'atomic', maySleep: false, certain: false };
/** Process context that I/O, or the file system, waits for. */
export const IO_WAITS: Kind = { context: 'process', maySleep: true, certain: true, reclaim: 'io' };
export const FS_WAITS: Kind = { context: 'process', maySleep: true, certain: true, reclaim: 'fs' };

/** Members of an operation table. */
export function members(
  { context, maySleep, certain, reclaim, excusedBy }: Kind,
  owner: string,
  slots: string,
  evidence: string,
): CallbackRow[] {
  return slots
    .split(' ')
    .map((slot) => ({ kind: 'field', owner, slot, context, maySleep, reclaim, excusedBy, certain, note: '', evidence }));
}

/** Functions that take a callback, at each of the argument positions. */
export function registering(
  { context, maySleep, certain, excusedBy }: Kind,
  names: string,
  slots: readonly number[],
  evidence: string,
): CallbackRow[] {
  return names.split(' ').flatMap((owner) =>
    slots.map((slot): CallbackRow => {
      return { kind: 'register', owner, slot, context, maySleep, reclaim: undefined, excusedBy, certain, note: '', evidence };
    }),
  );
}
