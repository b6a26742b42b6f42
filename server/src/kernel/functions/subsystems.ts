import type { FunctionRow } from './rows';
import { allWithoutMask, bytes, takesMask, withoutMask, words } from './rows';

const SKB = 'include/linux/skbuff.h (6.1, 6.12)';
const USB = 'include/linux/usb.h (6.1, 6.12)';
const DMA = 'include/linux/dma-mapping.h (6.1, 6.12)';
const BIO = 'include/linux/bio.h (6.1, 6.12)';
const skb = { allocates: 'skb', failure: 'null' } as const;
const atomicSkb = { ...skb, fixedMask: ['GFP_ATOMIC'], sleeps: 'never' } as const;
const dma = { allocates: 'dma', failure: 'null' } as const;
const bio = { allocates: 'bio', failure: 'null' } as const;

const NETWORK: readonly FunctionRow[] = [
  takesMask('alloc_skb', 1, SKB, { ...skb, size: bytes(0) }),
  takesMask('alloc_skb_fclone', 1, SKB, { ...skb, size: bytes(0) }),
  takesMask('__alloc_skb', 1, SKB, { ...skb, size: bytes(0) }),
  takesMask('__dev_alloc_skb', 1, SKB, { ...skb, size: bytes(0) }),
  takesMask('__netdev_alloc_skb', 2, SKB, { ...skb, size: bytes(1) }),
  takesMask('__netdev_alloc_skb_ip_align', 2, SKB, { ...skb, size: bytes(1) }),
  ...words('skb_clone skb_copy pskb_copy').map((name) => takesMask(name, 1, SKB, skb)),
  takesMask('skb_copy_expand', 3, SKB, skb),
  // They free the buffer they are given, or hand back the same one.
  ...words('skb_share_check skb_unshare').map((name) => takesMask(name, 1, SKB, { failure: 'null' })),
  withoutMask('dev_alloc_skb', SKB, { ...atomicSkb, size: bytes(0) }),
  ...allWithoutMask('netdev_alloc_skb netdev_alloc_skb_ip_align napi_alloc_skb', SKB, { ...atomicSkb, size: bytes(1) }),
  takesMask('nlmsg_new', 1, 'include/net/netlink.h (6.1, 6.12)', { ...skb, size: bytes(0) }),
  takesMask('genlmsg_new', 1, 'include/net/genetlink.h (6.1, 6.12)', { ...skb, size: bytes(0) }),
  // They leave the work, and the allocation, to a work item: the mask is not looked at.
  ...words('cfg80211_cqm_rssi_notify ieee80211_cqm_rssi_notify').flatMap((name) => [
    takesMask(name, 3, 'net/wireless/nl80211.c, net/mac80211/mlme.c (6.1.192, 6.12)', { sleeps: 'never', since: [[6, 1]] }),
    takesMask(name, 3, 'include/net/cfg80211.h, include/net/mac80211.h (5.10)', { until: [[6, 1]] }),
  ]),
  takesMask('sock_kmalloc', 2, 'include/net/sock.h (6.1, 6.12)', { allocates: 'sock', failure: 'null', contiguous: true, size: bytes(1) }),
];

const DEVICES: readonly FunctionRow[] = [
  takesMask('dma_alloc_coherent', 3, DMA, { ...dma, size: bytes(1) }),
  takesMask('dma_alloc_attrs', 3, DMA, { ...dma, size: bytes(1) }),
  takesMask('dma_alloc_wc', 3, DMA, { ...dma, size: bytes(1) }),
  takesMask('dma_alloc_noncoherent', 4, DMA, { ...dma, size: bytes(1), since: [[5, 10]] }),
  takesMask('dmam_alloc_coherent', 3, DMA, { failure: 'null', size: bytes(1) }),
  takesMask('dmam_alloc_attrs', 3, DMA, { failure: 'null', size: bytes(1) }),
  takesMask('dma_pool_alloc', 1, 'include/linux/dmapool.h (6.1, 6.12)', { allocates: 'dma-pool', failure: 'null' }),
  takesMask('dma_pool_zalloc', 1, 'include/linux/dmapool.h (6.1, 6.12)', { allocates: 'dma-pool', failure: 'null', adds: ['__GFP_ZERO'] }),
  takesMask('usb_alloc_urb', 1, USB, { allocates: 'urb', failure: 'null' }),
  takesMask('usb_alloc_coherent', 2, USB, { allocates: 'other', failure: 'null', size: bytes(1) }),
  takesMask('usb_submit_urb', 1, USB, { failure: 'errno' }),
  takesMask('sg_alloc_table', 2, 'include/linux/scatterlist.h (6.1, 6.12)', { failure: 'errno' }),
];

