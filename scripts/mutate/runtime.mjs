// What the mutated programs call: `__mutants.on(5)` is true when mutant 5 is switched on. Goes into the bundle as text, in front of everything else.
// A mutant counts as switched on from the first line on: tables that are made when a module is loaded have it too.

/** With GFP_NOTES, the numbers of all mutants that the run comes by are noted. */
export const RUNTIME = `
globalThis.__mutants ??= (() => {
  const chosen = Number(process.env.GFP_MUTANT ?? -1);
  const notes = process.env.GFP_NOTES !== undefined;
  const reached = new Uint8Array(100000);
  const on = notes ? (id) => ((reached[id] = 1), false) : (id) => id === chosen;
  /** The numbers noted since it was asked last. */
  const taken = () => {
    const numbers = [];
    reached.forEach((there, id) => there && numbers.push(id));
    reached.fill(0);
    return numbers;
  };
  const compute = (operator, a, b) => {
    switch (operator) {
      case '<': return a < b;
      case '<=': return a <= b;
      case '>': return a > b;
      case '>=': return a >= b;
      case '===': return a === b;
      case '!==': return a !== b;
      case '+': return a + b;
      case '-': return a - b;
      case '*': return a * b;
      case '/': return a / b;
      case '%': return a % b;
      case '&': return a & b;
      case '|': return a | b;
      case '<<': return a << b;
      case '>>>': return a >>> b;
    }
  };
  const decide = (operator, a, b) => (operator === '&&' ? a() && b() : operator === '||' ? a() || b() : a() ?? b());
  return {
    on,
    taken,
    negated: (id, value) => (on(id) ? !value : value),
    not: (id, value) => (on(id) ? value : !value),
    operate: (id, operator, other, a, b) => compute(on(id) ? other : operator, a, b),
    choose: (id, operator, other, a, b) => decide(on(id) ? other : operator, a, b),
  };
})();
`;
