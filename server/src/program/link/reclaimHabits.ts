import { folderOf } from '../../base/paths';
import { Act, Via } from '../../facts/linkage/linkage';
import type { CallVerdict } from '../../facts/linkage/verdict';
import type { KernelModel } from '../../kernel/model';
import type { ProgramGraph } from './graph';

/** How often code allocates without `__GFP_FS` or `__GFP_IO`, and how often with both. */
interface Habit {
  readonly of: 'file' | 'folder' | 'callee';
  /** Masks without `__GFP_FS`; those of them that also do without `__GFP_IO`. */
  careful: number;
  withoutIo: number;
  free: number;
  /** The first careful call. */
  witness: number;
}

/** Careful masks that make a habit, and how many of them must stand against one that is not. */
const ENOUGH: Readonly<Record<Habit['of'], { readonly careful: number; readonly perFree: number }>> = {
  file: { careful: 3, perFree: 2 },
  folder: { careful: 15, perFree: 3 },
  callee: { careful: 3, perFree: 3 },
};

/** What runs before there is any I/O that could come back. */
const BEFORE_IO = /(^|_)(init|probe|mount|fill_super|setup|register|parse|module|attach|configure)(_|$)/;

/**
 * Code that keeps reclaim out by habit: where the masks of a file or a folder, or those handed to one function, nearly all do without `__GFP_FS`, the author
 * knew of a reason that the analysis does not, and one that has the flag is worth a look. Nothing is proven by it.
 */
export class ReclaimHabits {
  private readonly files = new Map<number, Habit>();
  private readonly folders = new Map<string, Habit>();
  private readonly callees = new Map<number, Habit>();
  private readonly beforeIo = new Map<number, boolean>();

  constructor(
    private readonly graph: ProgramGraph,
    model: KernelModel,
  ) {
    const catalogued = new Set(model.functions.all.map((row) => graph.names.find(row.name)));
    for (let call = 0; call < graph.callCount; call++) {
      const act = graph.actOf(call);
      if (act < Act.BlocksIo || this.isBeforeIo(call)) continue;
      note(this.files, graph.fileOf(graph.callerOf(call)), 'file', call, act);
      note(this.folders, folderOf(graph.pathOf(graph.callerOf(call))), 'folder', call, act);
      const callee = graph.calleeOf(call);
      if (graph.viaOf(call) === Via.Name && !catalogued.has(callee)) note(this.callees, callee, 'callee', call, act);
    }
  }

  /** What the habit of the code around says of a call; undefined when there is none, or the call follows it. */
  verdictOf(call: number): Pick<CallVerdict, 'kind' | 'certainty' | 'reason' | 'steps'> | undefined {
    const { graph } = this;
    if (graph.actOf(call) !== Act.BlocksFs) return undefined;
    const habit = this.habitAt(call);
    if (!habit || this.isBeforeIo(call)) return undefined;
    const isIo = habit.withoutIo * 2 > habit.careful;
    const flag = isIo ? '__GFP_IO' : '__GFP_FS';
    const callee = graph.names.text(graph.calleeOf(habit.witness));
    const start = graph.callOffsetOf(habit.witness);
    const fn = graph.callerOf(habit.witness);
    return {
      kind: isIo ? 'no-io' : 'no-fs',
      certainty: 'possible',
      reason: wordsOf(habit, flag, graph.names.text(graph.calleeOf(call))),
      steps: [
        { path: graph.pathOf(fn), start, end: start + callee.length, message: `${graph.textOf(fn)}() allocates without ${flag} here` },
      ],
    };
  }

  private habitAt(call: number): Habit | undefined {
    const { graph } = this;
    const candidates = [
      this.callees.get(graph.calleeOf(call)),
      this.files.get(graph.fileOf(graph.callerOf(call))),
      this.folders.get(folderOf(graph.pathOf(graph.callerOf(call)))),
    ];
    return candidates.find(
      (habit) => habit !== undefined && habit.careful >= ENOUGH[habit.of].careful && habit.careful >= ENOUGH[habit.of].perFree * habit.free,
    );
  }

  private isBeforeIo(call: number): boolean {
    const fn = this.graph.callerOf(call);
    let known = this.beforeIo.get(fn);
    if (known === undefined) this.beforeIo.set(fn, (known = this.graph.isInit(fn) || BEFORE_IO.test(this.graph.textOf(fn))));
    return known;
  }
}

function note<Key>(habits: Map<Key, Habit>, key: Key, of: Habit['of'], call: number, act: Act): void {
  let habit = habits.get(key);
  if (!habit) habits.set(key, (habit = { of, careful: 0, withoutIo: 0, free: 0, witness: -1 }));
  if (act === Act.BlocksFs) {
    habit.free++;
    return;
  }
  habit.careful++;
  if (act === Act.BlocksOnly) habit.withoutIo++;
  if (habit.witness < 0) habit.witness = call;
}

function wordsOf({ of, careful, free }: Habit, flag: string, called: string): string {
  const all = careful + free;
  return of !== 'callee'
    ? `${careful} of ${all} masks in this ${of} do without ${flag}`
    : `${careful} of ${all} calls of ${called}() do without ${flag}`;
}
