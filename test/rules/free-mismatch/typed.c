/* Objects that only their own functions can free, whoever made them. */
#include <linux/mm.h>
#include <linux/skbuff.h>
#include <linux/slab.h>

struct link {
	struct sk_buff *last_skb;
	struct page *page;
	void *cookie_page;
};

struct link_stats {
	u64 bytes;
};

static int link_rx(struct link *l, struct sk_buff *skb)
{
	struct sk_buff *old = l->last_skb, *clone;

	if (skb->len < 4) {
		kfree(skb); // want free-mismatch "kfree() cannot free skb: it is a struct sk_buff, which kfree_skb() frees"
		return -EINVAL;
	}
	clone = link_rewrap(skb);
	kvfree(clone); // want free-mismatch "it is a struct sk_buff"
	kfree_skb(old);
	kfree(l->last_skb); // want free-mismatch "kfree() cannot free l->last_skb"
	return 0;
}

static void link_put(struct link *l, struct page *page, struct page **pages, struct link_stats __percpu *stats)
{
	kfree(page); // want free-mismatch "it is a struct page"
	kfree(pages);
	kfree(l->page); // want free-mismatch "it is a struct page"
	kfree(l->cookie_page);
	kfree(stats); // want free-mismatch "it is __percpu memory, which free_percpu() frees"
}

/* A page that is none: the test's own. */
static int link_fake(void)
{
	struct page *page = kzalloc(sizeof(*page), GFP_KERNEL);

	if (!page)
		return -ENOMEM;
	kfree(page);
	return 0;
}
