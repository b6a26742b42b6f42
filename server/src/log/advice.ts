import { isBefore } from '../kernel/index';
import type { AdviceFacts } from './adviceFacts';
import type { Advice } from './explanation';
import type { FailedRequest } from './request';
import { reserveAdvice } from './reserveAdvice';
import { callChain } from './site';
import { sizeWords } from './summary';
import { isMemcg, reclaimableKb } from './verdict';
import { pageKbOf } from './zones';

/** What to do, the most useful first. Nothing is said that the log does not support. */
export function adviceFor(facts: AdviceFacts): readonly Advice[] {
  switch (facts.kind) {
    case 'sleep':
    case 'atomic-schedule':
      return sleepAdvice(facts);
    case 'lockdep':
      return [
        developer(
          'Make the allocation before the lock is taken, or under memalloc_nofs_save() / memalloc_noio_save(): then reclaim does not come back for the lock.',
        ),
      ];
    case 'memory':
    case 'state':
    case 'events':
      return [];
    default:
      return [...oomAdvice(facts), ...(facts.record.kind === 'oom' && isMemcg(facts.record) ? memcgAdvice(facts) : pageAdvice(facts))];
  }
}

const developer = (text: string): Advice => ({ for: 'developer', text });
const operator = (text: string): Advice => ({ for: 'operator', text });

function pageAdvice(facts: AdviceFacts): readonly Advice[] {
  const { verdict } = facts;
  const high = (facts.order ?? 0) > 0;
  const code = high && facts.kind !== 'oom' ? blockAdvice(facts) : [];
  switch (verdict) {
    case 'fragmentation':
      return [...code, ...compactionAdvice(facts)];
    case 'cma-only':
      return [...cmaAdvice(facts), ...code];
    case 'highatomic-only':
      return code;
    case 'zone-restricted':
      return [...zoneAdvice(facts), ...code];
    case 'vmalloc-space':
      return vmallocAdvice();
    case 'watermark-reserve':
      return [
        ...harmless(facts),
        ...quiet(facts),
        ...code,
        ...reserveAdvice(facts),
        ...(isCostly(facts) && facts.request.mask?.mayBlock === true ? compactionAdvice(facts) : []),
      ];
    case 'exhaustion':
      return [...exhaustionAdvice(facts), ...code];
    default:
      return code;
  }
}

/** A failure that its caller is made for: nothing is lost but a packet. */
function harmless({ request, order }: AdviceFacts): readonly Advice[] {
  if (order !== 0 || request.mask?.mayBlock !== false || !request.interrupt) return [];
  return [
    {
      for: 'nobody',
      text: 'A single atomic failure in an interrupt or softirq is usually harmless: the packet or request is dropped and tried again. Act only when it repeats.',
    },
  ];
}

function isCostly({ order, request }: AdviceFacts): boolean {
  return (order ?? 0) > request.model.limits.costlyOrder;
}

/** A mask that gives up early by design, but reports that it did. */
function quiet({ order, request }: AdviceFacts): readonly Advice[] {
  const flags = request.mask?.flags ?? [];
  const givesUp = flags.find((flag) => flag === '__GFP_NOMEMALLOC' || flag === '__GFP_NORETRY');
  if (order === undefined || order > request.model.limits.costlyOrder || givesUp === undefined || flags.includes('__GFP_NOWARN')) return [];
  return [
    developer(`${givesUp} makes this request give up early: if its caller has a fallback, add __GFP_NOWARN, and the report goes away.`),
  ];
}

const HEAP = /kmalloc|kzalloc|kcalloc|krealloc/;
const DEVICE = /^(?:_*dma_|dma_direct|iommu_|gart_|arm_dma|usb_alloc_coherent|sg_)/;

