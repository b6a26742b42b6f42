/** Types that a macro call at file level defines, as text with the same layout (include/linux/seqlock.h, include/linux/kfifo.h; 6.1 and 6.12). */
export function generatedType(name: string): string | undefined {
  if (/^(struct )?seqcount_(raw_spinlock|spinlock|rwlock|mutex|ww_mutex)(_t)?$/.test(name)) return SEQCOUNT_WITH_LOCK;
  return name === 'struct kfifo' ? 'struct { struct __kfifo kfifo; }' : undefined;
}

const SEQCOUNT_WITH_LOCK = `struct {
	seqcount_t seqcount;
#if defined(CONFIG_LOCKDEP) || defined(CONFIG_PREEMPT_RT)
	void *lock;
#endif
}`;
