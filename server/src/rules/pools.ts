import type { CallSite } from '../facts/site';

/** Pools and bio sets keep a reserve: with a mask that may sleep they wait for one of their own elements (block/bio.c: bio_alloc_bioset(), mm/mempool.c, 6.1). */
export function isPooled({ api }: CallSite): boolean {
  return api?.allocates === 'mempool' || api?.allocates === 'bio';
}
