/* GFP_KERNEL in a comment, and kmalloc(1, GFP_ATOMIC) too */
#define RING_GFP (GFP_KERNEL | __GFP_NOWARN)
static void *ring_alloc(struct ring *ring, gfp_t gfp)
{
	ring->name = kasprintf(GFP_NOWAIT | __GFP_NOWARN, "GFP_KERNEL %d", 1);
	ring->slots = kvcalloc(ring->count, sizeof(*ring->slots), RING_GFP);
	ring->page = alloc_pages_node(ring->node, gfp | ___GFP_ZERO, 2);
	if (gfpflags_allow_blocking(gfp & ~__GFP_DIRECT_RECLAIM))
		ring->cache = kmem_cache_zalloc (cache, GFP_HIGHUSER_MOVABLE);
	ring->obj = kzalloc_obj(*ring->obj, GFP_DMA32);
	ring->kmalloc = my_kmalloc(ring->kfree, MY_GFP_KERNEL);
	flags = memalloc_nofs_save();
	kvfree(ring->slots); // kfree(ring)
	kfree_rcu(ring, rcu);
}
