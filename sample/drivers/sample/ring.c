// SPDX-License-Identifier: MIT
/* What one file of a driver allocates, another may free. */
#include <linux/errno.h>
#include <linux/slab.h>
#include "ring.h"

/*
 * prefer-kvmalloc: only the processor reads the slots. They are freed in
 * ring_exit.c, so the quick fix changes both files together.
 */
int sample_ring_init(struct sample_ring *ring)
{
	ring->slots = kcalloc(65536, sizeof(*ring->slots),
			      GFP_KERNEL | __GFP_RETRY_MAYFAIL);
	return ring->slots ? 0 : -ENOMEM;
}
