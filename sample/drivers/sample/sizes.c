// SPDX-License-Identifier: MIT
/*
 * How much is asked for decides as well: large contiguous requests fail on
 * a machine whose memory is fragmented, and each allocator has its own free.
 */
#include <linux/gfp.h>
#include <linux/mm.h>
#include <linux/overflow.h>
#include <linux/slab.h>
#include <linux/vmalloc.h>

struct sample_slot {
	u64 key;
	u64 value;
	u8 payload[112];
};

struct sample_table {
	unsigned int count;
	struct sample_slot *slots;
	void *scratch;
};

struct sample_cache {
	struct sample_slot *slots;
};

/* calloc-transposed: the count comes first, then the size of one. */
static struct sample_slot *sample_transposed(unsigned int count)
{
	return kcalloc(sizeof(struct sample_slot), count, GFP_KERNEL);
}

/* costly-order: 256 KB without a hole are hard to find. */
static void *sample_costly(void)
{
	return kmalloc(256 * 1024, GFP_KERNEL);
}

/* order-too-large: no kernel can ever give that many contiguous pages. */
static struct page *sample_impossible(void)
{
	return alloc_pages(GFP_KERNEL, 14);
}

/*
 * costly-order, prefer-kvmalloc: a large array that only the processor
 * reads. The quick fix turns the allocation and the kfree() into their kv
 * forms together.
 */
static int sample_sort(const struct sample_table *table)
{
	struct sample_slot *sorted;
	unsigned int i;

	sorted = kcalloc(4096, sizeof(*sorted), GFP_KERNEL);
	if (!sorted)
		return -ENOMEM;
	for (i = 0; i < min(table->count, 4096u); i++)
		sorted[i] = table->slots[i];
	kfree(sorted);
	return 0;
}

/*
 * No problem as it is: nobody knows how many slots there will be. The menu of
 * refactorings offers the kv forms, and shows every place before it changes
 * one.
 */
static int sample_cache_init(struct sample_cache *cache, unsigned int slots)
{
	cache->slots = kcalloc(slots, sizeof(*cache->slots), GFP_KERNEL_ACCOUNT);
	return cache->slots ? 0 : -ENOMEM;
}

static void sample_cache_exit(struct sample_cache *cache)
{
	kfree(cache->slots);
}

/* free-mismatch: memory of vmalloc() is not the slab allocator's. */
static int sample_scratch(struct sample_table *table)
{
	void *scratch = vmalloc(1 << 20);

	if (!scratch)
		return -ENOMEM;
	memset(scratch, 0xff, 1 << 20);
	kfree(scratch);
	return 0;
}

/* open-coded-multiply: a large count wraps the product around. */
static u64 *sample_stamps(unsigned int count)
{
	return kmalloc(count * sizeof(u64), GFP_NOFS);
}

/* zero-after-alloc: kzalloc() says both in one line. */
static struct sample_table *sample_table_new(void)
{
	struct sample_table *table = kmalloc(sizeof(*table), GFP_KERNEL);

	if (!table)
		return NULL;
	memset(table, 0, sizeof(*table));
	return table;
}

/* Right: the array form checks the multiplication, kvfree() fits. */
static int sample_table_init(struct sample_table *table, unsigned int count)
{
	table->slots = kvcalloc(count, sizeof(*table->slots), GFP_KERNEL);
	if (!table->slots)
		return -ENOMEM;
	table->count = count;
	return 0;
}

static void sample_table_destroy(struct sample_table *table)
{
	kvfree(table->slots);
	table->slots = NULL;
}
