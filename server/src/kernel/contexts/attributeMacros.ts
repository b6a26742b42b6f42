import type { CallbackRow } from '../model';
import { PROCESS, registering } from './callbackKinds';

/** A macro that makes an attribute of a name: the ends of the names of the functions that it registers. */
export interface AttributeMacro {
  readonly macro: string;
  readonly suffixes: readonly string[];
}

const READ = ['_show'];
const WRITE = ['_store'];
const BOTH = [...READ, ...WRITE];

function macros(suffixes: readonly string[], names: string): AttributeMacro[] {
  return names.split(' ').map((macro) => ({ macro, suffixes }));
}

/** Macros that paste the names of callbacks together: `static DEVICE_ATTR_RW(size);` registers size_show() and size_store(). Read in 6.1 and 6.12. */
export const ATTRIBUTE_MACROS: readonly AttributeMacro[] = [
  // include/linux/device.h, device/driver.h, device/bus.h, device/class.h, sysfs.h
  ...macros(READ, 'DEVICE_ATTR_RO DEVICE_ATTR_ADMIN_RO DRIVER_ATTR_RO BUS_ATTR_RO CLASS_ATTR_RO __ATTR_RO __ATTR_RO_MODE'),
  ...macros(BOTH, 'DEVICE_ATTR_RW DEVICE_ATTR_ADMIN_RW DRIVER_ATTR_RW BUS_ATTR_RW CLASS_ATTR_RW __ATTR_RW __ATTR_RW_MODE'),
  ...macros(WRITE, 'DEVICE_ATTR_WO DRIVER_ATTR_WO BUS_ATTR_WO CLASS_ATTR_WO __ATTR_WO'),
  ...macros(['_read'], 'BIN_ATTR_RO BIN_ATTR_ADMIN_RO'),
  ...macros(['_read', '_write'], 'BIN_ATTR_RW BIN_ATTR_ADMIN_RW'),
  ...macros(['_write'], 'BIN_ATTR_WO'),
  // include/linux/seq_file.h: the iterator of single_open() holds the mutex of the file and no more
  ...macros(READ, 'DEFINE_SHOW_ATTRIBUTE'),
  ...macros(['_show', '_write'], 'DEFINE_SHOW_STORE_ATTRIBUTE'),
];

/** Attributes are read and written by system calls, with the mutex of the open file: fs/kernfs/file.c, fs/seq_file.c. */
export const ATTRIBUTE_CALLBACKS: readonly CallbackRow[] = ATTRIBUTE_MACROS.flatMap(({ macro }) =>
  registering(PROCESS, macro, [0], 'include/linux/sysfs.h, include/linux/seq_file.h; fs/kernfs/file.c'),
);
