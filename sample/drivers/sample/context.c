// SPDX-License-Identifier: MIT
/*
 * Where an allocation stands decides which mask is right: GFP_KERNEL may
 * sleep, and code that holds a spinlock must not.
 */
#include <linux/gfp.h>
#include <linux/interrupt.h>
#include <linux/rcupdate.h>
#include <linux/slab.h>
#include <linux/spinlock.h>

struct sample_event {
	struct list_head list;
	int code;
};

struct sample_queue {
	spinlock_t lock;
	struct list_head events;
	int length;
};

/* sleep-in-atomic: the lock is held. The quick fix offers GFP_ATOMIC. */
int sample_queue_push(struct sample_queue *queue, int code)
{
	struct sample_event *event;
	unsigned long flags;

	spin_lock_irqsave(&queue->lock, flags);
	event = kmalloc(sizeof(*event), GFP_KERNEL);
	if (event) {
		event->code = code;
		list_add_tail(&event->list, &queue->events);
		queue->length++;
	}
	spin_unlock_irqrestore(&queue->lock, flags);
	return event ? 0 : -ENOMEM;
}

/* Right: allocate first, then take the lock. Nothing is reported. */
int sample_queue_push_early(struct sample_queue *queue, int code)
{
	struct sample_event *event = kmalloc(sizeof(*event), GFP_KERNEL);

	if (!event)
		return -ENOMEM;
	event->code = code;
	spin_lock(&queue->lock);
	list_add_tail(&event->list, &queue->events);
	queue->length++;
	spin_unlock(&queue->lock);
	return 0;
}

/* sleep-in-atomic: an RCU read side section must not sleep either. */
struct sample_event *sample_queue_copy_first(struct sample_queue *queue)
{
	struct sample_event *first, *copy = NULL;

	rcu_read_lock();
	first = list_first_or_null_rcu(&queue->events, struct sample_event, list);
	if (first)
		copy = kmemdup(first, sizeof(*first), GFP_KERNEL);
	rcu_read_unlock();
	return copy;
}

/* Right: this mask does not sleep, and the mask of the caller is tested. */
struct sample_event *sample_event_alloc(struct sample_queue *queue, gfp_t gfp)
{
	struct sample_event *event;

	if (gfpflags_allow_blocking(gfp))
		might_sleep();
	spin_lock(&queue->lock);
	event = kmalloc(sizeof(*event), GFP_NOWAIT | __GFP_NOWARN);
	spin_unlock(&queue->lock);
	return event;
}

/* unused-suppression: nothing is wrong here, so there is nothing to allow. */
struct sample_event *sample_event_new(void)
{
	/* gfp-lens: allow(sleep-in-atomic) the lock was dropped above */
	return kzalloc(sizeof(struct sample_event), GFP_KERNEL);
}
