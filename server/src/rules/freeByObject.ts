import { addTo } from '../base/listsByKey';
import type { FileMemory } from '../facts/memory';
import type { CallSite } from '../facts/site';
import type { CType } from '../facts/sizes/ctype';

/** The allocations of a file that make objects of one struct. */
export interface ObjectSources {
  readonly allocations: readonly CallSite[];
  /** Only this file knows the struct, so nobody else makes such objects. */
  readonly complete: boolean;
}

/**
 * Where an object comes from that reached its free through a list, an RCU callback or another function: from the allocations of the file whose results are
 * pointers to the same struct. Undefined when the argument is no plain variable, or when the file makes no such objects.
 */
export function objectSources(memory: FileMemory, free: CallSite): ObjectSources | undefined {
  const place = memory.place(free.args[free.api!.frees!.arg]?.node ?? 0);
  const tag = place === 0 || !/^\w+$/.test(memory.text(place)) ? undefined : pointedStruct(memory.evaluator.typeOf(memory.tree, place));
  if (tag === undefined) return undefined;
  const allocations = objectsOf(memory).get(tag);
  return allocations && { allocations, complete: memory.histories.isPrivate(`${tag}.`) };
}

const objects = new WeakMap<FileMemory, ReadonlyMap<string, readonly CallSite[]>>();

/** The allocations of a file by the struct that their results point to; sorted once per file. */
function objectsOf(memory: FileMemory): ReadonlyMap<string, readonly CallSite[]> {
  const known = objects.get(memory);
  if (known) return known;
  const byTag = new Map<string, CallSite[]>();
  objects.set(memory, byTag);
  for (const call of memory.allocations) {
    for (const tag of new Set(memory.targets(call).flatMap((target) => pointedStruct(memory.targetType(target)) ?? [])))
      addTo(byTag, tag, call);
  }
  return byTag;
}

function pointedStruct(type: CType | undefined): string | undefined {
  if (type?.kind !== 'pointer') return undefined;
  const { to } = type;
  const tag = to.kind === 'record' ? to.tag : to.kind === 'unknown' ? to.name : '';
  return tag.startsWith('struct ') ? tag : undefined;
}
