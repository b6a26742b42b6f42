import type { CallSite } from '../site';
import type { FileMemory } from './fileMemory';

/** What forbids sleeping at a call, completing "but …"; empty where nothing in its function does. */
export function atomicAt(memory: FileMemory, call: CallSite): string {
  const context = memory.freeContexts.at(call);
  if (context.maySleep !== 'no') return '';
  const holder = context.held.at(-1);
  if (holder === undefined) return 'a test before it forbids that';
  return holder.instance === '' ? `it is freed after ${holder.by}()` : `it is freed while ${holder.instance} is held`;
}
