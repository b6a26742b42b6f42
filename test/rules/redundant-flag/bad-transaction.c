//# kernel 6.12.0
//# path fs/fixture/dir.c
/* Which of the two goes is for the file system to say: no fix takes __GFP_NOFAIL away from a transaction. */
#include <linux/slab.h>

struct args {
	int total;
};

static int dir_init(struct trans *tp, int total)
{
	struct args *args = kzalloc(sizeof(*args), GFP_KERNEL | __GFP_NOFAIL); // want redundant-flag "contradicts the NULL check"

	if (!args)
		return -ENOMEM;
	args->total = total;
	return dir_log(tp, args);
}
