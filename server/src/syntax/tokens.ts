/**
 * The tokens of one file: parallel arrays indexed by token number. Token 0 is a sentinel (kind Eof) so that 0 can mean
 * "no token"; the last token is an Eof at the end of the text. Comments and white space are not tokens; preprocessor
 * directives are not tokens either; `SourceFile.macros` and `includes` are read from them.
 */
export interface Tokens {
  readonly count: number;
  /** {@link TokenKind} */
  readonly kind: Uint8Array;
  /** Byte offset of the first byte. */
  readonly start: Uint32Array;
  /** Byte offset behind the last byte. */
  readonly end: Uint32Array;
  /** Interned spelling of identifiers and keywords, otherwise 0. */
  readonly symbol: Uint32Array;
}

export const enum TokenKind {
  Eof = 0,
  Identifier,
  Number,
  String,
  Char,
  /** A byte that starts no token (stray `\`, `@`, `` ` ``, control bytes, non-ASCII outside names). */
  Unknown,

  // punctuators
  LParen = 10,
  RParen,
  LBrace,
  RBrace,
  LBracket,
  RBracket,
  Semicolon,
  Comma,
  Colon,
  Question,
  Dot,
  Arrow,
  Ellipsis,
  /** `#` and `##` inside macro bodies. */
  Hash,
  HashHash,

  // operators; the order of the compound assignments follows that of their plain forms
  Plus = 30,
  Minus,
  Star,
  Slash,
  Percent,
  Amp,
  Pipe,
  Caret,
  ShiftLeft,
  ShiftRight,
  Assign,
  PlusAssign,
  MinusAssign,
  StarAssign,
  SlashAssign,
  PercentAssign,
  AmpAssign,
  PipeAssign,
  CaretAssign,
  ShiftLeftAssign,
  ShiftRightAssign,
  Tilde,
  Not,
  AmpAmp,
  PipePipe,
  Equal,
  NotEqual,
  Less,
  Greater,
  LessEqual,
  GreaterEqual,
  PlusPlus,
  MinusMinus,

  // keywords (GNU spellings fold into one: __inline__ -> Inline, __asm__ -> Asm, __typeof__ -> Typeof, ...)
  FirstKeyword = 70,
  // biome-ignore lint/suspicious/noDuplicateEnumValues: marks the start of the range
  Auto = 70,
  Break,
  Case,
  Const,
  Continue,
  Default,
  Do,
  Else,
  Enum,
  Extern,
  For,
  Goto,
  If,
  Inline,
  Register,
  Restrict,
  Return,
  Signed,
  Sizeof,
  Static,
  Struct,
  Switch,
  Typedef,
  Union,
  Unsigned,
  Volatile,
  While,
  /** void char short int long float double _Bool __int128 and friends */
  BasicType,
  Asm,
  Attribute,
  Typeof,
  Alignof,
  Extension,
  Generic,
  AutoType,
  Label,
  StaticAssert,
  BuiltinOffsetof,
  LastKeyword = 119,
}
