import { closeSync, constants, fstatSync, openSync, readFileSync } from 'node:fs';

/** Where a pipe has no writer, opening it for reading would wait for one. Absent on Windows. */
const OPEN = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0);

/**
 * Opens a file that a tree names, not the user: a pipe or a device in its place would keep the program waiting, or reading, for ever. Throws what the file system
 * throws, and for anything but a regular file.
 */
export function openRegular(path: string): number {
  const file = openSync(path, OPEN);
  if (fstatSync(file).isFile()) return file;
  closeSync(file);
  throw new Error('not a regular file');
}

/** The same, and reads it as a whole. */
export function readRegular(path: string): Buffer {
  const file = openRegular(path);
  try {
    return readFileSync(file);
  } finally {
    closeSync(file);
  }
}
