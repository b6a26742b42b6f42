import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { KernelModel } from '../../../server/src/kernel/index';
import { ATOMIC_RESOURCES, loadModel, parseRelease, sampledReleases } from '../../../server/src/kernel/index';

const of = (release: string) => loadModel({ release: parseRelease(release)! });
const models: readonly KernelModel[] = sampledReleases.map((release) => loadModel({ release }));

test('kmalloc and its relatives', () => {
  const { functions } = of('6.12');
  const kcalloc = functions.get('kcalloc');
  assert.deepEqual(
    [
      kcalloc?.gfp,
      kcalloc?.sleeps,
      kcalloc?.allocates,
      kcalloc?.adds,
      kcalloc?.size,
      kcalloc?.kvForm,
      kcalloc?.contiguous,
      kcalloc?.failure,
    ],
    [2, 'mask', 'slab', ['__GFP_ZERO'], { kind: 'array', count: 0, element: 1 }, 'kvcalloc', true, 'null'],
  );
  assert.deepEqual(functions.get('devm_kzalloc')?.size, { kind: 'bytes', arg: 1 });
  assert.equal(functions.get('memdup_user')?.failure, 'err-ptr');
  assert.equal(functions.get('vmalloc')?.sleeps, 'always');
  assert.equal(functions.get('netdev_alloc_skb')?.sleeps, 'never');
  assert.equal(functions.get('gfpflags_allow_blocking')?.sleeps, 'never');
  assert.deepEqual([functions.get('__xa_store')?.sleeps, functions.get('xa_store')?.sleeps], ['never', 'mask']);
  assert.deepEqual(functions.get('dma_free_coherent')?.frees, { families: ['dma'], arg: 2 });
  assert.equal(functions.get('no_such_function'), undefined);
});

test('functions come and go with releases', () => {
  assert.equal(of('4.9').functions.get('kvmalloc'), undefined);
  assert.equal(of('4.9').functions.get('kcalloc')?.kvForm, undefined);
  assert.equal(of('4.14').functions.get('kmalloc')?.kvForm, 'kvmalloc');
  assert.equal(of('4.14').functions.get('kcalloc')?.kvForm, undefined);
  assert.deepEqual(of('6.1').functions.get('kvrealloc')?.size, { kind: 'bytes', arg: 2 });
  assert.deepEqual(of('6.12').functions.get('kvrealloc')?.size, { kind: 'bytes', arg: 1 });
  assert.deepEqual([of('5.17').functions.get('bio_alloc')?.gfp, of('6.1').functions.get('bio_alloc')?.gfp], [0, 3]);
  const objects = ['6.12.0', '6.12.117', '6.18', '7.0'].map((release) => of(release).functions.get('kzalloc_objs')?.kvForm);
  assert.deepEqual(objects, [undefined, 'kvzalloc_objs', undefined, 'kvzalloc_objs']);
  assert.equal(of('6.1').functions.get('kfree')?.frees?.families.includes('cache'), false);
  assert.equal(of('6.4').functions.get('kfree')?.frees?.families.includes('cache'), true);
});

