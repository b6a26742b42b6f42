/** The first number of [from, to) for which something holds that holds for all behind it as well; `to` where there is none. */
export function firstThat(from: number, to: number, holds: (index: number) => boolean): number {
  let [low, high] = [from, to];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (holds(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}
