import type { CacheStore } from './cacheStore';

/** Named sections of bytes in one piece, with a checksum over all. */
export type Sections = ReadonlyMap<string, Uint8Array>;

const MAGIC = 'gfp-lens cache 1';
/** Length of the table in bytes. */
const LENGTH = 4;
/** Sections begin at multiples of this, so that numbers can be read in place. */
const ALIGNMENT = 8;

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** What a piece begins with, and what is wrong with one that cannot be read. */
export type Opened = { readonly sections: Sections } | { readonly problem: string };

export function packSections(sections: Sections, digest: CacheStore['digest']): readonly Uint8Array[] {
  const table: [string, number, number][] = [];
  let length = 0;
  for (const [name, { byteLength }] of sections) {
    table.push([name, length, byteLength]);
    length = aligned(length + byteLength);
  }
  const body = new Uint8Array(length);
  for (const [name, at] of table) body.set(bytesOf(sections.get(name)!), at);
  const tableText = encoder.encode(JSON.stringify({ table, body: digest(body) }));
  const head = encoder.encode(`${MAGIC}${digest(tableText)}`);
  const start = new Uint8Array(aligned(head.length + LENGTH + tableText.length));
  start.set(head);
  new DataView(start.buffer).setUint32(head.length, tableText.length, true);
  start.set(tableText, head.length + LENGTH);
  return [start, body];
}

/** Reads a piece; its sections are views of `bytes` where that is aligned. */
export function openSections(given: Uint8Array, digest: CacheStore['digest']): Opened {
  const bytes = given.byteOffset % ALIGNMENT === 0 ? given : given.slice();
  const headLength = MAGIC.length + digest(new Uint8Array(0)).length;
  if (bytes.length < headLength + LENGTH) return { problem: 'cut off' };
  const head = decoder.decode(bytes.subarray(0, headLength));
  if (!head.startsWith(MAGIC)) return { problem: 'of another version' };
  const tableLength = new DataView(bytes.buffer, bytes.byteOffset).getUint32(headLength, true);
  const start = headLength + LENGTH;
  const tableText = bytes.subarray(start, start + tableLength);
  if (tableText.length < tableLength) return { problem: 'cut off' };
  if (digest(tableText) !== head.slice(MAGIC.length)) return { problem: 'damaged' };
  const { table, body: expected } = JSON.parse(decoder.decode(tableText)) as { table: [string, number, number][]; body: string };
  const body = bytes.subarray(aligned(start + tableLength));
  if (table.some(([, at, length]) => at + length > body.length)) return { problem: 'cut off' };
  if (digest(body) !== expected) return { problem: 'damaged' };
  return { sections: new Map(table.map(([name, at, length]) => [name, body.subarray(at, at + length)])) };
}

function aligned(length: number): number {
  return Math.ceil(length / ALIGNMENT) * ALIGNMENT;
}

/** The bytes of an array of numbers, in place. */
export function bytesOf(values: Uint8Array | Int32Array | Float64Array): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
}

/** Numbers in place; undefined when the bytes are no whole number of them. */
export function int32Of(bytes: Uint8Array): Int32Array {
  return new Int32Array(bytes.buffer, bytes.byteOffset, bytes.byteLength >> 2);
}

export function float64Of(bytes: Uint8Array): Float64Array {
  return new Float64Array(bytes.buffer, bytes.byteOffset, bytes.byteLength >> 3);
}

export function textBytes(text: string): Uint8Array {
  return encoder.encode(text);
}

export function textOf(bytes: Uint8Array): string {
  return decoder.decode(bytes);
}
