import type {
  BuddyReport,
  ContextReport,
  EventReport,
  FailureKind,
  FailureRecord,
  Frame,
  Header,
  HeldLock,
  HugepageReport,
  Machine,
  NodeReport,
  OomReport,
  OomTask,
  Read,
  SlabReport,
  StateReport,
} from './record';

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

export interface DraftZone {
  readonly node: number | undefined;
  readonly name: string;
  readonly line: number;
  readonly fields: Map<string, Read<number>>;
  lowmemReserve?: Read<readonly number[]>;
  buddy?: BuddyReport;
}

export interface DraftMemory {
  readonly line: number;
  readonly counters: Map<string, Read<number>>;
  readonly nodes: NodeReport[];
  readonly zones: DraftZone[];
  readonly hugepages: HugepageReport[];
  readonly totals: Map<string, Read<number>>;
}

/** Rows that are kept of a list that may have thousands. */
const MOST_FRAMES = 256;
const MOST_TASKS = 10;

/** A record while its lines come in. */
export class Draft {
  readonly header: Mutable<Header> = {};
  readonly machine: Mutable<Machine> = {};
  readonly trace: Frame[] = [];
  memory: DraftMemory | undefined;
  slab: Mutable<SlabReport> | undefined;
  oom: (Mutable<Omit<OomReport, 'largestTasks'>> & { largestTasks: OomTask[] }) | undefined;
  context: (Mutable<Omit<ContextReport, 'locks'>> & { locks: HeldLock[] }) | undefined;
  suppressed: Read<number> | undefined;
  endLine: number;
  /** Lockdep: which lock the next line names. */
  awaited: 'acquiring' | 'holding' | undefined;
  /** The trace is over: later frames belong to something else. */
  traceEnded = false;

  constructor(
    public kind: FailureKind,
    readonly line: number,
    readonly caller: string | undefined,
  ) {
    this.endLine = line;
    if (kind === 'oom') this.ensureOom();
  }

  ensureMemory(line: number): DraftMemory {
    this.memory ??= { line, counters: new Map(), nodes: [], zones: [], hugepages: [], totals: new Map() };
    return this.memory;
  }

  ensureContext(): NonNullable<Draft['context']> {
    this.context ??= { locks: [] };
    return this.context;
  }

  private ensureOom(): NonNullable<Draft['oom']> {
    this.oom ??= { taskCount: 0, largestTasks: [] };
    return this.oom;
  }

  addFrame(frame: Frame): void {
    if (this.trace.length < MOST_FRAMES) this.trace.push(frame);
  }

  addTask(task: OomTask): void {
    const oom = this.ensureOom();
    const { largestTasks } = oom;
    oom.taskCount++;
    const at = largestTasks.findIndex((one) => one.rssPages < task.rssPages);
    if (at >= 0) largestTasks.splice(at, 0, task);
    else largestTasks.push(task);
    if (largestTasks.length > MOST_TASKS) largestTasks.pop();
  }

  /** The record of a machine. */
  finishState(state: StateReport): FailureRecord {
    const { line, zones } = state;
    const memory = { line, counters: new Map(), nodes: [], zones, hugepages: [], totals: new Map() };
    return { ...this.finish(), endLine: state.endLine, memory: zones.length === 0 ? undefined : memory, state };
  }

  /** The record of a whole trace. */
  finishEvents(events: EventReport): FailureRecord {
    return { ...this.finish(), endLine: events.endLine, events };
  }

  finish(): FailureRecord {
    const { kind, line, endLine, header, machine, trace, memory, slab, oom, context, suppressed } = this;
    return { kind, line, endLine, header, machine, trace, memory, slab, oom, context, suppressed };
  }
}
