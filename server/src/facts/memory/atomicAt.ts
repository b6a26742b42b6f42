import type { CallSite } from '../site';

/** What forbids sleeping at a call, as a message names it; empty where nothing in its function does. */
export function atomicAt({ context }: CallSite): string {
  if (context.maySleep !== 'no') return '';
  const holder = context.held.at(-1);
  return holder === undefined || holder.instance === '' ? (holder?.by ?? 'a test above') : holder.instance;
}
