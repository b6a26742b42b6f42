/** Longer texts are no choice of two numbers. */
const LONGEST = 200;

/**
 * Value of a constant of the headers that is a number of bits: names, numbers, sums, parentheses, and the smaller of two written as
 * `a <= n ? a : n`.
 *
 * @returns undefined for anything it does not understand, and for names that `constant` does not know.
 */
export function evaluateShift(text: string, constant: (name: string) => number | undefined): number | undefined {
  const choice = text.length > LONGEST ? null : /^\s*\(?\s*(.+?)\s*<=\s*(\w+)\s*\?(.+):(.+?)\)?\s*$/.exec(text);
  if (choice !== null) {
    const [left, limit] = [sum(choice[1]!, constant), sum(choice[2]!, constant)];
    return left === undefined || limit === undefined ? undefined : Math.min(left, limit);
  }
  return sum(text, constant);
}

function sum(text: string, constant: (name: string) => number | undefined): number | undefined {
  const flat = text.replace(/[()\s]/g, '');
  // A minus before a parenthesis would change the signs behind it.
  if (/-\s*\(/.test(text) || !/^[\w+-]+$/.test(flat)) return undefined;
  let total = 0;
  for (const [, sign, word] of flat.matchAll(/([+-]?)(\w+)/g)) {
    const value = /^\d+$/.test(word!) ? Number(word) : constant(word!);
    if (value === undefined) return undefined;
    total += sign === '-' ? -value : value;
  }
  return total;
}
