type Numbers = Uint8Array | Uint16Array | Uint32Array | Int32Array;

/** A longer array that begins with the elements of another; the rest is 0. */
export function grown<T extends Numbers>(array: T, length: number): T {
  const longer = new (array.constructor as new (length: number) => T)(length);
  longer.set(array);
  return longer;
}
