import type { CallbackRow } from '../model';
import table from '../tables/callbacks.json';

type Row = readonly [
  kind: number,
  owner: string,
  slot: number | string,
  context: CallbackRow['context'],
  maySleep: 0 | 1 | null,
  note: string,
  evidence: number,
  header: string,
];

/** Rows of general knowledge are not taken as certain where they name an exception, nor those that name two contexts. */
function isCertain(note: string, basis: number): boolean {
  if (/\bor (a )?thread|^any\b(?!.*must not)|\bmutex held|\bmay be\b/.test(note)) return false;
  return basis < 2 || !/\bunless\b|\bany\b/.test(note);
}

/** Callbacks and the context they run in, from the generated table. */
export function callbackRows(): readonly CallbackRow[] {
  const { rows, evidence } = table as unknown as { readonly rows: readonly Row[]; readonly evidence: readonly string[] };
  const known = rows.map(([kind, owner, slot, context, maySleep, note, basis, header]): CallbackRow => ({
    kind: kind === 0 ? 'register' : 'field',
    owner,
    slot,
    context,
    maySleep: maySleep === null ? undefined : maySleep === 1,
    excusedBy: kind === 1 ? /unless (?:\w+->)?(\w+)/.exec(note)?.[1] : undefined,
    certain: isCertain(note, basis),
    note,
    evidence: header === '' ? evidence[basis]! : `${evidence[basis]!} (${header})`,
  }));
  return [...known, ...FURTHER_ROWS];
}

/** Rows that the generated table does not have, read in the sources of 6.1 and 6.12. */
const FURTHER_ROWS: readonly CallbackRow[] = [
  // include/linux/init.h: do_initcalls() runs them in the first task
  ...[
    'pure_initcall',
    'core_initcall',
    'core_initcall_sync',
    'postcore_initcall',
    'arch_initcall',
    'subsys_initcall',
    'fs_initcall',
    'rootfs_initcall',
    'device_initcall',
    'device_initcall_sync',
    'late_initcall_sync',
    'subsys_initcall_sync',
    'machine_device_initcall',
    'module_exit',
  ].map((owner) => registering(owner, 0, 'process', 'include/linux/init.h, init/main.c: do_initcalls()')),
  // include/crypto: completion functions run in softirq context, or in that of the caller
  ...['akcipher_request_set_callback', 'kpp_request_set_callback', 'acomp_request_set_callback'].map((owner) =>
    registering(owner, 2, 'atomic', 'include/crypto/*.h: crypto_completion_t'),
  ),
  // kernel/cpu_pm.c: cpu_pm_notify() calls the chain with interrupts off
  registering('cpu_pm_register_notifier', 0, 'atomic', 'kernel/cpu_pm.c: cpu_pm_notify()'),
  // include/linux/component.h: bound from component_add(), in process context
  ...['bind', 'unbind'].map((slot) => member('component_ops', slot, 'include/linux/component.h')),
];

function registering(owner: string, slot: number, context: 'process' | 'atomic', evidence: string): CallbackRow {
  return { kind: 'register', owner, slot, context, maySleep: context === 'process', excusedBy: undefined, certain: true, note: '', evidence };
}

function member(owner: string, slot: string, evidence: string): CallbackRow {
  return { kind: 'field', owner, slot, context: 'process', maySleep: true, excusedBy: undefined, certain: true, note: '', evidence };
}

/** Members of a driver structure that the driver core calls with the device locked (drivers/base/dd.c, drivers/base/power/). */
const DRIVER_MEMBERS: ReadonlySet<string> = new Set(['probe', 'remove', 'remove_new', 'disconnect', 'shutdown', 'bind', 'unbind']);

/** The row of `.probe` and its kin in a `struct foo_driver` of any bus. */
export function driverRow(owner: string, slot: string): CallbackRow | undefined {
  return owner.endsWith('_driver') && DRIVER_MEMBERS.has(slot) ? member(owner, slot, 'drivers/base/dd.c') : undefined;
}
