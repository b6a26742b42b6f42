import { readFileSync } from 'node:fs';
import path from 'node:path';
import { between, defines, enumText, functionText, withoutComments } from './lift';

/** What the lifted functions need of the kernel, as little as they can be compiled with. */
const STAND_INS = `
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#define __force
#define __bitwise
#define __always_inline inline
#define __maybe_unused __attribute__((unused))
#define likely(x) (x)
#define unlikely(x) (x)
#define READ_ONCE(x) (x)
#define BIT(n) (1UL << (n))
#define BUG_ON(x) do { if (x) bugs++; } while (0)
#define VM_BUG_ON(x) BUG_ON(x)
#define VM_WARN_ON(x) BUG_ON(x)
#define VM_WARN_ON_ONCE(x) BUG_ON(x)
#define BUILD_BUG_ON(x) _Static_assert(!(x), "")
#define BUILD_BUG_ON_MSG(x, text) do { } while (0)
#define ARGUMENT_IF_1 0,
#define SECOND(first, second, ...) second
#define ENABLED(empty) SECOND(empty 1, 0, 0)
#define ENABLED_VALUE(value) ENABLED(ARGUMENT_IF_##value)
#define EXPAND(value) ENABLED_VALUE(value)
#define IS_ENABLED(option) EXPAND(option)
#define ilog2(n) (63 - __builtin_clzl(n))
#define BITS_PER_LONG 64
#define PAGE_SHIFT 12
#define PAGE_SIZE 4096UL
#define TIF_MEMDIE 0
#define test_thread_flag(flag) victim
#define tsk_is_oom_victim(task) victim
#define rt_task(task) realtime
#define rt_or_dl_task(task) realtime
#define in_task() (context == 0)
#define in_interrupt() (context != 0)
#define in_serving_softirq() (context == 1)
#define zone_page_state(zone, item) ((zone)->cma)
#define free_area_empty(area, type) ((area)->count[type] == 0)
#define SPECIAL 64
#define SMALL 32
typedef unsigned int gfp_t;
struct task_struct { unsigned int flags; };
struct printf_spec { int type, flags, base, precision, field_width, qualifier; };
struct trace_print_flags { unsigned long mask; const char *name; };
static struct task_struct task, *current = &task;
static int bugs, victim, realtime, context, page_group_by_mobility_disabled;
static char *string(char *at, char *end, const char *text, struct printf_spec spec) { return strcpy(at, text) + strlen(text); }
static char *number(char *at, char *end, unsigned long long value, struct printf_spec spec) { return at + sprintf(at, "0x%llx", value); }
`;

/** Mark that the depth of the reserve is measured with: its eighths are whole. */
export const FLOOR_MARK = 800;

const ZONE = `
struct free_area { int count[MIGRATE_TYPES]; long nr_free; };
struct zone { long nr_reserved_highatomic, nr_free_highatomic, cma, lowmem_reserve[MAX_NR_ZONES]; struct free_area free_area[32]; };
`;

/** One question per line: mask, order, size, scopes (1 NOFS, 2 NOIO, 4 PIN), context, real time, PF_MEMALLOC, victim, zone state and blocks. One JSON list per answer. */
const MAIN = `
int main(void)
{
	unsigned int mask, order, scopes; unsigned long size; int memalloc; long free, mark, lowmem, highatomic, cma; char text[2048];
	while (scanf("%u %u %lu %u %d %d %d %d %ld %ld %ld %ld %ld", &mask, &order, &size, &scopes, &context, &realtime, &memalloc, &victim, &free, &mark, &lowmem, &highatomic, &cma) == 13) {
		struct zone zone, wide;
		memset(&zone, 0, sizeof(zone));
		memset(&wide, 0, sizeof(wide));
		for (int type = 0; type <= MIGRATE_CMA; type++) {
			long blocks;
			if (scanf("%ld", &blocks) != 1) return 1;
			zone.free_area[order].count[type] = blocks;
			zone.free_area[order].nr_free += blocks;
		}
		zone.nr_reserved_highatomic = zone.nr_free_highatomic = highatomic;
		zone.cma = cma;
		for (int i = 0; i < MAX_NR_ZONES; i++) zone.lowmem_reserve[i] = lowmem;
		bugs = 0; int highest = gfp_zone(mask); int illegal = bugs; int type = gfp_migratetype(mask);
		unsigned int under[3], flag[3] = { PF_MEMALLOC_NOFS, PF_MEMALLOC_NOIO, PF_MEMALLOC_PIN }, all = memalloc ? PF_MEMALLOC : 0;
		for (int i = 0; i < 3; i++) { task.flags = flag[i]; under[i] = current_gfp_context(mask); if (scopes & 1 << i) all |= flag[i]; }
		task.flags = all;
		unsigned int effective = current_gfp_context(mask), alloc = gfp_to_alloc_flags(effective, order), entitled = __gfp_pfmemalloc_flags(effective);
		unsigned int last = entitled ? entitled : alloc; long floor = 0;
		while (!(last & ALLOC_NO_WATERMARKS) && !__zone_watermark_ok(&wide, 0, FLOOR_MARK, 0, last, floor + 1)) floor++;
		*format_flags(text, text + sizeof(text), mask, names) = 0;
		printf("[%d,%d,%d,%d,\\"%s\\",%ld,%u,%u,%u,%d", highest, illegal != 0, type, gfpflags_allow_blocking(mask), text, floor, under[0], under[1], under[2], __zone_watermark_ok(&zone, order, mark, highest, alloc, free));
		int kind = KMALLOC_TYPE(mask);
		const char *family = kind == KMALLOC_NORMAL ? "" : kind == KMALLOC_DMA ? "dma" : kind == KMALLOC_RECLAIM ? "rcl" : "cg";
		if (size == 0 || size > KMALLOC_MAX_CACHE_SIZE) printf(",0,\\"\\"]\\n");
		else printf(",%u,\\"%s\\"]\\n", __kmalloc_index(size, false), family);
	}
	return 0;
}
`;

