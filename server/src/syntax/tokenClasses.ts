import { TokenKind } from './tokens';

/** What a token means behind an operand. */
export const enum OperatorClass {
  None = 0,
  // 1 to 10 are the binary levels, || lowest
  LogicalOr = 1,
  LogicalAnd = 2,
  Multiplicative = 10,
  Question = 11,
  Assignment = 12,
}

/** {@link OperatorClass} by token kind. */
export const OPERATOR_CLASS = new Uint8Array(256);

for (const [level, kinds] of [
  [OperatorClass.LogicalOr, [TokenKind.PipePipe]],
  [OperatorClass.LogicalAnd, [TokenKind.AmpAmp]],
  [3, [TokenKind.Pipe]],
  [4, [TokenKind.Caret]],
  [5, [TokenKind.Amp]],
  [6, [TokenKind.Equal, TokenKind.NotEqual]],
  [7, [TokenKind.Less, TokenKind.Greater, TokenKind.LessEqual, TokenKind.GreaterEqual]],
  [8, [TokenKind.ShiftLeft, TokenKind.ShiftRight]],
  [9, [TokenKind.Plus, TokenKind.Minus]],
  [OperatorClass.Multiplicative, [TokenKind.Star, TokenKind.Slash, TokenKind.Percent]],
  [OperatorClass.Question, [TokenKind.Question]],
] as const) {
  for (const kind of kinds) OPERATOR_CLASS[kind] = level;
}
for (let kind = TokenKind.Assign; kind <= TokenKind.ShiftRightAssign; kind++) OPERATOR_CLASS[kind] = OperatorClass.Assignment;

/** Bits of {@link TOKEN_ROLE}. */
export const enum Role {
  /** Begins a type and nothing else: struct, unsigned, int, const, typeof, … */
  Type = 1,
  /** static, extern, typedef, inline, register, auto. */
  Storage = 2,
  /** if, for, return, … (not case and default). */
  Statement = 4,
  /** const, volatile, restrict. */
  Qualifier = 8,
  /** May begin an operand, unlike an operator that could as well be binary. */
  Operand = 16,
}

/** {@link Role} bits by token kind. */
export const TOKEN_ROLE = new Uint8Array(256);

function assign(role: Role, kinds: readonly TokenKind[]): void {
  for (const kind of kinds) TOKEN_ROLE[kind]! |= role;
}

assign(Role.Type, [
  TokenKind.Struct,
  TokenKind.Union,
  TokenKind.Enum,
  TokenKind.Signed,
  TokenKind.Unsigned,
  TokenKind.BasicType,
  TokenKind.Typeof,
  TokenKind.AutoType,
  TokenKind.Const,
  TokenKind.Volatile,
  TokenKind.Restrict,
  TokenKind.Attribute,
]);
assign(Role.Storage, [TokenKind.Static, TokenKind.Extern, TokenKind.Typedef, TokenKind.Inline, TokenKind.Register, TokenKind.Auto]);
assign(Role.Statement, [
  TokenKind.Break,
  TokenKind.Continue,
  TokenKind.Do,
  TokenKind.For,
  TokenKind.Goto,
  TokenKind.If,
  TokenKind.Return,
  TokenKind.Switch,
  TokenKind.While,
  TokenKind.Asm,
]);
assign(Role.Qualifier, [TokenKind.Const, TokenKind.Volatile, TokenKind.Restrict]);
assign(Role.Operand, [
  TokenKind.Identifier,
  TokenKind.Number,
  TokenKind.String,
  TokenKind.Char,
  TokenKind.Tilde,
  TokenKind.Not,
  TokenKind.LBrace,
  TokenKind.Sizeof,
  TokenKind.Alignof,
  TokenKind.Extension,
  TokenKind.Generic,
  TokenKind.BuiltinOffsetof,
]);
