//# path arch/s390/kvm/run.c
// want nothing
#include <linux/slab.h>
#include <asm/fpu.h>

/* registers are saved to memory of the caller, and preemption stays on */
static int run(struct vcpu *vcpu)
{
	struct kernel_fpu fpu;

	kernel_fpu_begin(&fpu, KERNEL_VXR);
	vcpu->page = get_zeroed_page(GFP_KERNEL);
	kernel_fpu_end(&fpu, KERNEL_VXR);
	return vcpu->page ? 0 : -ENOMEM;
}
