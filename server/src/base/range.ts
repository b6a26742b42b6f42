/** Half-open range of byte offsets into a source file or log. */
export interface TextRange {
  readonly start: number;
  readonly end: number;
}

/** True when `offset` lies inside the range or at its end (the cursor after the last character counts). */
export function touches(range: TextRange, offset: number): boolean {
  return range.start <= offset && offset <= range.end;
}
