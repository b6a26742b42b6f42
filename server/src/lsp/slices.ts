import { nextTurn } from './turn';

/** The loop lets the connection have its turn after this long, ms. */
const SLICE = 10;

/** Cuts long work into slices, so that the connection answers questions meanwhile. */
export class Slices {
  private end = performance.now() + SLICE;

  /** Gives the loop its turn when the slice is over; answers whether it was. */
  async pause(): Promise<boolean> {
    if (performance.now() < this.end) return false;
    await nextTurn();
    this.end = performance.now() + SLICE;
    return true;
  }
}

/** Takes the steps of a work in slices. */
export async function inSlices<T>(work: Generator<void, T>): Promise<T> {
  const slices = new Slices();
  for (;;) {
    const { done, value } = work.next();
    if (done) return value;
    await slices.pause();
  }
}
