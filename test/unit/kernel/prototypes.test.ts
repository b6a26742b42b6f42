import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { driverRow } from '../../../server/src/kernel/contexts/callbacks';
import { demandOf, isContiguousMember, onlyNotes } from '../../../server/src/kernel/functions/memoryUses';
import { type KernelFunction, loadModel, parseRelease } from '../../../server/src/kernel/index';

const functionsOf = (release: string) => loadModel({ release: parseRelease(release)! }).functions;

/**
 * Parameters by the names they have in the headers (include/linux/slab.h, gfp.h, vmalloc.h, skbuff.h, xarray.h, idr.h ...): the catalogue must put mask, size,
 * count and element where the kernel has them.
 */
const PROTOTYPES: Readonly<Record<string, readonly string[]>> = {
  '6.12': [
    'kmalloc(bytes, gfp)',
    'kzalloc(bytes, gfp)',
    'kmalloc_node(bytes, gfp, node)',
    'kmalloc_array(count, element, gfp)',
    'kcalloc(count, element, gfp)',
    'krealloc(p, bytes, gfp)',
    'krealloc_array(p, count, element, gfp)',
    'kvmalloc(bytes, gfp)',
    'kvzalloc(bytes, gfp)',
    'kvmalloc_array(count, element, gfp)',
    'kvcalloc(count, element, gfp)',
    'kvrealloc(p, bytes, gfp)',
    'kmem_cache_alloc(cache, gfp)',
    'kmem_cache_zalloc(cache, gfp)',
    'kmem_cache_alloc_node(cache, gfp, node)',
    'kmem_cache_alloc_lru(cache, lru, gfp)',
    'kmem_cache_alloc_bulk(cache, gfp, count_of_objects, objects)',
    'alloc_inode_sb(sb, cache, gfp)',
    'alloc_pages(gfp, order)',
    'alloc_pages_node(node, gfp, order)',
    '__get_free_pages(gfp, order)',
    'alloc_pages_exact(bytes, gfp)',
    'alloc_pages_exact_nid(node, bytes, gfp)',
    'folio_alloc(gfp, order)',
    '__vmalloc(bytes, gfp)',
    '__vmalloc_node(bytes, align, gfp, node, caller)',
    '__vmalloc_node_range(bytes, align, start, end, gfp, prot, flags, node, caller)',
    'vmalloc_array(count, element)',
    'vcalloc(count, element)',
    'vrealloc(p, bytes, gfp)',
    'alloc_percpu_gfp(type, gfp)',
    '__alloc_percpu_gfp(bytes, align, gfp)',
    'alloc_skb(bytes, gfp)',
    '__netdev_alloc_skb(dev, bytes, gfp)',
    'netdev_alloc_skb(dev, bytes)',
    'napi_alloc_skb(napi, bytes)',
    'dev_alloc_skb(bytes)',
    'skb_clone(skb, gfp)',
    'skb_copy(skb, gfp)',
    'pskb_copy(skb, gfp)',
    'skb_copy_expand(skb, headroom, tailroom, gfp)',
    'skb_share_check(skb, gfp)',
    'skb_unshare(skb, gfp)',
    'nlmsg_new(bytes, gfp)',
    'sock_kmalloc(sk, bytes, gfp)',
    'dma_alloc_coherent(dev, bytes, handle, gfp)',
    'dma_alloc_attrs(dev, bytes, handle, gfp, attrs)',
    'dma_alloc_noncoherent(dev, bytes, handle, direction, gfp)',
    'dma_pool_alloc(pool, gfp, handle)',
    'usb_alloc_urb(packets, gfp)',
    'usb_alloc_coherent(dev, bytes, gfp, dma)',
    'usb_submit_urb(urb, gfp)',
    'sg_alloc_table(table, entries, gfp)',
    'bio_alloc(bdev, vectors, flags, gfp)',
    'bio_alloc_clone(bdev, bio, gfp, set)',
    'mempool_alloc(pool, gfp)',
    '__xa_store(xa, index, entry, gfp)',
    '__xa_insert(xa, index, entry, gfp)',
    '__xa_cmpxchg(xa, index, old, entry, gfp)',
    '__xa_alloc(xa, id, entry, limit, gfp)',
    '__xa_alloc_cyclic(xa, id, entry, limit, next, gfp)',
    'xa_store(xa, index, entry, gfp)',
    'xa_store_bh(xa, index, entry, gfp)',
    'xa_insert_irq(xa, index, entry, gfp)',
    'xa_alloc(xa, id, entry, limit, gfp)',
    'xa_alloc_irq(xa, id, entry, limit, gfp)',
    'idr_alloc(idr, pointer, start, end, gfp)',
    'idr_alloc_cyclic(idr, pointer, start, end, gfp)',
    'idr_alloc_u32(idr, pointer, id, max, gfp)',
    'idr_preload(gfp)',
    'radix_tree_preload(gfp)',
    'radix_tree_maybe_preload(gfp)',
    'mas_store_gfp(mas, entry, gfp)',
    'mas_nomem(mas, gfp)',
    'bpf_map_kvcalloc(map, count, element, gfp)',
    'bpf_map_kzalloc(map, bytes, gfp)',
    'kmemdup(from, bytes, gfp)',
    'kmemdup_array(from, count, element, gfp)',
    'kstrdup(text, gfp)',
    'kstrndup(text, most, gfp)',
    'kasprintf(gfp, format, rest)',
    'kunit_kmalloc(test, bytes, gfp)',
    'kunit_kzalloc(test, bytes, gfp)',
    'kunit_kmalloc_array(test, count, element, gfp)',
    'kunit_kcalloc(test, count, element, gfp)',
    'devm_kmalloc(dev, bytes, gfp)',
    'devm_kcalloc(dev, count, element, gfp)',
    'devm_krealloc(dev, p, bytes, gfp)',
    'devm_kmemdup(dev, from, bytes, gfp)',
    'devm_kstrdup(dev, text, gfp)',
    'devm_kasprintf(dev, gfp, format, rest)',
  ],
  '7.0': [
    'kmalloc_obj(object, gfp)',
    'kzalloc_obj(object, gfp)',
    'kvmalloc_obj(object, gfp)',
    'kmalloc_objs(object, count, gfp)',
    'kvzalloc_objs(object, count, gfp)',
    'kmalloc_flex(object, flex, count, gfp)',
    'kvzalloc_flex(object, flex, count, gfp)',
  ],
  '6.9': ['kmemdup_array(from, element, count, gfp)'],
  '5.17': ['bio_alloc(gfp, vectors)', 'bio_alloc_bioset(gfp, vectors, set)', 'bio_kmalloc(gfp, vectors)'],
};

