import type { FunctionRow } from './rows';
import { array, bytes, order, takesMask, words } from './rows';

const DEVRES = 'include/linux/device.h, device/devres.h (6.1, 6.12)';
const ZERO = ['__GFP_ZERO'];
const managed = { allocates: 'devm', failure: 'null', contiguous: true } as const;
const ownedByDrm = { failure: 'null', contiguous: true } as const;
const KUNIT = 'include/kunit/test.h (6.1, 6.12)';
const DRM = 'include/drm/drm_managed.h (6.1, 6.12)';

/** Memory that is freed with its owner: a device, a DRM device, a test. */
export const MANAGED_FUNCTIONS: readonly FunctionRow[] = [
  takesMask('devm_kmalloc', 2, DEVRES, { ...managed, size: bytes(1) }),
  takesMask('devm_kzalloc', 2, DEVRES, { ...managed, size: bytes(1), adds: ZERO }),
  takesMask('devm_kmalloc_array', 3, DEVRES, { ...managed, size: array(1, 2) }),
  takesMask('devm_kcalloc', 3, DEVRES, { ...managed, size: array(1, 2), adds: ZERO }),
  takesMask('devm_krealloc', 3, DEVRES, { ...managed, size: bytes(2), since: [[5, 10]] }),
  takesMask('devm_krealloc_array', 4, 'include/linux/device/devres.h (6.12)', { ...managed, size: array(2, 3), since: [[6, 8]] }),
  takesMask('devm_kmemdup', 3, DEVRES, { ...managed, size: bytes(2) }),
  takesMask('devm_kmemdup_array', 4, 'include/linux/device/devres.h (6.12.117)', {
    ...managed,
    size: array(2, 3),
    since: [
      [6, 14],
      [6, 12, 117],
    ],
  }),
  takesMask('devm_kstrdup', 2, DEVRES, managed),
  takesMask('devm_kstrdup_const', 2, DEVRES, managed),
  takesMask('devm_kasprintf', 1, DEVRES, managed),
  takesMask('devm_kvasprintf', 1, DEVRES, managed),
  takesMask('devm_bitmap_alloc', 2, 'include/linux/bitmap.h (6.1, 6.12)', { failure: 'null', since: [[5, 13]] }),
  takesMask('devm_bitmap_zalloc', 2, 'include/linux/bitmap.h (6.1, 6.12)', { failure: 'null', adds: ZERO, since: [[5, 13]] }),
  takesMask('devm_get_free_pages', 1, DEVRES, { failure: 'null', contiguous: true, size: order(2) }),
  takesMask('drmm_kmalloc', 2, DRM, { ...ownedByDrm, size: bytes(1), since: [[5, 8]] }),
  takesMask('drmm_kzalloc', 2, DRM, { ...ownedByDrm, size: bytes(1), adds: ZERO, since: [[5, 8]] }),
  takesMask('drmm_kmalloc_array', 3, DRM, { ...ownedByDrm, size: array(1, 2), since: [[5, 8]] }),
  takesMask('drmm_kcalloc', 3, DRM, { ...ownedByDrm, size: array(1, 2), adds: ZERO, since: [[5, 8]] }),
  takesMask('drmm_kstrdup', 2, DRM, { failure: 'null', since: [[5, 8]] }),
  ...words('kunit_kmalloc kunit_kzalloc').map((name) =>
    takesMask(name, 2, KUNIT, { failure: 'null', size: bytes(1), ...(name.endsWith('zalloc') ? { adds: ZERO } : {}) }),
  ),
  ...words('kunit_kmalloc_array kunit_kcalloc').map((name) =>
    takesMask(name, 3, KUNIT, { failure: 'null', size: array(1, 2), ...(name.endsWith('calloc') ? { adds: ZERO } : {}) }),
  ),
];
