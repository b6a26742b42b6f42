type Numbers = Uint8Array | Uint16Array | Uint32Array | Int32Array;

/** A longer array that begins with the elements of another; the rest is 0. */
export function grown<T extends Numbers>(array: T, length: number): T {
  const longer = new (array.constructor as new (length: number) => T)(length);
  longer.set(array);
  return longer;
}

/**
 * The first `count` elements in an array of their own. `over`, an array that nobody looks at any more, gives its memory if there is enough of it: V8 collects the whole heap after
 * some 16 MB of arrays, however little else there is to collect.
 */
export function headOf<T extends Numbers>(array: T, count: number, over: T | undefined): T {
  if (over === undefined) return array.slice(0, count) as T;
  const { buffer, BYTES_PER_ELEMENT } = over;
  const room = Math.floor(buffer.byteLength / BYTES_PER_ELEMENT);
  const place = room >= count ? buffer : new ArrayBuffer((count + (count >> 2)) * BYTES_PER_ELEMENT);
  const head = new (array.constructor as new (place: ArrayBufferLike, offset: number, length: number) => T)(place, 0, count);
  head.set(array.subarray(0, count));
  return head;
}
