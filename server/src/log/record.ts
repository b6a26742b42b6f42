/**
 * What a log says, as read: every number with the line it stands on, nothing computed, nothing assumed. A field that the log does not have (or
 * that was cut in the middle) is absent.
 */
export interface Read<T> {
  readonly value: T;
  /** 1-based line of the input. */
  readonly line: number;
}

/**
 * `page`: "page allocation failure"; `vmalloc`: vmalloc's own report; `slab`: SLUB's report without one of the page allocator; `oom`: the OOM killer;
 * `sleep`: sleeping function called from invalid context; `atomic-schedule`: scheduling while atomic; `lockdep`: a lock report with reclaim in it;
 * `memory`: a memory summary without a header; `state`: the machine by files of /proc (buddyinfo, zoneinfo, ...), all of the input together; `events`: the trace events of the whole input.
 */
export type FailureKind = 'page' | 'vmalloc' | 'slab' | 'oom' | 'sleep' | 'atomic-schedule' | 'lockdep' | 'memory' | 'state' | 'events';

export interface FailureRecord {
  readonly kind: FailureKind;
  /** First and last line that belong to the record. */
  readonly line: number;
  readonly endLine: number;
  readonly header: Header;
  readonly machine: Machine;
  readonly trace: readonly Frame[];
  readonly memory: MemoryReport | undefined;
  readonly slab: SlabReport | undefined;
  readonly oom: OomReport | undefined;
  readonly context: ContextReport | undefined;
  /** `warn_alloc: N callbacks suppressed`: reports that were not printed. */
  readonly suppressed: Read<number> | undefined;
  /** Of a trace. */
  readonly events?: EventReport;
  /** Of a machine; its zones are in {@link memory}. */
  readonly state?: StateReport;
}

/** What files of /proc say of a machine. */
export interface StateReport {
  readonly line: number;
  readonly endLine: number;
  /** Size of a page; 4 where the text does not tell. */
  readonly pageKb: number;
  /** From buddyinfo, pagetypeinfo and zoneinfo; sizes in kB. */
  readonly zones: readonly ZoneReport[];
  /** kB, and counts of huge pages. */
  readonly meminfo: ReadonlyMap<string, number>;
  readonly vmstat: ReadonlyMap<string, number>;
  /** Of /proc/sys/vm, without `vm.`; of several numbers the first. */
  readonly sysctl: ReadonlyMap<string, number>;
  /** The largest caches. */
  readonly slabs: readonly { readonly name: string; readonly kb: number }[];
}

/** Trace events of the allocator, reclaim and compaction, counted. */
export interface EventReport {
  readonly line: number;
  readonly endLine: number;
  /** Events by name. */
  readonly counts: ReadonlyMap<string, number>;
  /** Those that failed most first, then those that are used most. */
  readonly masks: readonly MaskUse[];
  /** Direct reclaims that ended, the pages they got, and how many got none. */
  readonly reclaims: number;
  readonly reclaimed: number;
  readonly fruitless: number;
  /** Compactions by how they ended. */
  readonly compactions: ReadonlyMap<string, number>;
  /** Page blocks of another mobility that were broken up. */
  readonly fragmenting: number;
}

export interface MaskUse {
  /** As printed. */
  readonly text: string;
  /** Where it stands first. */
  readonly line: number;
  readonly requests: number;
  readonly failed: number;
  /** Direct reclaims and compactions for it. */
  readonly reclaims: number;
  readonly compactions: number;
  /** Requests of whole pages by order. */
  readonly orders: readonly number[];
  /** The largest callers, where the events name them. */
  readonly callers: readonly { readonly name: string; readonly count: number }[];
}

export interface Header {
  readonly process?: Read<string>;
  readonly order?: Read<number>;
  readonly mode?: Read<number>;
  /** The names printed beside the number, 4.6 and later. */
  readonly flags?: Read<string>;
  readonly nodemask?: Read<string>;
  readonly cpuset?: Read<string>;
  readonly memsAllowed?: Read<string>;
  readonly oomScoreAdj?: Read<number>;
  /** vmalloc: bytes asked for, and how many were there when it failed. */
  readonly bytes?: Read<number>;
  readonly allocatedBytes?: Read<number>;
  /** vmalloc: the reason in the kernel's words. */
  readonly reason?: Read<string>;
}

export interface Machine {
  readonly kernel?: Read<string>;
  readonly cpu?: Read<number>;
  readonly pid?: Read<number>;
  readonly command?: Read<string>;
  readonly hardware?: Read<string>;
  readonly workqueue?: Read<string>;
}