test('every row of every release is consistent', () => {
  for (const model of models) {
    for (const row of model.functions.all) {
      const where = `${row.name} on ${model.label}`;
      assert.equal(model.functions.get(row.name), row, where);
      if (row.kvForm !== undefined) assert.notEqual(model.functions.get(row.kvForm), undefined, where);
      if (row.sleeps === 'mask') assert.notEqual(row.gfp, undefined, where);
      if (row.gfpOptional) assert.notEqual(row.gfp, undefined, where);
      for (const name of [...(row.adds ?? []), ...(row.fixedMask ?? [])])
        if (name !== '__GFP_ACCOUNT')
          assert.ok(model.flags.bits(name) !== undefined || name.startsWith('GFP_PGTABLE'), `${where}: ${name}`);
      assert.match(row.source, /\(.*\d.*\)|include\//, where);
    }
  }
});

test('what is allocated can be freed by something', () => {
  for (const model of models) {
    const freed = new Set(model.functions.all.flatMap((row) => row.frees?.families ?? []));
    for (const row of model.functions.all)
      if (row.allocates !== undefined) assert.ok(freed.has(row.allocates), `${row.name}: ${row.allocates}`);
  }
});

test('lock functions', () => {
  const { contexts } = of('6.12');
  assert.deepEqual(contexts.function('spin_lock_irqsave')?.effects, [
    { resource: 'spinlock', action: 'acquire', instance: 0 },
    { resource: 'irqs-off', action: 'acquire' },
  ]);
  assert.deepEqual(contexts.function('spin_unlock_irq')?.effects[1], { resource: 'irqs-off', action: 'release-all' });
  assert.equal(contexts.function('spin_trylock_bh')?.when, 'nonzero');
  assert.equal(contexts.function('down_trylock')?.when, 'zero');
  assert.equal(contexts.function('mutex_lock_interruptible')?.when, 'zero');
  assert.equal(contexts.function('radix_tree_preload')?.when, 'zero');
  assert.equal(contexts.function('refcount_dec_and_lock')?.effects[0]?.instance, 1);
  assert.equal(contexts.function('pte_offset_map_lock')?.when, 'nonzero');
  assert.equal(of('6.1').contexts.function('pte_offset_map_lock')?.when, 'always');
  assert.equal(contexts.function('snd_pcm_stream_lock_irq'), undefined);
  assert.deepEqual(
    contexts.guard('spinlock_irqsave')?.effects.map((effect) => effect.resource),
    ['spinlock', 'irqs-off'],
  );
  assert.equal(contexts.guard('mutex_intr')?.when, 'nonzero');
  assert.equal(contexts.test('in_interrupt')?.nonzero, 'atomic');
  assert.equal(contexts.test('preemptible')?.zero, 'nothing');
});

test('what is taken by a function can be given back by another', () => {
  for (const model of models) {
    const rows = model.contexts.functions;
    const released = new Set(
      rows.flatMap((row) => row.effects.filter((effect) => effect.action !== 'acquire').map((effect) => effect.resource)),
    );
    for (const row of rows) for (const effect of row.effects) assert.ok(released.has(effect.resource), row.name);
    assert.equal(new Set(rows.map((row) => row.name)).size, rows.length, 'one row per name');
  }
  assert.ok(ATOMIC_RESOURCES.has('rcu') && !ATOMIC_RESOURCES.has('mutex') && !ATOMIC_RESOURCES.has('srcu'));
});

test('callbacks are read on demand', () => {
  const rows = of('6.12').contexts.callbacks;
  assert.ok(rows.length > 400);
  const handler = rows.find((row) => row.kind === 'register' && row.owner === 'request_irq');
  assert.deepEqual([handler?.slot, handler?.context, handler?.maySleep], [1, 'hardirq', false]);
});

test('what is said of a callback stands by itself in a message, and tells how sure it is', () => {
  const rows = of('6.12').contexts.callbacks;
  const note = (owner: string, slot: string) => rows.find((row) => row.owner === owner && row.slot === slot)?.note;
  assert.equal(note('led_classdev', 'brightness_set'), 'any context, must not sleep');
  assert.equal(note('console', 'write_atomic'), 'any context incl. NMI');
  for (const row of rows) assert.doesNotMatch(row.note, /^any\b(?! context)/, `${row.owner} ${row.slot}`);
  const certain = (owner: string, slot: string) => rows.find((row) => row.owner === owner && row.slot === slot)?.certain;
  // It must not sleep, whoever calls it; or nobody can say.
  assert.equal(certain('ib_device_ops', 'post_send'), true);
  assert.equal(certain('dma_device', 'device_pause'), true);
  assert.equal(certain('ib_device_ops', 'poll_cq'), false);
  assert.equal(certain('iommu_domain_ops', 'unmap_pages'), false);
  assert.equal(certain('iommu_domain_ops', 'iova_to_phys'), false);
  assert.equal(certain('amd_ip_funcs', 'sw_init'), true);
  assert.equal(certain('amd_ip_funcs', 'resume'), false);
});

test('a transform is made where it may sleep, and freed anywhere', () => {
  const rows = of('6.12').contexts.callbacks;
  const maySleep = (owner: string, slot: string) => rows.find((row) => row.owner === owner && row.slot === slot)?.maySleep;
  for (const owner of ['skcipher_alg', 'aead_alg', 'akcipher_alg', 'kpp_alg']) {
    assert.equal(maySleep(owner, 'init'), true, owner);
    assert.equal(maySleep(owner, 'exit'), undefined, owner);
  }
  for (const owner of ['ahash_alg', 'shash_alg']) {
    assert.equal(maySleep(owner, 'init_tfm'), true, owner);
    assert.equal(maySleep(owner, 'exit_tfm'), undefined, owner);
  }
});
