// SPDX-License-Identifier: MIT
/*
 * Masks that contradict themselves, or say something else than they mean.
 * Rest the pointer on a mask to see what the allocator makes of it.
 */
#include <linux/dma-mapping.h>
#include <linux/gfp.h>
#include <linux/mempool.h>
#include <linux/slab.h>
#include <linux/vmalloc.h>

#define SAMPLE_BYTES 256

struct sample_masks {
	void *buffer;
	struct page *page;
	dma_addr_t dma;
};

/* conflicting-flags: two answers to the question whether it may sleep. */
static void *sample_two_bases(void)
{
	return kmalloc(SAMPLE_BYTES, GFP_KERNEL | GFP_ATOMIC);
}

/* conflicting-flags: give up early, and try hard. */
static void *sample_two_policies(void)
{
	return kmalloc(SAMPLE_BYTES, GFP_KERNEL | __GFP_NORETRY | __GFP_RETRY_MAYFAIL);
}

/* zone-conflict: no memory is in two zones. */
static struct page *sample_two_zones(void)
{
	return alloc_page(GFP_KERNEL | __GFP_DMA | __GFP_HIGHMEM);
}

/* nofail-cannot-block: must not fail, and must not wait either. */
static void *sample_impatient(void)
{
	return kmalloc(SAMPLE_BYTES, GFP_ATOMIC | __GFP_NOFAIL);
}

/* nofail-high-order: eight contiguous pages cannot be promised. */
static struct page *sample_promise(void)
{
	return alloc_pages(GFP_KERNEL | __GFP_NOFAIL, 3);
}

/* logical-mask: `||` gives 1. The quick fix makes it `|`. */
static void *sample_logical(void)
{
	return kmalloc(SAMPLE_BYTES, GFP_KERNEL || __GFP_ZERO);
}

/* redundant-flag: kzalloc() zeroes anyway. */
static void *sample_zero_twice(void)
{
	return kzalloc(SAMPLE_BYTES, GFP_KERNEL | __GFP_ZERO);
}

/* removed-flag: the name is gone since 4.13, and has a successor. */
static void *sample_old_name(void)
{
	return kmalloc(SAMPLE_BYTES, GFP_KERNEL | __GFP_REPEAT);
}

/* private-flag: bit values belong to the headers. */
static void *sample_raw_bits(void)
{
	return kmalloc(SAMPLE_BYTES, GFP_KERNEL | ___GFP_ZERO);
}

/* open-coded-mask: these four together are called GFP_USER. */
static void *sample_spelled_out(void)
{
	return kmalloc(SAMPLE_BYTES, __GFP_RECLAIM | __GFP_IO | __GFP_FS | __GFP_HARDWALL);
}

/* swapped-arguments: the size comes first. */
static void *sample_swapped(void)
{
	return kmalloc(GFP_KERNEL, SAMPLE_BYTES);
}

/* invalid-for-slab: slab objects have addresses, highmem pages do not. */
static void *sample_slab_highmem(void)
{
	return kmalloc(SAMPLE_BYTES, GFP_KERNEL | __GFP_HIGHMEM);
}

/* invalid-for-vmalloc: the page tables are allocated with GFP_KERNEL anyway. */
static void *sample_vmalloc_atomic(void)
{
	return __vmalloc(1 << 20, GFP_ATOMIC);
}

/* invalid-for-kvmalloc: falling back to vmalloc needs a mask that may sleep. */
static void *sample_kvmalloc_atomic(size_t bytes)
{
	return kvmalloc(bytes, GFP_NOWAIT);
}

/* mempool-mask: the pool's memory is not zeroed again. */
static void *sample_pool(mempool_t *pool)
{
	return mempool_alloc(pool, GFP_NOIO | __GFP_ZERO);
}

/* dma-mask: the device's own mask decides on the zone. */
static void *sample_coherent(struct device *dev, struct sample_masks *masks)
{
	return dma_alloc_coherent(dev, SAMPLE_BYTES, &masks->dma, GFP_KERNEL | GFP_DMA);
}

/* highmem-address: on 32-bit machines the page may have no address. */
static void *sample_scratch_page(void)
{
	struct page *page = alloc_page(GFP_HIGHUSER);

	if (!page)
		return NULL;
	return page_address(page);
}