const BLOCK: readonly FunctionRow[] = [
  takesMask('bio_alloc', 3, BIO, { ...bio, since: [[5, 18]] }),
  takesMask('bio_alloc', 0, 'include/linux/bio.h (5.17)', { ...bio, until: [[5, 18]] }),
  takesMask('bio_alloc_bioset', 3, BIO, { ...bio, since: [[5, 18]] }),
  takesMask('bio_alloc_bioset', 0, 'include/linux/bio.h (5.17)', { ...bio, until: [[5, 18]] }),
  takesMask('bio_alloc_clone', 2, BIO, { ...bio, since: [[5, 18]] }),
  // From 6.0 on the caller frees it with kfree(), before that with bio_put(): no statement about its free function.
  takesMask('bio_kmalloc', 1, BIO, { failure: 'null', since: [[5, 19]] }),
  takesMask('bio_kmalloc', 0, 'include/linux/bio.h (5.18)', { failure: 'null', until: [[5, 19]] }),
  takesMask('mempool_alloc', 1, 'include/linux/mempool.h (6.1, 6.12)', { allocates: 'mempool', failure: 'null' }),
];

const INDEXES: readonly FunctionRow[] = [
  // lib/xarray.c: the __ forms are called under xa_lock and drop it themselves when the mask lets them sleep.
  ...words('__xa_store __xa_insert').map((name) => takesMask(name, 3, 'include/linux/xarray.h (6.1, 6.12)', { sleeps: 'never' })),
  ...words('__xa_cmpxchg __xa_alloc').map((name) => takesMask(name, 4, 'include/linux/xarray.h (6.1, 6.12)', { sleeps: 'never' })),
  takesMask('__xa_alloc_cyclic', 5, 'include/linux/xarray.h (6.1, 6.12)', { sleeps: 'never' }),
  ...words('xa_store xa_store_bh xa_store_irq xa_insert xa_insert_bh xa_insert_irq').map((name) =>
    takesMask(name, 3, 'include/linux/xarray.h (6.1, 6.12)'),
  ),
  ...words('xa_alloc xa_alloc_bh xa_alloc_irq').map((name) =>
    takesMask(name, 4, 'include/linux/xarray.h (6.1, 6.12)', { failure: 'errno' }),
  ),
  ...words('idr_alloc idr_alloc_cyclic idr_alloc_u32').map((name) =>
    takesMask(name, 4, 'include/linux/idr.h (6.1, 6.12)', { failure: 'errno' }),
  ),
  // lib/maple_tree.c: called under the tree's lock, which they drop to allocate.
  takesMask('mas_store_gfp', 2, 'include/linux/maple_tree.h (6.1, 6.12)', { sleeps: 'never', failure: 'errno' }),
  takesMask('mas_nomem', 1, 'include/linux/maple_tree.h (6.1, 6.12)', { sleeps: 'never' }),
  takesMask('mas_alloc_cyclic', 6, 'include/linux/maple_tree.h (6.12)', { sleeps: 'never', failure: 'errno' }),
  ...words('radix_tree_preload radix_tree_maybe_preload').map((name) =>
    takesMask(name, 0, 'include/linux/radix-tree.h (6.1, 6.12)', { failure: 'errno' }),
  ),
  takesMask('idr_preload', 0, 'include/linux/idr.h (6.1, 6.12)'),
  takesMask('bpf_map_kvcalloc', 3, 'include/linux/bpf.h (6.1, 6.12)', {
    allocates: 'kv',
    failure: 'null',
    size: { kind: 'array', count: 1, element: 2 },
    since: [[6, 1]],
  }),
  takesMask('bpf_map_kzalloc', 2, 'include/linux/bpf.h (6.1, 6.12)', {
    allocates: 'slab',
    failure: 'null',
    size: bytes(1),
    adds: ['__GFP_ZERO'],
    since: [[5, 11]],
  }),
  takesMask('bpf_map_kmalloc_node', 2, 'include/linux/bpf.h (6.1, 6.12)', {
    allocates: 'slab',
    failure: 'null',
    size: bytes(1),
    since: [[5, 11]],
  }),
];

/** Allocations of the network, driver, block and index layers. */
export const SUBSYSTEM_FUNCTIONS: readonly FunctionRow[] = [...NETWORK, ...DEVICES, ...BLOCK, ...INDEXES];
