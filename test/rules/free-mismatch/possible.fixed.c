/* The callers in sight pass memory of the wrong kind; there may be others. */
#include <linux/mm.h>
#include <linux/slab.h>

struct job {
	int count;
	u64 items[];
};

static void job_free(struct job *job)
{
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
