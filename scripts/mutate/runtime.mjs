// What the mutated programs call: `__mutants.on(5)` is true when mutant 5 is switched on. Goes into the bundle as text.

/** With GFP_REACHED, the numbers of all mutants that the run comes by are written there. */
export const RUNTIME = `
globalThis.__mutants ??= (() => {
  const chosen = Number(process.env.GFP_MUTANT ?? -1);
  const file = process.env.GFP_REACHED;
  const reached = new Uint8Array(100000);
  if (file) process.on('exit', () => {
    const numbers = [];
    reached.forEach((there, id) => there && numbers.push(id));
    require('node:fs').writeFileSync(file, JSON.stringify(numbers));
  });
  const on = file ? (id) => ((reached[id] = 1), false) : (id) => id === chosen;
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
    negated: (id, value) => (on(id) ? !value : value),
    not: (id, value) => (on(id) ? value : !value),
    operate: (id, operator, other, a, b) => compute(on(id) ? other : operator, a, b),
    choose: (id, operator, other, a, b) => decide(on(id) ? other : operator, a, b),
  };
})();
`;