/** What the code could do instead of asking for contiguous pages. */
function blockAdvice({ request, site, order, sizeKb, record }: AdviceFacts): readonly Advice[] {
  const chain = callChain(record.trace);
  const { mask, model } = request;
  if (mask === undefined || order === undefined || sizeKb === undefined) return [];
  const where = site === undefined ? 'the caller' : `${site.function}()`;
  const advice: Advice[] = [];
  const device = chain.some((name) => DEVICE.test(name));
  const heap = site?.allocator !== undefined && HEAP.test(site.allocator);
  if (heap && mask.mayBlock && model.behaviour.kvmalloc.exists && !device)
    advice.push(kvAdvice(where, sizeKb, mask.mayFS, model.behaviour.kvmalloc.masks));
  if (device)
    advice.push(
      developer(
        `Allocate the buffer of ${where} early (probe or open), or in smaller pieces: at run time ${sizeWords(sizeKb)} in one piece is luck.`,
      ),
    );
  if (!mask.mayBlock) advice.push(...atomicAdvice(where, request.interrupt, chain, model.behaviour.kvmalloc.masks === 'any' && heap));
  const costly = order > model.limits.costlyOrder;
  if (costly && mask.mayBlock && model.behaviour.retryMayFail && !mask.flags.includes('__GFP_RETRY_MAYFAIL') && !request.reclaiming)
    advice.push(
      developer(
        `${mask.flags.includes('__GFP_NORETRY') ? 'The mask asks to give up early (__GFP_NORETRY)' : `Above order ${model.limits.costlyOrder} the allocator makes one round only`}: __GFP_RETRY_MAYFAIL makes it try harder, at the price of a slower call.`,
      ),
    );
  if (costly && !mask.flags.includes('__GFP_NOWARN'))
    advice.push(developer('If there is a fallback for the failure, add __GFP_NOWARN: then this report is not printed.'));
  return advice;
}

function kvAdvice(where: string, sizeKb: number, mayFS: boolean, masks: FailedRequest['model']['behaviour']['kvmalloc']['masks']): Advice {
  const scope =
    mayFS || masks === 'blocking' || masks === 'any'
      ? ''
      : ' This kernel supports it for GFP_KERNEL only: use memalloc_nofs_save() around it instead of GFP_NOFS.';
  return developer(
    `Use kvcalloc() for an array or kvmalloc() / kvzalloc() for one object in ${where}, freed with kvfree(): ${sizeWords(sizeKb)} then need not be contiguous. Not for memory that is handed to a device, a scatterlist or virt_to_page().${scope}`,
  );
}

function atomicAdvice(where: string, interrupt: boolean, chain: readonly string[], kvAtomic: boolean): readonly Advice[] {
  const advice: Advice[] = [];
  const syscall = chain.some((name) => /^(?:Sy[Ss]_|__\w+_sys_|sys_|ksys_|do_syscall|vfs_|\w*_systemcall$|do_kexec|__do_sys_)/.test(name));
  if (!interrupt && syscall)
    advice.push(
      developer(
        `The trace comes from a system call: if no spinlock is held in ${where}, GFP_KERNEL may be used there, which can reclaim and compact.`,
      ),
    );
  advice.push(
    developer(
      `Without sleeping, a block of this size can only be found, not made: allocate it beforehand (probe, open, mempool), or use single pages.`,
    ),
  );
  if (kvAtomic) advice.push(developer('From 6.19 on kvmalloc() falls back to vmalloc for atomic masks too.'));
  return advice;
}

function compactionAdvice({ request, record }: AdviceFacts): readonly Advice[] {
  const { release } = request.model;
  const advice = [operator('echo 1 > /proc/sys/vm/compact_memory moves pages together now; helps for a while, costs CPU.')];
  if (!isBefore(release, 5, 9) && request.releaseFrom !== 'assumed')
    advice.push(
      operator('vm.compaction_proactiveness (default 20) makes the kernel do so by itself; raise it when such requests come often.'),
    );
  const cache = reclaimableKb(record);
  if (cache !== undefined && cache > 64 * 1024)
    advice.push(
      operator(
        `echo 1 > /proc/sys/vm/drop_caches before the request frees up to ${Math.round(cache / 1024)} MB of cache, which must then be read from disk again.`,
      ),
    );
  return advice;
}

function cmaAdvice({ record, request, zones }: AdviceFacts): readonly Advice[] {
  const pageKb = pageKbOf(record.memory);
  const free = zones.filter((zone) => zone.allowed).reduce((sum, zone) => sum + (zone.cma ?? 0), 0);
  const reserved = record.memory?.totals.get('cmaReserved')?.value;
  const size = reserved === undefined ? '' : ` of ${sizeWords(reserved * pageKb)} reserved`;
  const area = operator(
    `${free} kB${size} lie free in CMA: a smaller area (cma= on the command line, CONFIG_CMA_SIZE_MBYTES, or the device tree) leaves more for other requests.`,
  );
  if (record.kind === 'oom') return [area];
  const advice = [
    developer(
      'CMA blocks serve movable requests and the DMA API only: for a device buffer use dma_alloc_coherent() or dma_alloc_contiguous(), which allocate from CMA.',
    ),
    area,
  ];
  return request.mask?.mayBlock === false ? advice : [...advice].reverse();
}

