import type { FunctionRow } from './rows';
import { allWithoutMask, array, bytes, order, takesMask, withoutMask } from './rows';

const GFP = 'include/linux/gfp.h (6.1, 6.12)';
const VMALLOC = 'include/linux/vmalloc.h (6.1, 6.12)';
const page = { allocates: 'page', failure: 'null', contiguous: true } as const;
const address = { allocates: 'page-address', failure: 'null', contiguous: true } as const;
const exact = { allocates: 'pages-exact', failure: 'null', contiguous: true } as const;
const vmalloc = { allocates: 'vmalloc', failure: 'null' } as const;
const folio = { ...page, adds: ['__GFP_COMP'] } as const;

const PAGES: readonly FunctionRow[] = [
  takesMask('alloc_pages', 0, GFP, { ...page, size: order(1) }),
  takesMask('alloc_page', 0, GFP, page),
  takesMask('alloc_pages_node', 1, GFP, { ...page, size: order(2) }),
  takesMask('__alloc_pages_node', 1, GFP, { ...page, size: order(2) }),
  takesMask('__alloc_pages', 0, GFP, { ...page, size: order(1) }),
  takesMask('folio_alloc', 0, GFP, { ...folio, size: order(1), since: [[5, 16]] }),
  takesMask('__folio_alloc', 0, GFP, { ...folio, size: order(1), since: [[5, 16]] }),
  takesMask('__folio_alloc_node', 0, GFP, { ...folio, size: order(1), since: [[5, 18]] }),
  takesMask('filemap_alloc_folio', 0, 'include/linux/pagemap.h (6.1, 6.12)', { ...folio, size: order(1), since: [[5, 16]] }),
  takesMask('__page_cache_alloc', 0, 'include/linux/pagemap.h (6.1, 6.12)', page),
  takesMask('__dev_alloc_pages', 0, 'include/linux/skbuff.h (6.1, 6.12)', {
    ...page,
    size: order(1),
    adds: ['__GFP_COMP', '__GFP_MEMALLOC'],
  }),
  takesMask('__dev_alloc_page', 0, 'include/linux/skbuff.h (6.1, 6.12)', { ...page, adds: ['__GFP_COMP', '__GFP_MEMALLOC'] }),
  withoutMask('dev_alloc_pages', 'include/linux/skbuff.h (6.1, 6.12)', {
    ...page,
    size: order(0),
    fixedMask: ['GFP_ATOMIC', '__GFP_NOWARN'],
    sleeps: 'never',
  }),
  withoutMask('dev_alloc_page', 'include/linux/skbuff.h (6.1, 6.12)', {
    ...page,
    fixedMask: ['GFP_ATOMIC', '__GFP_NOWARN'],
    sleeps: 'never',
  }),
  takesMask('__get_free_pages', 0, GFP, { ...address, size: order(1) }),
  takesMask('__get_free_page', 0, GFP, address),
  takesMask('get_zeroed_page', 0, GFP, { ...address, adds: ['__GFP_ZERO'] }),
  takesMask('__get_dma_pages', 0, GFP, { ...address, size: order(1), adds: ['GFP_DMA'] }),
  takesMask('alloc_pages_exact', 1, GFP, { ...exact, size: bytes(0) }),
  takesMask('alloc_pages_exact_nid', 2, GFP, { ...exact, size: bytes(1) }),
];

const VIRTUAL: readonly FunctionRow[] = [
  takesMask('__vmalloc', 1, VMALLOC, { ...vmalloc, size: bytes(0) }),
  takesMask('__vmalloc_node', 2, VMALLOC, { ...vmalloc, size: bytes(0) }),
  takesMask('__vmalloc_node_range', 4, VMALLOC, { ...vmalloc, size: bytes(0) }),
  takesMask('__vmalloc_array', 2, VMALLOC, { ...vmalloc, size: array(0, 1), since: [[5, 18]] }),
  takesMask('__vcalloc', 2, VMALLOC, { ...vmalloc, size: array(0, 1), adds: ['__GFP_ZERO'], since: [[5, 18]] }),
  takesMask('vmalloc_huge', 1, VMALLOC, { ...vmalloc, size: bytes(0), since: [[5, 18]] }),
  takesMask('vrealloc', 2, 'include/linux/vmalloc.h (6.12)', { ...vmalloc, size: bytes(1), since: [[6, 12]] }),
  ...allWithoutMask('vmalloc vmalloc_node vmalloc_32', VMALLOC, {
    ...vmalloc,
    size: bytes(0),
    fixedMask: ['GFP_KERNEL'],
    sleeps: 'always',
  }),
  ...allWithoutMask('vzalloc vzalloc_node vmalloc_user vmalloc_32_user', VMALLOC, {
    ...vmalloc,
    size: bytes(0),
    fixedMask: ['GFP_KERNEL', '__GFP_ZERO'],
    sleeps: 'always',
  }),
  withoutMask('vmalloc_array', VMALLOC, { ...vmalloc, size: array(0, 1), fixedMask: ['GFP_KERNEL'], sleeps: 'always', since: [[5, 18]] }),
  withoutMask('vcalloc', VMALLOC, {
    ...vmalloc,
    size: array(0, 1),
    fixedMask: ['GFP_KERNEL', '__GFP_ZERO'],
    sleeps: 'always',
    since: [[5, 18]],
  }),
];

const PERCPU: readonly FunctionRow[] = [
  takesMask('alloc_percpu_gfp', 1, 'include/linux/percpu.h (6.1, 6.12)', { allocates: 'percpu', failure: 'null' }),
  takesMask('__alloc_percpu_gfp', 2, 'include/linux/percpu.h (6.1, 6.12)', { allocates: 'percpu', failure: 'null', size: bytes(0) }),
  withoutMask('alloc_percpu', 'include/linux/percpu.h (6.1, 6.12)', {
    allocates: 'percpu',
    failure: 'null',
    fixedMask: ['GFP_KERNEL'],
    sleeps: 'always',
  }),
  takesMask('__netdev_alloc_pcpu_stats', 1, 'include/linux/netdevice.h (6.1, 6.12)', { allocates: 'percpu', failure: 'null' }),
  withoutMask('netdev_alloc_pcpu_stats', 'include/linux/netdevice.h (6.1, 6.12)', {
    allocates: 'percpu',
    failure: 'null',
    fixedMask: ['GFP_KERNEL'],
    sleeps: 'always',
  }),
  withoutMask('__alloc_percpu', 'include/linux/percpu.h (6.1, 6.12)', {
    allocates: 'percpu',
    failure: 'null',
    size: bytes(0),
    fixedMask: ['GFP_KERNEL'],
    sleeps: 'always',
  }),
];

export const PAGE_FUNCTIONS: readonly FunctionRow[] = [...PAGES, ...VIRTUAL, ...PERCPU];
