import { type Answers, Questions } from '../../base/answers';
import { MentionUse } from '../../facts/linkage/linkage';
import type { Callbacks } from './callbacks';
import type { ProgramGraph } from './graph';
import type { NameResolution } from './nameResolution';
import type { Relevance } from './relevance';
import type { SleepableContexts } from './sleepableContexts';

/** `module_init`, `subsys_initcall`, `module_platform_driver_probe`. console_initcall() runs before interrupts are sure to be on. */
const INITCALL = /^(?!console_|early_).*initcall|^(?:module|builtin)_/;

/**
 * Code that runs before the first initcall: `time_init()` and what it calls through pointers. Interrupts may be off there, and it is gfp_allowed_mask alone that lets
 * GFP_KERNEL pass (mm/page_alloc.c; init/main.c: kernel_init_freeable() lifts it before do_basic_setup(), 6.12).
 */
export class BootCode {
  private readonly questions = new Questions();
  private readonly late: Answers<number, boolean> = new Map();

  constructor(
    private readonly graph: ProgramGraph,
    private readonly resolution: NameResolution,
    private readonly callbacks: Callbacks,
    private readonly relevance: Relevance,
    private readonly contexts: SleepableContexts,
  ) {}

  /** Whether some way into a function begins in such code. */
  leadsTo(fn: number): boolean {
    const { graph, contexts } = this;
    const ways = new Set([fn]);
    for (const one of ways) {
      if (!graph.isInit(one)) {
        for (const { call } of contexts.entriesOf(one) ?? []) if (call >= 0 && !graph.provesSleep(call)) ways.add(graph.callerOf(call));
      } else if (!this.isLate(one)) return true;
    }
    return false;
  }

  /** Whether an `__init` function is run by do_initcalls(), by a driver's registration, or by such functions alone. */
  private isLate(fn: number): boolean {
    return this.questions.answer(this.late, fn, false, () => this.isRegisteredLate(fn) || this.areCallersLate(fn));
  }

  private isRegisteredLate(fn: number): boolean {
    const { graph, callbacks } = this;
    return this.contexts.mentionsOf(graph.nameOf(fn)).some((mention) => {
      const place = graph.mention(mention);
      if (!this.resolution.of(place.file, place.name).functions.includes(fn)) return false;
      if (place.use === MentionUse.Call && INITCALL.test(graph.names.text(place.owner))) return true;
      const row = callbacks.rowOf(place);
      return row !== undefined && row !== 'none' && row.row.maySleep === true;
    });
  }

  private areCallersLate(fn: number): boolean {
    const { graph } = this;
    const name = graph.nameOf(fn);
    let [some, all] = [false, true];
    this.relevance.eachCallOf(name, (call) => {
      const caller = graph.callerOf(call);
      if (!this.resolution.of(graph.fileOf(caller), name).functions.includes(fn)) return;
      some = true;
      all &&= !graph.isInit(caller) || graph.provesSleep(call) || this.isLate(caller);
    });
    return some && all;
  }
}