function zoneAdvice({ request }: AdviceFacts): readonly Advice[] {
  const dma = request.mask?.flags.find((flag) => flag === '__GFP_DMA' || flag === '__GFP_DMA32');
  if (dma === undefined)
    return [
      operator(
        'On a 32-bit kernel only low memory serves the kernel itself, whatever is free in HighMem: a 64-bit kernel removes that limit.',
      ),
    ];
  return [
    developer(
      `${dma.replace('__', '')} limits the request to low addresses: set the real limit of the device with dma_set_mask() and allocate with the DMA API, which uses an IOMMU or CMA where there is one.`,
    ),
  ];
}

function vmallocAdvice(): readonly Advice[] {
  return [
    developer(
      'Check the size: a length from user space needs an upper limit before vmalloc() or kvmalloc(), and __GFP_NOWARN if any value may come.',
    ),
    operator('On 32-bit kernels the range can be enlarged with vmalloc= on the command line; /proc/vmallocinfo shows who uses it.'),
  ];
}

function memcgAdvice({ record }: AdviceFacts): readonly Advice[] {
  const limit = record.oom?.memcgLimit?.value;
  const advice = [
    operator(
      `Raise the limit of the group (memory.max, or memory.limit_in_bytes with cgroup v1)${limit === undefined ? '' : `, now ${sizeWords(limit)}`}, or find out why its tasks need more.`,
    ),
  ];
  const victim = record.oom?.victim?.value;
  if (victim !== undefined)
    advice.push(
      operator(
        `${victim} was the largest task in it${record.oom?.victimAnonRss === undefined ? '' : ` (${sizeWords(record.oom.victimAnonRss.value)} anonymous memory)`}.`,
      ),
    );
  return advice;
}

/** Who uses the memory, as far as the counters show it. */
function exhaustionAdvice(facts: AdviceFacts): readonly Advice[] {
  const { memory, oom } = facts.record;
  const pageKb = pageKbOf(memory);
  const kb = (name: string) => (memory?.counters.get(name)?.value ?? 0) * pageKb;
  const ram = (memory?.totals.get('ram')?.value ?? 0) * pageKb;
  const users = [
    ['anonymous memory of programs', kb('active_anon') + kb('inactive_anon')],
    ['slab caches that cannot be reclaimed (see slabtop)', kb('slab_unreclaimable')],
    ['unevictable memory (mlock, ramfs)', kb('unevictable')],
    ['huge pages', (memory?.hugepages ?? []).reduce((sum, one) => sum + one.total * one.sizeKb, 0)],
  ] as const;
  const [largest] = [...users].sort((a, b) => b[1] - a[1]);
  const advice: Advice[] = [];
  if (largest !== undefined && ram > 0 && largest[1] > ram / 10)
    advice.push(operator(`Most is taken by ${largest[0]}: ${Math.round(largest[1] / 1024)} of ${Math.round(ram / 1024)} MB.`));
  const task = oom?.largestTasks[0];
  if (task !== undefined)
    advice.push(
      operator(`The largest task is ${task.name} (pid ${task.pid}): ${Math.round((task.rssPages * pageKb) / 1024)} MB resident.`),
    );
  const swap = memory?.totals.get('totalSwap')?.value;
  if (swap === 0 && largest?.[0] === users[0][0])
    advice.push(operator('There is no swap: with some, idle memory of programs could be moved out.'));
  return advice;
}

/** A panic that a setting asked for. */
function oomAdvice({ record }: AdviceFacts): readonly Advice[] {
  if (record.oom?.panicked === undefined) return [];
  return [
    operator(
      'vm.panic_on_oom is set: with 0 a task is killed and the machine goes on; with a watchdog and kdump a panic may be what is wanted.',
    ),
  ];
}

function sleepAdvice({ site, record }: AdviceFacts): readonly Advice[] {
  const where = site === undefined ? 'the call' : `${site.function}()`;
  if (site?.allocator === undefined)
    return [developer(`Move ${where} out of the section that must not sleep, or protect the section with a mutex.`)];
  const advice = [
    developer(`Allocate before the lock is taken in ${where} (preload), and use the memory inside: that keeps GFP_KERNEL.`),
    developer(`Where that is not possible use GFP_ATOMIC (or GFP_NOWAIT with a fallback) in ${where}, and handle the failure.`),
  ];
  const rcu = record.context?.locks.some((lock) => lock.name === 'rcu_read_lock') === true;
  return rcu
    ? [...advice, developer('If only RCU forbids sleeping, take a reference and leave rcu_read_lock() before the call, or use SRCU.')]
    : advice;
}
