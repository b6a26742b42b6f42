//# kernel 6.12
// want nothing
/* Code for several kernels: names that the file defines or asks for. */
#include <linux/slab.h>
#include <linux/gfp.h>

#ifndef __GFP_REPEAT
#define JOB_RETRY __GFP_RETRY_MAYFAIL
#else
#define JOB_RETRY __GFP_REPEAT
#endif

#define __GFP_COLD 0
#define __GFP_JOB_PRIVATE 0

static void *job_buffer(size_t len)
{
	return kmalloc(len, GFP_KERNEL | JOB_RETRY);
}

static struct page *job_page(void)
{
	return alloc_page(GFP_KERNEL | __GFP_COLD | __GFP_JOB_PRIVATE);
}
