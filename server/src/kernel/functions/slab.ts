import type { FunctionRow } from './rows';
import { array, bytes, takesMask } from './rows';

const SLAB = 'include/linux/slab.h (6.1, 6.12)';
const OBJECTS = 'include/linux/slab.h (6.12.117, 7.0)';
const ZERO = ['__GFP_ZERO'];
const kmalloc = { allocates: 'slab', failure: 'null', contiguous: true } as const;
const kvmalloc = { allocates: 'kv', failure: 'null', since: [[4, 12]] } as const satisfies Partial<FunctionRow>;
const cache = { allocates: 'cache', failure: 'null' } as const;

const BY_SIZE: readonly FunctionRow[] = [
  takesMask('kmalloc', 1, SLAB, { ...kmalloc, size: bytes(0), kvForm: 'kvmalloc' }),
  takesMask('kzalloc', 1, SLAB, { ...kmalloc, size: bytes(0), adds: ZERO, kvForm: 'kvzalloc' }),
  takesMask('kmalloc_node', 1, SLAB, { ...kmalloc, size: bytes(0), kvForm: 'kvmalloc_node' }),
  takesMask('kzalloc_node', 1, SLAB, { ...kmalloc, size: bytes(0), adds: ZERO, kvForm: 'kvzalloc_node' }),
  takesMask('kmalloc_array', 2, SLAB, { ...kmalloc, size: array(0, 1), kvForm: 'kvmalloc_array' }),
  takesMask('kcalloc', 2, SLAB, { ...kmalloc, size: array(0, 1), adds: ZERO, kvForm: 'kvcalloc' }),
  takesMask('kmalloc_array_node', 2, SLAB, { ...kmalloc, size: array(0, 1) }),
  takesMask('kcalloc_node', 2, SLAB, { ...kmalloc, size: array(0, 1), adds: ZERO, kvForm: 'kvcalloc_node' }),
  takesMask('krealloc', 2, SLAB, { ...kmalloc, size: bytes(1) }),
  takesMask('krealloc_array', 3, SLAB, { ...kmalloc, size: array(1, 2), since: [[5, 11]] }),
  takesMask('__kmalloc', 1, SLAB, { ...kmalloc, size: bytes(0) }),
  takesMask('__kmalloc_node', 1, SLAB, { ...kmalloc, size: bytes(0) }),
  takesMask('kmalloc_track_caller', 1, SLAB, { ...kmalloc, size: bytes(0) }),
  takesMask('kmalloc_node_track_caller', 1, SLAB, { ...kmalloc, size: bytes(0) }),
  takesMask('kmalloc_large', 1, SLAB, { ...kmalloc, size: bytes(0) }),
  takesMask('kmalloc_nolock', 1, 'include/linux/slab.h (6.18)', { ...kmalloc, size: bytes(0), sleeps: 'never', since: [[6, 18]] }),
];

const FALLING_BACK: readonly FunctionRow[] = [
  takesMask('kvmalloc', 1, SLAB, { ...kvmalloc, size: bytes(0) }),
  takesMask('kvzalloc', 1, SLAB, { ...kvmalloc, size: bytes(0), adds: ZERO }),
  takesMask('kvmalloc_node', 1, SLAB, { ...kvmalloc, size: bytes(0) }),
  takesMask('kvzalloc_node', 1, SLAB, { ...kvmalloc, size: bytes(0), adds: ZERO }),
  takesMask('kvmalloc_array', 2, SLAB, { ...kvmalloc, size: array(0, 1) }),
  takesMask('kvcalloc', 2, SLAB, { ...kvmalloc, size: array(0, 1), adds: ZERO, since: [[4, 18]] }),
  takesMask('kvmalloc_array_node', 2, 'include/linux/slab.h (6.12)', { ...kvmalloc, size: array(0, 1), since: [[6, 11]] }),
  takesMask('kvcalloc_node', 2, 'include/linux/slab.h (6.12)', { ...kvmalloc, size: array(0, 1), adds: ZERO, since: [[6, 11]] }),
  takesMask('kvrealloc', 3, SLAB, { ...kvmalloc, size: bytes(2), since: [[5, 15]], until: [[6, 12]] }),
  takesMask('kvrealloc', 2, 'include/linux/slab.h (6.12)', { ...kvmalloc, size: bytes(1), since: [[6, 12]] }),
];

const CACHES: readonly FunctionRow[] = [
  takesMask('kmem_cache_alloc', 1, SLAB, cache),
  takesMask('kmem_cache_zalloc', 1, SLAB, { ...cache, adds: ZERO }),
  takesMask('kmem_cache_alloc_node', 1, SLAB, cache),
  takesMask('kmem_cache_alloc_lru', 2, SLAB, { ...cache, since: [[5, 18]] }),
  takesMask('alloc_inode_sb', 2, 'include/linux/fs.h (6.1, 6.12)', { ...cache, since: [[5, 18]] }),
  takesMask('kmem_cache_alloc_bulk', 1, SLAB, { failure: 'errno' }),
];

/** The object macros: the type gives the size, the mask may be left out. */
const OBJECT_MACROS: readonly FunctionRow[] = ['kmalloc', 'kzalloc', 'kvmalloc', 'kvzalloc'].flatMap((base) => {
  const fallsBack = base.startsWith('kv');
  const details = {
    gfpOptional: true,
    failure: 'null',
    since: [
      [7, 0],
      [6, 12, 117],
    ],
    ...(base.endsWith('zalloc') ? { adds: ZERO } : {}),
    ...(fallsBack ? { allocates: 'kv' } : { allocates: 'slab', contiguous: true }),
  } as const satisfies Partial<FunctionRow>;
  const kvForm = (suffix: string) => (fallsBack ? {} : { kvForm: `kv${base.slice(1)}${suffix}` });
  return [
    takesMask(`${base}_obj`, 1, OBJECTS, { ...details, ...kvForm('_obj'), size: { kind: 'object', arg: 0 } }),
    takesMask(`${base}_objs`, 2, OBJECTS, { ...details, ...kvForm('_objs'), size: { kind: 'object', arg: 0, count: 1 } }),
    takesMask(`${base}_flex`, 3, OBJECTS, { ...details, ...kvForm('_flex'), size: { kind: 'object', arg: 0, flex: 1, count: 2 } }),
  ];
});

export const SLAB_FUNCTIONS: readonly FunctionRow[] = [...BY_SIZE, ...FALLING_BACK, ...CACHES, ...OBJECT_MACROS];
