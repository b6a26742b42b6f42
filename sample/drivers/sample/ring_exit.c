// SPDX-License-Identifier: MIT
#include <linux/slab.h>
#include "ring.h"

void sample_ring_exit(struct sample_ring *ring)
{
	kfree(ring->slots);
	ring->slots = NULL;
}
