/** Between quick changes the analysis rests at most this long, ms. */
const LONGEST_PAUSE = 30;
/** A document that changes all the time is analysed at least this often, ms. */
const LONGEST_WAIT = 150;

interface DocumentState {
  /** The analysis that is due. */
  timer: NodeJS.Timeout | undefined;
  /** When the oldest change came that was not analysed; meaningful while there is a timer. */
  waitingSince: number;
  lastChange: number;
  /** How long the last analysis took, ms. */
  cost: number;
}

/**
 * Decides when the diagnostics of a changed document are made: at once while changes come slower than the analysis runs,
 * otherwise in a pause between them. The work is done in one piece, so what is published always belongs to the newest text.
 */
export class PushSchedule {
  private readonly documents = new Map<string, DocumentState>();

  /** `publish` must not throw. */
  constructor(private readonly publish: (uri: string) => void) {}

  changed(uri: string): void {
    const now = performance.now();
    const state = this.documents.get(uri) ?? { timer: undefined, waitingSince: now, lastChange: Number.NEGATIVE_INFINITY, cost: 0 };
    this.documents.set(uri, state);
    if (state.timer === undefined) state.waitingSince = now;
    else clearTimeout(state.timer);
    const quick = now - state.lastChange < state.cost;
    state.lastChange = now;
    const pause = quick ? Math.min(LONGEST_PAUSE, state.cost / 4, Math.max(0, state.waitingSince + LONGEST_WAIT - now)) : 0;
    state.timer = setTimeout(() => this.fire(uri, state), pause);
  }

  closed(uri: string): void {
    clearTimeout(this.documents.get(uri)?.timer);
    this.documents.delete(uri);
  }

  private fire(uri: string, state: DocumentState): void {
    state.timer = undefined;
    const start = performance.now();
    this.publish(uri);
    state.cost = performance.now() - start;
  }
}
