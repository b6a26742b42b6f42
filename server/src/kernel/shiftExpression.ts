/**
 * Value of a constant of the headers that is a number of bits: names, numbers, sums, parentheses, and the smaller of two written as
 * `a <= n ? a : n`.
 *
 * @returns undefined for anything it does not understand, and for names that `constant` does not know.
 */
export function evaluateShift(text: string, constant: (name: string) => number | undefined): number | undefined {
  const comparison = text.indexOf('<=');
  const choice = text.indexOf('?', comparison);
  if (comparison < 0 || choice < 0) return sum(text, constant);
  const [left, limit] = [sum(text.slice(0, comparison), constant), sum(text.slice(comparison + 2, choice), constant)];
  return left === undefined || limit === undefined ? undefined : Math.min(left, limit);
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
