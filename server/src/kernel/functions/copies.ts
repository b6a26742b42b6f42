import type { FunctionRow } from './rows';
import { array, bytes, takesMask, withoutMask, words } from './rows';

const STRING = 'include/linux/string.h, sprintf.h (6.1, 6.12)';
const USER = 'include/linux/string.h, mm/util.c (6.1, 6.12)';
const BITMAP = 'include/linux/bitmap.h (6.1, 6.12)';
const text = { allocates: 'slab', failure: 'null', contiguous: true } as const;
const fromUser = { failure: 'err-ptr', sleeps: 'always' } as const;
const bitmap = { allocates: 'bitmap', failure: 'null', since: [[4, 19]] } as const satisfies Partial<FunctionRow>;

/** Copies of memory and text, from the kernel and from user space, and bitmaps. */
export const COPY_FUNCTIONS: readonly FunctionRow[] = [
  takesMask('kmemdup', 2, STRING, { ...text, size: bytes(1), kvForm: 'kvmemdup' }),
  takesMask('kmemdup_nul', 2, STRING, text),
  takesMask('kmemdup_array', 3, 'include/linux/string.h (6.12)', { ...text, size: array(1, 2), since: [[6, 10]] }),
  // "mm/util: Swap kmemdup_array() arguments" (June 2024): the size of an element came first.
  takesMask('kmemdup_array', 3, 'include/linux/string.h (6.8)', { ...text, size: array(2, 1), since: [[6, 8]], until: [[6, 10]] }),
  takesMask('kvmemdup', 2, 'include/linux/string.h (6.12)', { allocates: 'kv', failure: 'null', size: bytes(1), since: [[6, 4]] }),
  ...words('kstrdup kstrdup_const kstrdup_quotable').map((name) => takesMask(name, 1, STRING, text)),
  takesMask('kstrndup', 2, STRING, text),
  takesMask('kstrdup_and_replace', 3, 'include/linux/string_helpers.h (6.12)', { ...text, since: [[6, 6]] }),
  ...words('kasprintf kvasprintf kvasprintf_const').map((name) => takesMask(name, 0, STRING, text)),
  takesMask('nla_memdup', 1, 'include/net/netlink.h (6.1, 6.12)', text),
  takesMask('nla_strdup', 1, 'include/net/netlink.h (6.1, 6.12)', text),
  withoutMask('memdup_user', USER, {
    ...fromUser,
    allocates: 'slab',
    contiguous: true,
    size: bytes(1),
    fixedMask: ['GFP_USER', '__GFP_NOWARN'],
    kvForm: 'vmemdup_user',
  }),
  withoutMask('memdup_user_nul', USER, { ...fromUser, allocates: 'slab', contiguous: true, size: bytes(1), fixedMask: ['GFP_KERNEL'] }),
  withoutMask('strndup_user', USER, { ...fromUser, allocates: 'slab', fixedMask: ['GFP_USER', '__GFP_NOWARN'] }),
  withoutMask('vmemdup_user', USER, { ...fromUser, allocates: 'kv', size: bytes(1), fixedMask: ['GFP_USER'], since: [[4, 16]] }),
  withoutMask('memdup_array_user', 'include/linux/string.h (6.12)', {
    ...fromUser,
    allocates: 'slab',
    contiguous: true,
    size: array(1, 2),
    fixedMask: ['GFP_USER', '__GFP_NOWARN'],
    kvForm: 'vmemdup_array_user',
    since: [
      [6, 7],
      [6, 1, 192],
    ],
  }),
  withoutMask('vmemdup_array_user', 'include/linux/string.h (6.12)', {
    ...fromUser,
    allocates: 'kv',
    size: array(1, 2),
    fixedMask: ['GFP_USER'],
    since: [
      [6, 7],
      [6, 1, 192],
    ],
  }),
  takesMask('bitmap_alloc', 1, BITMAP, bitmap),
  takesMask('bitmap_zalloc', 1, BITMAP, { ...bitmap, adds: ['__GFP_ZERO'] }),
  takesMask('bitmap_alloc_node', 1, BITMAP, { ...bitmap, since: [[5, 16]] }),
  takesMask('bitmap_zalloc_node', 1, BITMAP, { ...bitmap, adds: ['__GFP_ZERO'], since: [[5, 16]] }),
];
