/** A whole number as people, logs and trace events write one: decimal, or hexadecimal behind `0x`. undefined for any other text. */
export function wholeNumber(text: string): number | undefined {
  return /^(?:0x[0-9a-f]+|\d+)$/i.test(text) ? Number(text) : undefined;
}
