/** So long after the last change nobody is typing, ms. */
const PAUSE = 250;

/** Tells when a document has not changed for a while. */
export class IdleSchedule {
  private readonly timers = new Map<string, NodeJS.Timeout>();

  /** `rest` must not throw. */
  constructor(private readonly rest: (uri: string) => void) {}

  changed(uri: string): void {
    clearTimeout(this.timers.get(uri));
    this.timers.set(
      uri,
      setTimeout(() => {
        this.timers.delete(uri);
        this.rest(uri);
      }, PAUSE),
    );
  }

  closed(uri: string): void {
    clearTimeout(this.timers.get(uri));
    this.timers.delete(uri);
  }
}
