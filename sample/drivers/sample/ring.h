/* SPDX-License-Identifier: MIT */
#ifndef _SAMPLE_RING_H
#define _SAMPLE_RING_H

#include <linux/types.h>

struct sample_ring {
	u32 *slots;
};

int sample_ring_init(struct sample_ring *ring);
void sample_ring_exit(struct sample_ring *ring);

#endif
