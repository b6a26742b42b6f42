export const enum DirectiveKind {
  /** `#error`, `#pragma`, `#line`, a lone `#`, and whatever else. */
  Other = 0,
  Define,
  Undef,
  Include,
  If,
  Ifdef,
  Ifndef,
  Elif,
  Elifdef,
  Elifndef,
  Else,
  Endif,
}

/** The preprocessor directives of one file in source order, as parallel arrays of byte offsets. */
export interface Directives {
  readonly count: number;
  /** {@link DirectiveKind} */
  readonly kind: Uint8Array;
  /** Offset of the `#`. */
  readonly start: Uint32Array;
  /** Offset behind the directive's word. */
  readonly argument: Uint32Array;
  /** Offset behind the last byte of the logical line, its line feed not included. */
  readonly end: Uint32Array;
  /** Number of the first token behind the directive. */
  readonly token: Uint32Array;
}
