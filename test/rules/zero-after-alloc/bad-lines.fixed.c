/* Where the zeroing stands on its lines. */
#include <linux/slab.h>
#include <linux/string.h>

struct stats {
	u64 packets;
};

static struct stats *among_others(void)
{
	struct stats *s = kzalloc(sizeof(*s), GFP_KERNEL);

	if (!s)
		return NULL;
	s->packets = 1; // want zero-after-alloc "kzalloc() does both"
	return s;
}

static struct stats *between_blank_lines(void)
{
	struct stats *s = kzalloc(sizeof(*s), GFP_KERNEL);

	if (!s)
		return NULL;
	// want zero-after-alloc "kzalloc() does both"

	return s;
}

static struct stats *behind_others(void)
{
	struct stats *s = kzalloc(sizeof(*s), GFP_KERNEL);

	// want zero-after-alloc "kzalloc() does both"
	if (!s) return NULL;
	return s;
}

static struct stats *before_a_blank_line(void)
{
	struct stats *s = kzalloc(sizeof(*s), GFP_KERNEL);

	if (!s)
		return NULL;
	// want zero-after-alloc "kzalloc() does both"

	return s;
}

static struct stats *on_two_lines(void)
{
	struct stats *s = kzalloc(sizeof(*s), GFP_KERNEL);

	if (!s)
		return NULL;

	// want zero-after-alloc "kzalloc() does both"
	// the statement, not the comment behind it
	return s;
}
