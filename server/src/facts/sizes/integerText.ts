const ESCAPES: Readonly<Record<string, number>> = { n: 10, t: 9, r: 13, '0': 0, a: 7, b: 8, f: 12, v: 11, e: 27 };

/** The value of a C integer literal (decimal, hex, octal, binary, any suffix), or undefined for floats and values beyond 2^53. */
export function integerValue(text: string): number | undefined {
  const digits = text.replace(/[uUlL]{1,3}$/, '');
  if (/^0[xX][0-9a-fA-F]+$/.test(digits) || /^0[bB][01]+$/.test(digits)) return safe(Number(digits));
  if (/^0[0-7]+$/.test(digits)) return safe(Number.parseInt(digits, 8));
  return /^\d+$/.test(digits) ? safe(Number(digits)) : undefined;
}

/** The value of a character literal, or undefined for multi-character ones. */
export function characterValue(text: string): number | undefined {
  const inner = text.slice(text.indexOf("'") + 1, -1);
  if (inner.length === 1) return inner.charCodeAt(0);
  if (!inner.startsWith('\\')) return undefined;
  const code = inner.slice(1);
  if (/^x[0-9a-fA-F]{1,2}$/.test(code)) return Number.parseInt(code.slice(1), 16);
  if (/^[0-7]{1,3}$/.test(code)) return Number.parseInt(code, 8);
  return ESCAPES[code] ?? (code.length === 1 ? code.charCodeAt(0) : undefined);
}

function safe(value: number): number | undefined {
  return Number.isSafeInteger(value) ? value : undefined;
}