/** The parameters that mean something, as `name position`; what the catalogue does not say is left out. */
function placesOf({ gfp, size }: KernelFunction): Readonly<Record<string, number>> {
  const places: Record<string, number> = gfp === undefined ? {} : { gfp };
  if (size?.kind === 'bytes') places.bytes = size.arg;
  else if (size?.kind === 'array') Object.assign(places, { count: size.count, element: size.element });
  else if (size?.kind === 'order') places.order = size.arg;
  else if (size?.kind === 'object') {
    places.object = size.arg;
    if (size.flex !== undefined) places.flex = size.flex;
    if (size.count !== undefined) places.count = size.count;
  }
  return places;
}

describe('parameters stand where the prototypes have them', () => {
  for (const [release, prototypes] of Object.entries(PROTOTYPES)) {
    const functions = functionsOf(release);
    for (const prototype of prototypes) {
      test(`${release}: ${prototype}`, () => {
        const [, name, list] = /^(\w+)\((.*)\)$/.exec(prototype)!;
        const parameters = list!.split(', ');
        const row = functions.get(name!);
        assert.ok(row !== undefined, 'not in the catalogue');
        const known = placesOf(row);
        for (const [meaning, position] of Object.entries(known)) assert.equal(parameters[position], meaning);
        assert.equal('gfp' in known, parameters.includes('gfp'));
        for (const meaning of ['count', 'element', 'order', 'object', 'flex'])
          if (parameters.includes(meaning)) assert.ok(meaning in known, meaning);
      });
    }
  }
});

test('flags that a function adds', () => {
  const adds = (release: string, ...names: string[]) => names.map((name) => functionsOf(release).get(name)?.adds ?? []);
  assert.deepEqual(
    adds('6.12', 'kmalloc', 'kzalloc', 'kmem_cache_zalloc', 'get_zeroed_page', '__get_dma_pages', 'kunit_kmalloc', 'kunit_kzalloc'),
    [[], ['__GFP_ZERO'], ['__GFP_ZERO'], ['__GFP_ZERO'], ['GFP_DMA'], [], ['__GFP_ZERO']],
  );
  assert.deepEqual(adds('7.0', 'kmalloc_obj', 'kzalloc_obj'), [[], ['__GFP_ZERO']]);
});

test('functions whose mask decides, that never sleep, and that always may', () => {
  const { get } = functionsOf('6.12');
  const sleeps = (...names: string[]) => names.map((name) => get(name)?.sleeps);
  assert.deepEqual(sleeps('kmalloc', 'xa_store', 'idr_alloc', 'usb_submit_urb'), ['mask', 'mask', 'mask', 'mask']);
  assert.deepEqual(sleeps('__xa_store', '__xa_alloc', '__xa_cmpxchg', 'mas_store_gfp', 'netdev_alloc_skb'), Array(5).fill('never'));
  assert.deepEqual(sleeps('vmalloc', 'vzalloc', 'alloc_percpu', 'vcalloc'), Array(4).fill('always'));
});

test('masks that moved between 6.1 and 6.2', () => {
  const position = (name: string) => ['6.1', '6.2', '6.12'].map((release) => functionsOf(release).get(name)?.gfp);
  assert.deepEqual(
    [position('tcp_stream_alloc_skb'), position('__genradix_ptr_alloc')],
    [
      [2, 1, 1],
      [2, 3, 3],
    ],
  );
});

