import type { Shard } from '../link/shard';
import type { CacheStore } from './cacheStore';
import { bytesOf } from './container';
import type { ShardRef } from './treeState';

const ALIGNMENT = 8;

/** Shards one behind the other, as the bytes of one piece, and where each is found in it. */
export function packShards(
  part: string,
  shards: readonly Shard[],
  digest: CacheStore['digest'],
): { readonly bytes: readonly Uint8Array[]; readonly refs: readonly ShardRef[] } {
  const bytes: Uint8Array[] = [];
  const refs: ShardRef[] = [];
  let length = 0;
  const put = (piece: Uint8Array): number => {
    const at = length;
    bytes.push(piece, new Uint8Array(padding(piece.length)));
    length += piece.length + padding(piece.length);
    return at;
  };
  for (const { names, nameCount, data, starts } of shards) {
    const numbers = bytesOf(data);
    const [namesAt, dataAt] = [put(names), put(numbers)];
    refs.push({
      part,
      namesAt,
      namesLength: names.length,
      nameCount,
      dataAt,
      dataLength: numbers.length,
      digest: digest(names) + digest(numbers),
      files: starts.length,
    });
  }
  return { bytes, refs };
}

/** A shard as it was written, without any of its files; undefined when it is gone or damaged. */
export function readShard(store: CacheStore, ref: ShardRef): Shard | undefined {
  const names = store.readRange(ref.part, ref.namesAt, ref.namesLength);
  const numbers = store.readRange(ref.part, ref.dataAt, ref.dataLength);
  if (names === undefined || numbers === undefined || store.digest(names) + store.digest(numbers) !== ref.digest) return undefined;
  return { names, nameCount: ref.nameCount, data: new Int32Array(numbers.buffer, numbers.byteOffset, numbers.length >> 2), starts: [] };
}

function padding(length: number): number {
  return (ALIGNMENT - (length % ALIGNMENT)) % ALIGNMENT;
}
