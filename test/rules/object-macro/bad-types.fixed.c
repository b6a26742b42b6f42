//# kernel 7.0
/* The macros return a pointer to the type that they are given. */
#include <linux/slab.h>

struct port {
	int id;
};

struct hub {
	struct port *port;
	void *any;
	u32 *word;
};

static int by_type(struct hub *hub)
{
	hub->port = kzalloc_obj(struct port); // want object-macro
	hub->any = kzalloc(sizeof(struct port), GFP_KERNEL);
	hub->word = kzalloc_obj(*hub->word); // want object-macro
	return 0;
}

static void *plain_number(void)
{
	u32 *word = kzalloc(sizeof(*word), GFP_KERNEL);

	return word;
}
