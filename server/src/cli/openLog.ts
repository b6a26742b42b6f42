import { spawn } from 'node:child_process';
import { closeSync, createReadStream, openSync, readSync } from 'node:fs';
import type { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { reasonOf, UserError } from './errors';

/** Bytes that are read at once. */
const CHUNK = 1 << 20;
const GZIP = [0x1f, 0x8b];
/** Formats that Node cannot unpack, by their first bytes, and the program that can; all take the same flags. */
const PROGRAMS: readonly (readonly [magic: readonly number[], program: string])[] = [
  [[0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00], 'xz'],
  [[0x28, 0xb5, 0x2f, 0xfd], 'zstd'],
  [[0x42, 0x5a, 0x68], 'bzip2'],
];

/**
 * The bytes of a log, unpacked when it begins like a compressed file; `-` is standard input.
 *
 * @throws UserError for a file that cannot be read or unpacked, also while it is read.
 */
export async function* readLogFile(path: string): AsyncGenerator<Uint8Array> {
  try {
    const magic = path === '-' ? new Uint8Array() : firstBytes(path);
    const program = PROGRAMS.find(([bytes]) => startsWith(magic, bytes))?.[1];
    yield* program === undefined ? openStream(path, startsWith(magic, GZIP)) : unpacked(path, program);
  } catch (error) {
    if (error instanceof UserError) throw error;
    throw new UserError(`${path}: ${isBroken(error) ? 'the compressed data is damaged' : reasonOf(error)}`);
  }
}

function openStream(path: string, gzip: boolean): Readable {
  if (path === '-') return process.stdin;
  const stream = createReadStream(path, { highWaterMark: CHUNK });
  if (!gzip) return stream;
  const plain = createGunzip({ chunkSize: CHUNK });
  stream.on('error', (error) => plain.destroy(error));
  return stream.pipe(plain);
}

/** What a program writes that unpacks the file. */
async function* unpacked(path: string, program: string): AsyncGenerator<Uint8Array> {
  const child = spawn(program, ['--decompress', '--stdout', '--', path], { stdio: ['ignore', 'pipe', 'ignore'] });
  const ended = new Promise<number | null>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', resolve);
  });
  // Awaited below; until then an error must not count as unhandled.
  ended.catch(() => undefined);
  try {
    yield* child.stdout;
    const code = await ended;
    if (code !== 0) throw new UserError(`${path}: the compressed data is damaged (${program} ended with ${code})`);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    throw new UserError(`${path}: is compressed with ${program}, and there is no program ${program} to unpack it`);
  } finally {
    child.kill();
  }
}

function firstBytes(path: string): Uint8Array {
  const bytes = new Uint8Array(6);
  const file = openSync(path, 'r');
  try {
    return bytes.subarray(0, readSync(file, bytes, 0, bytes.length, null));
  } finally {
    closeSync(file);
  }
}

function startsWith(bytes: Uint8Array, magic: readonly number[]): boolean {
  return magic.every((byte, index) => bytes[index] === byte);
}

function isBroken(error: unknown): boolean {
  return /^Z_/.test((error as NodeJS.ErrnoException).code ?? '');
}
