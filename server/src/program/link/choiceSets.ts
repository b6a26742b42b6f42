/** What is known of a parameter: nothing, that it is zero, that it is something else. Named constants are numbers above these. */
export const enum Known {
  Nothing = 0,
  Zero = 1,
  Nonzero = 2,
  /** Plus the code of the constant. */
  Constant = 16,
}

/** What a caller says of a few parameters of its callee, as one number; equal sets are equal numbers, and 0 says nothing. */
export class ChoiceSets {
  private readonly sets: (readonly number[])[] = [[]];
  private readonly numbers = new Map<string, number>();

  of(values: readonly number[]): number {
    if (values.every((value) => value === Known.Nothing)) return 0;
    const key = values.join();
    let number = this.numbers.get(key);
    if (number === undefined) {
      number = this.sets.push(values) - 1;
      this.numbers.set(key, number);
    }
    return number;
  }

  /** What is known of the n-th of the parameters. */
  at(set: number, index: number): number {
    return this.sets[set]![index] ?? Known.Nothing;
  }
}
