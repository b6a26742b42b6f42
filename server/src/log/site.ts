import type { CallSite } from './explanation';
import type { Frame } from './record';

/** Functions of the allocators and of the report itself: the first frame that is none of them asked for the memory. */
const REPORT =
  /^(?:_*dump_stack|_*show_stack|dump_backtrace|unwind_backtrace|show_trace|warn_alloc|dump_header|show_mem|_*show_mem|show_free_areas|out_of_memory|oom_kill_process|pagefault_out_of_memory|kasan_|_*might_(?:sleep|resched|fault|alloc)|print_|check_noncircular|_*lock_acquire|_*lock_release|mark_lock|valid(?:ate)?_|_*fs_reclaim_|_*mutex_lock|_*down_(?:read|write)|_raw_|slab_pre_alloc|_*schedule_bug|_*schedule$|_*cond_resched)/;
const ALLOCATOR =
  /^_*(?:prepare_alloc_pages|alloc_(?:frozen_)?pages|alloc_page|folio_alloc|get_free_page|get_zeroed_page|get_page_from_freelist|kmalloc|kzalloc|kcalloc|krealloc|kvmalloc|kvzalloc|kvcalloc|kmem_cache_alloc|kmemdup|kstrdup|vmalloc|vzalloc|vmap|slab_alloc|slab_out_of_memory|new_slab|allocate_slab|alloc_slab|cache_alloc|cache_grow|fallback_alloc|slob_|kmem_getpages|do_kmalloc|do_krealloc|page_frag|pte_alloc_one|dma_direct_alloc|dma_alloc|dma_generic_alloc|dma_common|dma_pool_alloc|mempool_alloc|try_charge|mem_cgroup|charge_memcg|devm_k|alloc_slub|refill_|pcpu_|pcp|xas_nomem|xas_alloc|radix_tree_node_alloc|alloc_contig|arm_dma|arm_alloc|gart_alloc|filemap_add_folio|add_to_page_cache|vma_alloc_folio|vm_area_alloc|shmem_alloc|read_swap_cache|alloc_from|pmd_alloc|pud_alloc|p4d_alloc|sg_alloc|sg_kmalloc|dup_task_struct|obj_cgroup|memcg_|xa_|xas_|idr_alloc|ida_alloc|radix_tree_(?:insert|preload)|mas_|alloc_skb|napi_alloc_skb|netdev_alloc|skb_copy|skb_clone|pskb_|sk_page_frag)/;

/** The function that wrote the report. */
const BEGIN = /^(?:warn_alloc|out_of_memory|_*might_(?:sleep|resched)|_*fs_reclaim_acquire|slab_out_of_memory)/;

const plain = (name: string): string => name.replace(/\.(?:isra|constprop|part|cold|llvm)(?:\.\d+)*/g, '').replace(/_noprof$/, '');

/** What a function of a trace takes part in: the report of the failure, the allocator, or the code that wanted memory. */
export function roleOf(frame: Frame): 'report' | 'allocator' | 'code' {
  const name = plain(frame.name);
  if (REPORT.test(name)) return 'report';
  return ALLOCATOR.test(name) ? 'allocator' : 'code';
}

/** The frame that asked for the memory: the first certain one behind the allocators. */
export function siteOf(trace: readonly Frame[]): CallSite | undefined {
  const all = trace.some((frame) => !frame.unsure) ? trace.filter((frame) => !frame.unsure) : trace;
  // Another processor's trace may stand before the one that begins with the report.
  const certain = all.slice(
    Math.max(
      0,
      all.findIndex((frame) => BEGIN.test(frame.name)),
    ),
  );
  let allocator: string | undefined;
  for (const frame of certain) {
    const name = plain(frame.name);
    if (REPORT.test(name)) continue;
    if (ALLOCATOR.test(name)) {
      allocator = name;
      continue;
    }
    // A report taken in the middle of something else has no allocator above its first frame.
    const [file, line] = placeOf(frame);
    return { function: name, module: frame.module, allocator, file, line, logLine: frame.line };
  }
  return undefined;
}

function placeOf(frame: Frame): readonly [file: string | null, line: number | null] {
  const match = frame.source === undefined ? null : /^(.*):(\d+)$/.exec(frame.source);
  return match === null ? [null, null] : [match[1]!, Number(match[2])];
}

/** Frames of the certain chain of calls, plain names. */
export function callChain(trace: readonly Frame[]): readonly string[] {
  return trace.filter((frame) => !frame.unsure).map((frame) => plain(frame.name));
}
