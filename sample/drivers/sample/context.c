// SPDX-License-Identifier: MIT
/*
 * Where an allocation stands decides which mask is right: GFP_KERNEL may
 * sleep, and code that holds a spinlock must not.
 */
#include <linux/blk-mq.h>
#include <linux/gfp.h>
#include <linux/interrupt.h>
#include <linux/mutex.h>
#include <linux/rcupdate.h>
#include <linux/sched/mm.h>
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

/* sleep-in-atomic: the lock is held by the caller below; the notes show the way. */
static struct sample_event *sample_event_make(int code)
{
	struct sample_event *event = kmalloc(sizeof(*event), GFP_KERNEL);

	if (event)
		event->code = code;
	return event;
}

/* Right by itself: what is wrong is found where the memory is asked for. */
int sample_queue_replace(struct sample_queue *queue, int code)
{
	struct sample_event *event;

	spin_lock(&queue->lock);
	event = sample_event_make(code);
	if (event)
		list_add(&event->list, &queue->events);
	spin_unlock(&queue->lock);
	return event ? 0 : -ENOMEM;
}

/* needless-atomic: whoever holds a mutex may sleep. */
int sample_queue_reserve(struct sample_queue *queue, struct mutex *mutex)
{
	struct sample_event *event;

	mutex_lock(mutex);
	event = kmalloc(sizeof(*event), GFP_ATOMIC);
	if (event)
		list_add(&event->list, &queue->events);
	mutex_unlock(mutex);
	return event ? 0 : -ENOMEM;
}

/* reclaim-recursion: reclaim may wait for the queue that is frozen here. */
int sample_queue_resize(struct sample_queue *queue, struct request_queue *requests)
{
	struct sample_event *event;

	blk_mq_freeze_queue(requests);
	event = kmalloc(sizeof(*event), GFP_KERNEL);
	if (event)
		list_add(&event->list, &queue->events);
	blk_mq_unfreeze_queue(requests);
	return event ? 0 : -ENOMEM;
}

/* scope-redundant: the scope says it already. */
struct sample_event *sample_event_in_scope(void)
{
	unsigned int flags = memalloc_noio_save();
	struct sample_event *event = kmalloc(sizeof(*event), GFP_NOIO);

	memalloc_noio_restore(flags);
	return event;
}
