/** Analyses no sooner than this after the last of quick changes, ms; a document that is slow to analyse waits longer. */
const LONGEST_PAUSE = 30;
/** A document that changes all the time is analysed at least this often, ms. */
const LONGEST_WAIT = 150;

interface Pending {
  readonly timer: NodeJS.Timeout;
  readonly since: number;
}

/**
 * Decides when the diagnostics of a changed document are made: at once while that is cheap, later while changes come
 * faster than the analysis runs. The work is done in one piece, so what is published always belongs to the newest text.
 */
export class PushSchedule {
  private readonly pending = new Map<string, Pending>();
  /** How long the last analysis took, ms. */
  private readonly cost = new Map<string, number>();

  constructor(private readonly publish: (uri: string) => void) {}

  changed(uri: string): void {
    const before = this.pending.get(uri);
    const now = performance.now();
    const since = before?.since ?? now;
    if (before !== undefined) clearTimeout(before.timer);
    const pause = Math.min(LONGEST_PAUSE, (this.cost.get(uri) ?? 0) / 4, Math.max(0, since + LONGEST_WAIT - now));
    this.pending.set(uri, { timer: setTimeout(() => this.fire(uri), pause), since });
  }

  closed(uri: string): void {
    const before = this.pending.get(uri);
    if (before !== undefined) clearTimeout(before.timer);
    this.pending.delete(uri);
    this.cost.delete(uri);
  }

  private fire(uri: string): void {
    this.pending.delete(uri);
    const start = performance.now();
    this.publish(uri);
    this.cost.set(uri, performance.now() - start);
  }
}
