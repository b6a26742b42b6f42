/** Where a number of a memory report stands: the same word can mean something else in another place. */
export type FieldPlace = 'zone' | 'node' | 'counter' | 'total';

/** What the fields of a zone say (show_free_areas() in mm/show_mem.c, before 6.4 in mm/page_alloc.c). */
const ZONE: Readonly<Record<string, string>> = {
  free: 'free memory of the zone, all lists together',
  boost:
    'temporary raise of the watermarks after blocks of different mobility were mixed (vm.watermark_boost_factor); min, low and high have it included',
  min: 'below this only requests with access to reserves are served; kept up by vm.min_free_kbytes',
  low: 'below this kswapd is woken',
  high: 'at this kswapd goes back to sleep',
  reserved_highatomic: 'memory in page blocks kept for high-order atomic requests, free or in use',
  free_highatomic: 'free memory in page blocks kept for high-order atomic requests',
  active_anon: 'memory of programs, used lately',
  inactive_anon: 'memory of programs, not used lately: swapped out first',
  active_file: 'page cache, used lately',
  inactive_file: 'page cache, not used lately: reclaimed first',
  unevictable: 'memory that reclaim may not touch (mlock, ramfs)',
  writepending: 'changed pages that wait to be written',
  zspages: 'compressed memory of zswap or zram',
  present: 'memory the machine has in this zone',
  managed: 'memory the page allocator manages in this zone: what is present without what was reserved at boot',
  mlocked: 'memory locked by programs',
  bounce: 'buffers for devices that do not reach the memory',
  free_pcp: 'free pages in the lists of all processors: not part of free',
  local_pcp: 'free pages in the list of the processor that printed this',
  free_cma: 'free memory of the contiguous memory allocator: for movable requests and the DMA API',
  kernel_stack: 'kernel stacks',
  pagetables: 'page tables',
  pages_scanned: 'pages looked at since the last one was reclaimed',
};

const NODE: Readonly<Record<string, string>> = {
  isolated: 'pages taken off the lists, by reclaim or compaction at work',
  mapped: 'page cache mapped into programs',
  dirty: 'page cache that is not written yet',
  writeback: 'page cache that is being written',
  shmem: 'shared memory and tmpfs',
  shmem_thp: 'shared memory in huge pages',
  shmem_pmdmapped: 'shared memory mapped as huge pages',
  anon_thp: 'memory of programs in huge pages',
  writeback_tmp: 'page cache that FUSE is writing',
  unstable: 'pages sent to an NFS server and not committed there',
  kernel_stack: 'kernel stacks',
  shadow_call_stack: 'shadow call stacks',
  pagetables: 'page tables',
  sec_pagetables: 'page tables of IOMMUs and virtual machines',
  all_unreclaimable: '`yes`: reclaim found nothing in many rounds and gives up',
  balloon: 'memory handed back to the hypervisor',
};

const COUNTER: Readonly<Record<string, string>> = {
  isolated_anon: 'memory of programs taken off the lists, by reclaim or compaction at work',
  isolated_file: 'page cache taken off the lists, by reclaim or compaction at work',
  slab_reclaimable: 'slab caches that can be shrunk (dentries, inodes)',
  slab_unreclaimable: 'slab caches that cannot be shrunk',
  kernel_misc_reclaimable: 'other kernel memory that can be given back',
  swapcache: 'pages that are in memory and in swap',
};

const TOTAL: Readonly<Record<string, string>> = {
  pagecache: 'pages of files in memory, swap cache and shared memory included',
  swapcache: 'pages that are in memory and in swap',
  freeSwap: 'swap that is not used',
  totalSwap: 'swap of the machine; 0: none',
  ram: 'pages the machine has',
  highmem: 'of those, pages the kernel cannot address directly or that are movable only',
  reserved: 'of those, pages the page allocator never had',
  cmaReserved: 'of those, pages set aside for the contiguous memory allocator',
  hwpoisoned: 'pages switched off after memory errors',
};

/** What a field of a memory report means, in plain words; undefined for one that is not known. */
export function fieldWords(place: FieldPlace, name: string): string | undefined {
  const plain = name.toLowerCase().replace(/\((?:anon|file)\)$/, '');
  switch (place) {
    case 'zone':
      return ZONE[plain] ?? NODE[plain];
    case 'node':
      return NODE[plain] ?? ZONE[plain];
    case 'counter':
      return COUNTER[plain] ?? NODE[plain] ?? ZONE[plain];
    case 'total':
      return TOTAL[name];
  }
}

/** The lists that the letters behind a block count name (show_migration_types() in mm/show_mem.c). */
const LISTS: Readonly<Record<string, string>> = {
  U: 'unmovable',
  M: 'movable',
  E: 'reclaimable',
  R: 'reserve',
  H: 'high-order atomic',
  C: 'CMA',
  I: 'isolated',
};

/** `UME` as words: `unmovable, movable, reclaimable`. */
export function listWords(letters: string): string {
  return [...letters].map((letter) => LISTS[letter] ?? letter).join(', ');
}