export interface Frame {
  readonly name: string;
  readonly line: number;
  readonly module?: string;
  /** Found on the stack but not part of the chain of calls (`?`). */
  readonly unsure: boolean;
  /** Written into the trace by a decoder: `mm/slub.c:3075`. */
  readonly source?: string;
}

export interface MemoryReport {
  readonly line: number;
  /** The counters under `Mem-Info:`, pages: `free`, `free_cma`, `active_file`, ... */
  readonly counters: ReadonlyMap<string, Read<number>>;
  readonly nodes: readonly NodeReport[];
  readonly zones: readonly ZoneReport[];
  readonly hugepages: readonly HugepageReport[];
  /** `N pages RAM`, `N total pagecache pages`, pages; `Free swap`, `Total swap`, kB. */
  readonly totals: ReadonlyMap<string, Read<number>>;
}

export interface NodeReport {
  readonly node: number;
  readonly line: number;
  /** kB. */
  readonly fields: ReadonlyMap<string, Read<number>>;
  readonly allUnreclaimable?: Read<boolean>;
}

export interface ZoneReport {
  readonly node: number | undefined;
  readonly name: string;
  readonly line: number;
  /** kB: `free`, `boost`, `min`, `low`, `high`, `managed`, `free_cma`, ... */
  readonly fields: ReadonlyMap<string, Read<number>>;
  /** Pages kept back from requests that could use a higher zone, by the index of that zone. */
  readonly lowmemReserve?: Read<readonly number[]>;
  readonly buddy?: BuddyReport;
}

export interface BuddyReport {
  readonly line: number;
  readonly cells: readonly BuddyCell[];
  /** The sum the kernel printed, kB. */
  readonly total?: Read<number>;
}

export interface BuddyCell {
  readonly count: number;
  /** Size of one block. */
  readonly blockKb: number;
  /** Letters of the free lists that hold such blocks: U M E R H C I; absent when the log has none. */
  readonly types?: string;
  readonly line: number;
}

export interface HugepageReport {
  readonly node: number;
  readonly line: number;
  readonly sizeKb: number;
  readonly total: number;
  readonly free: number;
}

export interface SlabReport {
  readonly line: number;
  readonly node?: Read<number>;
  readonly mode?: Read<number>;
  readonly flags?: Read<string>;
  readonly cache?: Read<string>;
  readonly objectSize?: Read<number>;
  readonly bufferSize?: Read<number>;
  readonly defaultOrder?: Read<number>;
  readonly minOrder?: Read<number>;
  /** How many such reports stand in the record. */
  readonly reports: number;
}

export interface OomReport {
  /** `CONSTRAINT_NONE`, `CONSTRAINT_MEMCG`, ...; printed since 5.0. */
  readonly constraint?: Read<string>;
  readonly memcg?: Read<string>;
  /** Usage and limit of the group, kB. */
  readonly memcgUsage?: Read<number>;
  readonly memcgLimit?: Read<number>;
  readonly victim?: Read<string>;
  readonly victimPid?: Read<number>;
  /** kB. */
  readonly victimAnonRss?: Read<number>;
  /** The task table: how many rows, and the largest tasks, pages. */
  readonly taskCount: number;
  readonly largestTasks: readonly OomTask[];
  readonly noKillable?: Read<boolean>;
  /** The kernel panicked instead of killing a task. */
  readonly panicked?: Read<boolean>;
}

export interface OomTask {
  readonly line: number;
  readonly pid: number;
  readonly name: string;
  readonly rssPages: number;
  readonly oomScoreAdj: number | undefined;
}

/** What a report about the wrong context says. */
export interface ContextReport {
  /** `include/linux/sched/mm.h:274`: where the check stands. */
  readonly place?: Read<string>;
  readonly inAtomic?: Read<number>;
  readonly irqsDisabled?: Read<number>;
  readonly nonBlock?: Read<number>;
  readonly preemptCount?: Read<number>;
  readonly rcuDepth?: Read<number>;
  readonly locks: readonly HeldLock[];
  readonly preemptionDisabledAt?: Read<string>;
  /** Lockdep: the title after `WARNING:`. */
  readonly title?: Read<string>;
  readonly reclaim?: Read<string>;
  /** `RECLAIM_FS-ON-W -> IN-RECLAIM_FS-W`: how a lock was held before, and how it is taken now. */
  readonly usage?: Read<string>;
  readonly acquiring?: Read<string>;
  readonly holding?: Read<string>;
}

export interface HeldLock {
  readonly name: string;
  readonly line: number;
  readonly at: string;
  /** Lockdep's wait type, 5.7 and later: 1 RCU, 2 spinning, 3 and above sleeping. */
  readonly waitType?: number;
}
