import type { CallSite } from '../site';

/** What forbids sleeping at a call, completing "but …"; empty where nothing in its function does. */
export function atomicAt({ context }: CallSite): string {
  if (context.maySleep !== 'no') return '';
  const holder = context.held.at(-1);
  if (holder === undefined) return 'a test before it forbids that';
  return holder.instance === '' ? `it is freed after ${holder.by}()` : `it is freed while ${holder.instance} is held`;
}
