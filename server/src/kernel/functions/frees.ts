import type { MemoryFamily } from '../model';
import type { Since } from '../release';
import type { FunctionRow } from './rows';
import { withoutMask, words } from './rows';

function frees(
  names: string,
  families: readonly MemoryFamily[],
  arg: number,
  source: string,
  details: Partial<FunctionRow> = {},
): FunctionRow[] {
  return words(names).map((name) => withoutMask(name, source, { sleeps: 'never', ...details, frees: { families, arg } }));
}

const SLAB = 'include/linux/slab.h, mm/slub.c (6.1, 6.12)';
/** kfree() takes objects of any cache since the allocator that could not, SLOB, is gone. */
const WITHOUT_SLOB: Since = [[6, 4]];
const KMALLOC: readonly MemoryFamily[] = ['slab', 'bitmap'];
const EVERY_SLAB: readonly MemoryFamily[] = [...KMALLOC, 'cache'];
const EVERY_KV: readonly MemoryFamily[] = ['kv', 'vmalloc'];

/** What frees what. A function that is absent here frees something the analysis makes no statement about. */
export const FREE_FUNCTIONS: readonly FunctionRow[] = [
  ...frees('kfree kfree_const', KMALLOC, 0, SLAB, { until: WITHOUT_SLOB }),
  ...frees('kfree kfree_const', EVERY_SLAB, 0, SLAB, { since: WITHOUT_SLOB }),
  ...frees('kfree_sensitive', EVERY_SLAB, 0, SLAB, { since: [[5, 10]] }),
  ...frees('kzfree', EVERY_SLAB, 0, 'include/linux/slab.h (4.4 to 5.9)', { until: [[5, 10]] }),
  // vfree() inside may sleep, but only for vmalloc memory, and it may be called from interrupts.
  ...frees('kvfree', [...EVERY_SLAB, ...EVERY_KV], 0, 'mm/util.c (6.1, 6.12)', { sleeps: 'unknown' }),
  ...frees('kvfree_sensitive', [...EVERY_SLAB, ...EVERY_KV], 0, 'mm/util.c (6.1, 6.12)', { sleeps: 'unknown', since: [[5, 8]] }),
  ...frees('kvfree_atomic', [...EVERY_SLAB, ...EVERY_KV], 0, 'mm/util.c (6.18)', { since: [[6, 18]] }),
  ...frees('vfree', ['vmalloc'], 0, 'mm/vmalloc.c (6.1, 6.12)', { sleeps: 'unknown' }),
  ...frees('vfree_atomic', ['vmalloc'], 0, 'mm/vmalloc.c (6.1, 6.12)'),
  // kernel/rcu/tree.c: one implementation serves all of them and looks at the address.
  ...frees('kfree_rcu kvfree_rcu', [...EVERY_SLAB, ...EVERY_KV], 0, 'include/linux/rcupdate.h (6.1, 6.12)', { sleeps: 'unknown' }),
  ...frees('kfree_rcu_mightsleep kvfree_rcu_mightsleep', [...EVERY_SLAB, ...EVERY_KV], 0, 'include/linux/rcupdate.h (6.12)', {
    sleeps: 'always',
  }),
  ...frees('__free_pages __free_page put_page folio_put __folio_put', ['page'], 0, 'include/linux/gfp.h, mm.h (6.1, 6.12)'),
  ...frees('free_pages free_page', ['page-address'], 0, 'include/linux/gfp.h (6.1, 6.12)'),
  ...frees('free_pages_exact', ['pages-exact'], 0, 'include/linux/gfp.h (6.1, 6.12)'),
  ...frees('free_percpu', ['percpu'], 0, 'mm/percpu.c (6.1, 6.12)'),
  ...frees('kmem_cache_free', ['cache'], 1, SLAB),
  ...frees('mempool_free', ['mempool'], 0, 'mm/mempool.c (6.1, 6.12)'),
  ...frees('bitmap_free', ['bitmap', 'slab'], 0, 'lib/bitmap.c (6.1, 6.12)', { since: [[4, 19]] }),
  ...frees('devm_kfree', ['devm'], 1, 'drivers/base/devres.c (6.1, 6.12)'),
  ...frees('sock_kfree_s sock_kzfree_s', ['sock'], 1, 'net/core/sock.c (6.1, 6.12)'),
  ...frees(
    'kfree_skb consume_skb __kfree_skb kfree_skb_reason nlmsg_free dev_kfree_skb dev_kfree_skb_any dev_kfree_skb_irq dev_consume_skb_any dev_consume_skb_irq ' +
      'napi_consume_skb kfree_skb_list kfree_skb_partial',
    ['skb'],
    0,
    'include/linux/skbuff.h, netdevice.h (6.1, 6.12)',
  ),
  ...frees('usb_free_urb', ['urb'], 0, 'drivers/usb/core/urb.c (6.1, 6.12)'),
  ...frees('usb_free_coherent', ['other'], 2, 'drivers/usb/core/usb.c (6.1, 6.12)'),
  ...frees('bio_put', ['bio'], 0, 'block/bio.c (6.1, 6.12)'),
  ...frees('dma_free_coherent dma_free_attrs dma_free_wc dma_free_noncoherent', ['dma'], 2, 'include/linux/dma-mapping.h (6.1, 6.12)', {
    sleeps: 'unknown',
  }),
  ...frees('dma_pool_free', ['dma-pool'], 1, 'mm/dmapool.c (6.1, 6.12)'),
];
