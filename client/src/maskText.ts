/** A flag, a composite, a variable or a number, perhaps inverted or in parentheses. */
const OPERAND = String.raw`[~(\s]*(?:0[xX][0-9a-fA-F]+|[A-Za-z_]\w*)(?:[ \t]*\))*`;
const EXPRESSION = new RegExp(String.raw`${OPERAND}(?:\s*[|&]\s*${OPERAND})*`, 'g');
const GFP_WORD = /\b_{0,3}GFP_\w+|\bgfp\w*|\b0[xX][0-9a-fA-F]+\b/;

/**
 * The mask expression in a line of C, a trace or a log around a column (UTF-16 units): `GFP_NOFS | __GFP_ZERO`, `0xcc0`.
 * Undefined when nothing there reads like a mask.
 */
export function maskTextAt(line: string, column: number): string | undefined {
  for (const match of line.matchAll(EXPRESSION)) {
    if (column < match.index || column > match.index + match[0].length) continue;
    const text = balanced(match[0].trim());
    return GFP_WORD.test(text) ? text : undefined;
  }
  return undefined;
}

/** Without parentheses that belong to the code around the expression, and without a pair around all of it. */
function balanced(text: string): string {
  let result = text;
  while (result.startsWith('(') && count(result, '(') > count(result, ')')) result = result.slice(1).trimStart();
  while (result.endsWith(')') && count(result, ')') > count(result, '(')) result = result.slice(0, -1).trimEnd();
  while (isWrapped(result)) result = result.slice(1, -1).trim();
  return result;
}

/** Whether the first parenthesis is closed by the last character. */
function isWrapped(text: string): boolean {
  if (!text.startsWith('(')) return false;
  let depth = 0;
  for (let i = 0; i < text.length; i++) {
    if (text[i] === '(') depth++;
    if (text[i] === ')' && --depth === 0) return i === text.length - 1;
  }
  return false;
}

function count(text: string, char: string): number {
  return text.split(char).length - 1;
}
