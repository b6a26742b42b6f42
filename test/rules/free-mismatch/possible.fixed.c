/* One caller passes memory of the wrong kind; another does not, or something else decides. */
#include <linux/mm.h>
#include <linux/slab.h>

struct job {
	int count;
	u64 items[];
};

static void job_free(struct job *job)
{
	if (job->count > 0)
		kvfree(job); // want? free-mismatch "kfree() cannot free job: it comes from kvzalloc()"
}

static int job_run(unsigned int n)
{
	struct job *job = kvzalloc(struct_size(job, items, n), GFP_KERNEL);

	if (!job)
		return -ENOMEM;
	job->count = n;
	job_free(job);
	return 0;
}

static void job_drop(struct job *job)
{
	kvfree(job); // want? free-mismatch "kfree() cannot free job: it comes from kvzalloc()"
}

static void job_try(void)
{
	struct job *small = kzalloc(sizeof(*small), GFP_KERNEL);
	struct job *large = kvzalloc(65536, GFP_KERNEL);

	if (small)
		job_drop(small);
	if (large)
		job_drop(large);
}
