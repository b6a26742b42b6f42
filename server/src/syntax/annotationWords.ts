/**
 * Words that annotate declarations in the kernel and mean nothing for their structure, with or without arguments
 * (include/linux/{init,compiler_types,compiler_attributes,cache,linkage}.h). Words a tree defines beyond them come in
 * through `ParseOptions.annotations`; unknown ones are recognised by where they stand.
 */
export const ANNOTATION_WORDS = `
  __init __exit __initdata __initconst __exitdata __exitconst __exit_call __ref __refdata __refconst
  __meminit __memexit __meminitdata __meminitconst __devinit __devexit __devinitdata __cpuinit __cpuinitdata __net_init
  __net_exit __net_initdata __net_initconst __init_or_module __initdata_or_module __initconst_or_module
  __init_or_acpilib __initdata_or_acpilib __init_or_cpufreq __init_or_fwtbl_lib __init_memblock __initdata_memblock
  __initdata_or_meminfo __init_task_data __init_thread_info __init_refok __exit_refok __exit_p __exitused
  __head __noinitretpoline __flatten __efiapi __efi_runtime asmlinkage_protect
  __user __iomem __percpu __rcu __force __kernel __nocast __bitwise __bitwise__ __private __safe __nosave __nosavedata
  __must_check __maybe_unused __always_unused __used __unused __cold __hot __pure __const_fn __attribute_const__ __noreturn
  __malloc __alloc_size __alloc_size__ __realloc_size __assume_aligned __assume_kmalloc_alignment __assume_slab_alignment __assume_page_alignment __copy __alias __compiletime_error
  __compiletime_warning __designated_init __deprecated __mode __no_randomize_layout __randomize_layout __retain
  __visible __externally_visible __attribute_used__ __noclone __noipa __nonstring __nonstring_array __gnu_inline __no_caller_saved_registers
  __no_kasan_or_inline __no_kcsan __no_kcsan_or_inline __no_sanitize_or_inline __no_kmsan_checks __no_profile __no_sanitize_address __no_sanitize_coverage
  __no_sanitize_memory __no_sanitize_thread __no_sanitize_undefined __no_stack_protector __nocfi __noscs __nostackprotector
  __disable_sanitizer_instrumentation __signed_wrap __uninitialized __latent_entropy __lockfunc __sched __cpuidle
  __softirq_entry __irq_entry __exception_irq_entry __kprobes __notrace_funcgraph __xipram __xip_text __ramfunc
  __read_mostly __ro_after_init __lsm_ro_after_init __data_racy __tracepoint_string __moduleparam_const __overloadable
  __preserve_most __pass_object_size __pass_dynamic_object_size __diagnose_as __mayalias __annotate_jump_table
  __counted_by __counted_by_le __counted_by_be __counted_by_ptr __sized_by __printf __scanf __acquires __releases __must_hold __acquire_shared
  __acquires_shared __releases_shared __must_hold_shared __must_not_hold __cond_acquires __cond_acquires_shared __cond_releases __guarded_by __pt_guarded_by
  __no_context_analysis __context_unsafe __acquires_ret __acquires_shared_ret
  __bpf_kfunc __bpf_hook_start __rust_helper __inline_maybe_unused __async_inline __ioremap_ret __jiffy_arch_data
  __function_aligned __module_layout_align __module_memory_align __hrtimer_clock_base_align __compat_sys_align
  __no_sanitize __noinstr_section __noendbr __no_kstack_erase __nomips16 __vdso_data __pmd_val_fn __maybe_guest __hyp_text
  __ptrauth __arm_smccc noinline noinline_for_stack noinline_for_kasan noinline_for_tracing noinstr notrace nokprobe_inline
  asmlinkage fastcall no_llseek_attr likely_notrace __naked __printf_like __weak_attr INIT_TEXT_ATTR __noretpoline
  __page_aligned_bss __page_aligned_data __bss_decrypted __no_stack_erase __percpu_seg_override __section_aligned __ksym __kconfig __arena
`;

/** Annotation words that stay in the tree as Attribute nodes, because layout, lifetime or linkage depends on them. */
export const ATTRIBUTE_WORDS = `
  __free __cleanup __packed __aligned __aligned_largest ____cacheline_aligned ____cacheline_aligned_in_smp
  ____cacheline_internodealigned_in_smp __cacheline_aligned __cacheline_aligned_in_smp
  ____dma_from_device_aligned __dma_from_device_aligned __section __weak CRYPTO_MINALIGN_ATTR
`;