const ZONE_OPTIONS = ['CONFIG_ZONE_DMA', 'CONFIG_ZONE_DMA32', 'CONFIG_HIGHMEM', 'CONFIG_ZONE_DEVICE'];

/**
 * C text of a program that answers questions with the functions of a tree (6.1 or 6.12), compiled with these options on. `main`: reads the questions and
 * prints the answers.
 */
export function oracleProgram(tree: string, options: readonly string[], main = MAIN): string {
  const read = (file: string) => withoutComments(readFileSync(path.join(tree, file), 'utf8'));
  const [gfp, mmzone, internal] = [read('include/linux/gfp.h'), read('include/linux/mmzone.h'), read('mm/internal.h')];
  const [allocator, slab, sched] = [read('mm/page_alloc.c'), read('include/linux/slab.h'), read('include/linux/sched.h')];
  const trace = readFileSync(path.join(tree, 'include/trace/events/mmflags.h'), 'utf8');
  // The preprocessor must know the number; ZONE_NORMAL and ZONE_MOVABLE are always there.
  const zones = 2 + options.filter((option) => ZONE_OPTIONS.includes(option)).length;
  const type = functionText(slab, 'kmalloc_type');
  return [
    ...options.map((option) => `#define ${option} 1`),
    `#define MAX_NR_ZONES ${zones}\n#define ZONES_SHIFT ${zones <= 4 ? 2 : 3}`,
    `#define FLOOR_MARK ${FLOOR_MARK}`,
    STAND_INS,
    read('include/linux/gfp_types.h').replace(/^#\s*include.*$/gm, ''),
    enumText(mmzone, 'zone_type'),
    enumText(mmzone, 'migratetype'),
    enumText(mmzone, 'zone_watermarks'),
    between(mmzone, /^#ifndef CONFIG_ARCH_FORCE_MAX_ORDER/m, 'enum migratetype'),
    ZONE,
    between(gfp, '#define GFP_MOVABLE_MASK', 'static inline'),
    functionText(gfp, 'gfp_migratetype'),
    functionText(gfp, 'gfpflags_allow_blocking'),
    between(gfp, '#ifdef CONFIG_HIGHMEM\n#define OPT_ZONE_HIGHMEM', 'static inline enum zone_type gfp_zone'),
    functionText(gfp, 'gfp_zone'),
    between(internal, '#define ALLOC_WMARK_MIN', '#define ALLOC_RESERVES'),
    defines(internal, /^ALLOC_RESERVES$/),
    defines(sched, /^PF_\w+$/),
    functionText(read('include/linux/sched/mm.h'), 'current_gfp_context'),
    ...['gfp_to_alloc_flags_cma', 'gfp_to_alloc_flags', 'oom_reserves_allowed', '__gfp_pfmemalloc_flags'].map((name) =>
      functionText(allocator, name),
    ),
    ...['__zone_watermark_unusable_free', '__zone_watermark_ok'].map((name) => functionText(allocator, name)),
    between(
      slab,
      slab.includes('#ifdef CONFIG_SLAB\n') ? '#ifdef CONFIG_SLAB\n' : '#define KMALLOC_SHIFT_HIGH',
      '#define SLAB_OBJ_MIN_SIZE',
    ),
    slab.includes('CONFIG_RANDOM_KMALLOC_CACHES') ? '#define RANDOM_KMALLOC_CACHES_NR 0' : '',
    enumText(slab, 'kmalloc_cache_type'),
    defines(slab, /^KMALLOC_NOT_NORMAL_BITS$/),
    type,
    `#define KMALLOC_TYPE(mask) kmalloc_type(${type.includes('caller') ? 'mask, 0' : 'mask'})`,
    functionText(slab, '__kmalloc_index'),
    defines(withoutComments(trace), /^(gfpflag_string|__def_gfpflag_names\w*|TRACE_GFP_\w+)$/),
    'static const struct trace_print_flags names[] = { __def_gfpflag_names, { 0, NULL } };',
    'static const struct printf_spec default_str_spec, default_flag_spec;',
    functionText(read('lib/vsprintf.c'), 'format_flags'),
    main,
  ].join('\n');
}
