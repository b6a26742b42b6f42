import type { CallbackRow } from '../model';
import table from '../tables/callbacks.json';
import { ATOMIC, HARDIRQ, IO_WAITS, members, PROCESS, registering } from './callbackKinds';
import { MORE_CALLBACKS } from './moreCallbacks';

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
  if (/\bor (a )?thread|^any\b(?!.*must not)|\bmutex held|\bmay be\b(?! off)|STARTING/.test(note)) return false;
  return basis < 2 || !/\bunless\b|\bany\b(?! context, must not)/.test(note);
}

/**
 * Callbacks that often run in process context although their contract says otherwise: stacked drivers and file systems complete bios in work items
 * (drivers/md, fs/btrfs/raid56.c), and the timer of a SCSI command has been one since only blk-mq is left (block/blk-mq.c: blk_mq_timeout_work(), 5.0).
 */
const OFTEN_IN_PROCESS: ReadonlySet<string> = new Set(['bio.bi_end_io', 'scsi_host_template.eh_timed_out', 'ib_cqe.done']);

/**
 * Words that tell of all callbacks of a file that they may sleep, where the table's note names none: completions of a queue that is polled from a workqueue
 * (drivers/infiniband/core/cq.c: __ib_alloc_cq(), 6.1).
 */
const EXCUSED_BY: Readonly<Record<string, string>> = { 'ib_cqe.done': 'IB_POLL_WORKQUEUE IB_POLL_UNBOUND_WORKQUEUE' };

/** Callbacks and the context they run in, from the generated table. */
export function callbackRows(): readonly CallbackRow[] {
  const { rows, evidence } = table as unknown as { readonly rows: readonly Row[]; readonly evidence: readonly string[] };
  const known = rows.map(
    ([kind, owner, slot, context, maySleep, note, basis, header]): CallbackRow => ({
      kind: kind === 0 ? 'register' : 'field',
      owner,
      slot,
      context,
      maySleep: maySleep === null ? undefined : maySleep === 1,
      reclaim: kind === 1 ? reclaimHazard(owner, String(slot)) : undefined,
      excusedBy: kind === 1 ? (/unless (?:\w+->)?(\w+)/.exec(note)?.[1] ?? EXCUSED_BY[`${owner}.${slot}`]) : undefined,
      certain: isCertain(note, basis) && !OFTEN_IN_PROCESS.has(`${owner}.${slot}`),
      note,
      evidence: header === '' ? evidence[basis]! : `${evidence[basis]!} (${header})`,
    }),
  );
  return [...known, ...FURTHER_ROWS, ...MORE_CALLBACKS];
}

/** Members that reclaim waits for or calls itself. */
const RECLAIM_HAZARDS: Readonly<Record<string, 'fs' | 'io'>> = {
  // Documentation/driver-api/usb/callbacks.rst: a storage interface of the same device waits for the reset
  'usb_driver.pre_reset': 'io',
  'usb_driver.post_reset': 'io',
  // Documentation/scsi/scsi_eh.rst: commands wait until error handling is done
  'scsi_host_template.eh_abort_handler': 'io',
  'scsi_host_template.eh_device_reset_handler': 'io',
  'scsi_host_template.eh_target_reset_handler': 'io',
  'scsi_host_template.eh_bus_reset_handler': 'io',
  'scsi_host_template.eh_host_reset_handler': 'io',
  'blk_mq_ops.queue_rq': 'io',
  'blk_mq_ops.timeout': 'io',
  // Documentation/filesystems/locking.rst, mm/vmscan.c
  'address_space_operations.writepage': 'fs',
  'address_space_operations.writepages': 'fs',
  'address_space_operations.release_folio': 'fs',
  'super_operations.evict_inode': 'fs',
  'super_operations.write_inode': 'fs',
  'shrinker.scan_objects': 'fs',
  'shrinker.count_objects': 'fs',
};

/** What a callback's allocations must not enter. */
function reclaimHazard(owner: string, slot: string): 'fs' | 'io' | undefined {
  return RECLAIM_HAZARDS[`${owner}.${slot}`];
}

/** Rows that the generated table does not have, read in the sources of 6.1 and 6.12. */
const FURTHER_ROWS: readonly CallbackRow[] = [
  ...registering(
    PROCESS,
    'pure_initcall core_initcall core_initcall_sync postcore_initcall arch_initcall subsys_initcall fs_initcall rootfs_initcall device_initcall ' +
      'device_initcall_sync late_initcall_sync subsys_initcall_sync machine_device_initcall module_exit',
    [0],
    // They run in the first task.
    'include/linux/init.h, init/main.c: do_initcalls()',
  ),
  ...registering(
    // In softirq context, or in that of the caller.
    ATOMIC,
    'akcipher_request_set_callback kpp_request_set_callback acomp_request_set_callback',
    [2],
    'include/crypto/*.h: crypto_completion_t',
  ),
  // Another processor comes up with interrupts off, and enables them at the end.
  ...registering(HARDIRQ, 'start_secondary secondary_start_kernel smp_callin', [0], 'arch/*/kernel/smp.c').map(
    (row): CallbackRow => ({ ...row, kind: 'entry' }),
  ),
  // With interrupts off.
  ...registering(ATOMIC, 'cpu_pm_register_notifier', [0], 'kernel/cpu_pm.c: cpu_pm_notify()'),
  // Bound from component_add(), in process context.
  ...members(PROCESS, 'component_ops', 'bind unbind', 'include/linux/component.h'),
  ...members(IO_WAITS, 'usb_driver', 'pre_reset post_reset', 'Documentation/driver-api/usb/callbacks.rst'),
  ...members(
    IO_WAITS,
    'scsi_host_template',
    'eh_abort_handler eh_device_reset_handler eh_target_reset_handler eh_bus_reset_handler eh_host_reset_handler',
    'Documentation/scsi/scsi_eh.rst',
  ),
];

/** Members of a driver structure that the driver core calls with the device locked (drivers/base/dd.c, drivers/base/power/). */
const DRIVER_MEMBERS: ReadonlySet<string> = new Set([
  'probe',
  'probe_new',
  'remove',
  'remove_new',
  'disconnect',
  'shutdown',
  'bind',
  'unbind',
]);

/** The row of `.probe` and its kin in a `struct foo_driver` of any bus. */
export function driverRow(owner: string, slot: string): CallbackRow | undefined {
  return owner.endsWith('_driver') && DRIVER_MEMBERS.has(slot) ? members(PROCESS, owner, slot, 'drivers/base/dd.c')[0] : undefined;
}