test('functions that only one of the two sampled releases has', () => {
  const names = (release: string) => new Set(functionsOf(release).all.map(({ name }) => name));
  const [early, before, late, after] = ['5.10', '6.11', '6.12', '6.19'].map(names) as [Set<string>, Set<string>, Set<string>, Set<string>];
  // include/linux/slab.h
  const has = (name: string) => [early, before, late, after].map((all) => all.has(name));
  assert.deepEqual(
    [has('kmalloc_trace'), has('__kmalloc_cache_noprof')],
    [
      [true, true, false, false],
      [false, false, true, true],
    ],
  );
  const lost = [...before].filter((name) => !late.has(name));
  assert.ok(lost.length > 5 && lost.every((name) => early.has(name) && !after.has(name)), lost.join(' '));
});

describe('what a function does with memory whose address it gets', () => {
  test('one physical block, bytes one after the other, or unknown', () => {
    for (const name of ['virt_to_page', 'sg_set_buf', 'dma_map_single']) assert.equal(demandOf(name, false), 'contiguous', name);
    for (const name of ['memcpy', 'memset', 'copy_from_user', 'snprintf']) assert.equal(demandOf(name, false), 'bytes', name);
    assert.equal(demandOf('ring_start', false), 'unknown');
  });

  test('members that hand it to a device', () => {
    for (const key of ['struct urb.transfer_buffer', 'struct spi_transfer.tx_buf', 'anon.transfer_buffer', 'struct x.kobj.name'])
      assert.equal(isContiguousMember(key), true, key);
    for (const key of ['struct ring.buf', 'struct urb.context']) assert.equal(isContiguousMember(key), false, key);
  });

  test('functions that take note of it only', () => {
    for (const name of ['dev_set_drvdata', 'platform_set_drvdata', 'pr_info', 'dev_err', 'kmemleak_ignore'])
      assert.equal(onlyNotes(name), true, name);
    for (const name of ['kfree', 'dev_get_drvdata']) assert.equal(onlyNotes(name), false, name);
  });
});

describe('callbacks', () => {
  const { contexts } = loadModel({ release: parseRelease('6.12')! });
  const row = (owner: string, slot: number | string) => contexts.callbacks.find((one) => one.owner === owner && one.slot === slot)!;

  test('where they run, and whether they may sleep', () => {
    assert.deepEqual(
      [
        row('timer_setup', 1),
        row('INIT_WORK', 1),
        row('request_irq', 1),
        row('request_threaded_irq', 1),
        row('request_threaded_irq', 2),
        row('call_rcu', 1),
        row('raw_notifier_chain_register', 1),
      ].map(({ kind, context, maySleep }) => [kind, context, maySleep]),
      [
        ['register', 'softirq', false],
        ['register', 'process', true],
        ['register', 'hardirq', false],
        ['register', 'hardirq', false],
        ['register', 'process', true],
        ['register', 'softirq', false],
        ['register', 'varies', undefined],
      ],
    );
  });

  test('what excuses one from not sleeping: a flag or a member', () => {
    const excused = (owner: string, slot: string) => row(owner, slot).excusedBy;
    assert.deepEqual(
      [
        excused('blk_mq_ops', 'queue_rq'),
        excused('snd_pcm_ops', 'trigger'),
        excused('gpio_chip', 'set'),
        excused('net_device_ops', 'ndo_start_xmit'),
      ],
      ['BLK_MQ_F_BLOCKING', 'nonatomic', 'can_sleep', undefined],
    );
    // Those that are registered by a call have no such flag to look at.
    assert.equal(row('request_irq', 1).excusedBy, undefined);
  });

  test('those that reclaim waits for', () => {
    assert.deepEqual(
      [
        row('blk_mq_ops', 'queue_rq'),
        row('super_operations', 'evict_inode'),
        row('usb_driver', 'pre_reset'),
        row('net_device_ops', 'ndo_open'),
      ].map(({ reclaim }) => reclaim),
      ['io', 'fs', 'io', undefined],
    );
    assert.equal(row('request_irq', 1).reclaim, undefined);
  });

  test('probe and its kin in the driver structure of any bus', () => {
    assert.deepEqual(
      [driverRow('foo_driver', 'probe')?.maySleep, driverRow('foo_driver', 'irq'), driverRow('foo_ops', 'probe')],
      [true, undefined, undefined],
    );
  });

  test('initcalls and exit functions run in the first task and in modprobe, certainly', () => {
    const found = ['device_initcall', 'module_exit'].map((owner) => row(owner, 0));
    assert.deepEqual(
      found.map(({ context, maySleep, certain }) => [context, maySleep, certain]),
      [
        ['process', true, true],
        ['process', true, true],
      ],
    );
  });

  test('those of which the context is not certain', () => {
    const certain = (owner: string, slot: number | string) => row(owner, slot).certain;
    assert.deepEqual(
      [
        certain('request_irq', 1),
        certain('bio', 'bi_end_io'),
        certain('request_any_context_irq', 1),
        certain('tty_operations', 'write'),
        certain('urb', 'complete'),
        certain('usb_fill_bulk_urb', 5),
        certain('dma_device', 'device_prep_slave_sg'),
        certain('ib_device_ops', 'poll_cq'),
      ],
      [true, false, false, false, true, true, true, false],
    );
  });
});
