//# path drivers/atm/fixture.c
/* Only one architecture gets this code, with pages of 8 KiB. */
#include <linux/sizes.h>
#include <linux/slab.h>

struct card {
	u8 cells[SZ_32K + 4096];
};

static struct card *pci_card(void)
{
	return kzalloc(sizeof(struct card), GFP_KERNEL); // want costly-order "(order 4): above order 3"
}

#ifdef CONFIG_SBUS
static struct card *sbus_card(void)
{
	return kzalloc(sizeof(struct card), GFP_KERNEL); // want? costly-order "(order 4) with pages of 4 KiB: above order 3"
}
#else
static struct card *other_card(void)
{
	return kzalloc(sizeof(struct card), GFP_KERNEL); // want costly-order "(order 4): above order 3"
}
#endif
