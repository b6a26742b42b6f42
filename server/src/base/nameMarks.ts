import { grown } from './grown';

/** A set of interned names that is emptied without touching its members. */
export class NameMarks {
  private stamps = new Uint32Array(1 << 12);
  private stamp = 1;
  private count = 0;

  /** Number of names in the set. */
  get size(): number {
    return this.count;
  }

  clear(): void {
    this.stamp++;
    this.count = 0;
  }

  add(name: number): void {
    if (name >= this.stamps.length) this.stamps = grown(this.stamps, Math.max(name + 1, this.stamps.length * 2));
    if (this.stamps[name] === this.stamp) return;
    this.stamps[name] = this.stamp;
    this.count++;
  }

  has(name: number): boolean {
    return this.stamps[name] === this.stamp;
  }
}
