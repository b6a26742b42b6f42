import { isMemberAccess } from '../../syntax/brackets';
import { TokenKind, type Tokens } from '../../syntax/tokens';
import { type LinkedParameter, parameterOf } from './parameters';

/** What tokens tell of the arguments of a call. Bit n: argument n. */
export interface CallArguments {
  readonly symbol: number;
  /** The constant 0, NULL or false, or a mask that does not sleep. */
  zeros: number;
  /** Another constant, an address, or a mask that sleeps. */
  nonzeros: number;
  passedOn: { readonly position: number; readonly parameter: number }[] | undefined;
  /** Arguments that are named constants. */
  constants: { readonly position: number; readonly symbol: number }[] | undefined;
  /** Arguments that are several named constants ORed together. */
  flags: { readonly position: number; readonly symbol: number }[] | undefined;
  /** Arguments that are a member which holds functions, by its name; `token`: that name. */
  members: { readonly position: number; readonly token: number }[] | undefined;
}

/** What a name is, as far as arguments are concerned. */
export interface ArgumentNames {
  isZero(symbol: number): boolean;
  isNonzero(symbol: number): boolean;
  /** Written as constants are: `RING_RESET`. */
  isConstant(symbol: number): boolean;
  /** A constant that may be ORed to others: `RING_SYNC`, `lbmSYNC`. */
  isFlag(symbol: number): boolean;
  /** Whether a mask of that name sleeps; undefined for what is no mask. */
  blocks(symbol: number): boolean | undefined;
  /** Whether the byte at an offset is the digit 0. */
  isZeroDigit(offset: number): boolean;
  /** The macro drops a lock while it evaluates its arguments. */
  isWait(symbol: number): boolean;
  /** A type or member whose name says that it is a function. */
  speaksOfFunctions(symbol: number): boolean;
}

interface OpenParen<Call> {
  readonly call: Call | undefined;
  position: number;
  /** First token of the argument at the cursor. */
  argument: number;
  /** What stands within is an argument of a macro that chooses the context itself, at any depth. */
  readonly inWait: boolean;
}

/** Arguments that are looked at: their bits have to fit a number. */
const MAX_ARGUMENTS = 16;
/** Open parentheses that real code never has; code that `#if` splits may leave some behind. */
const MAX_OPEN = 256;

/** The parentheses that are open while the tokens of a function are gone through from the first to the last, and the arguments of those that belong to calls. */
export class OpenArguments<Call extends CallArguments> {
  private readonly open: OpenParen<Call>[] = [];

  constructor(
    private readonly tokens: Tokens,
    private readonly names: ArgumentNames,
    private readonly parameters: readonly LinkedParameter[],
  ) {}

  /** Whether the cursor stands in an argument of a macro that chooses the context itself. */
  get inWait(): boolean {
    return this.top?.inWait === true;
  }

  /** Which argument of the innermost parentheses the cursor stands in. */
  get position(): number {
    return this.top?.position ?? 0;
  }

  /** The innermost call whose argument begins at a token, if the cursor stands in that argument. */
  callWith(start: number): Call | undefined {
    const { top } = this;
    return top !== undefined && top.argument === start ? top.call : undefined;
  }

  /** @param call undefined for parentheses that belong to no call that is looked at. */
  enter(call: Call | undefined, paren: number): void {
    const inWait = this.inWait || (call !== undefined && this.names.isWait(call.symbol));
    this.open.push({ call, position: 0, argument: paren + 1, inWait });
  }

  /** Forgets what was never closed. */
  forgetUnclosed(): void {
    if (this.open.length >= MAX_OPEN) this.open.length = 0;
  }

  comma(token: number): void {
    const { top } = this;
    if (top === undefined) return;
    this.judge(top, token);
    top.position++;
    top.argument = token + 1;
  }

  close(token: number): void {
    const top = this.open.pop();
    if (top !== undefined) this.judge(top, token);
  }

  private get top(): OpenParen<Call> | undefined {
    return this.open[this.open.length - 1];
  }

  /** Notes an argument that is one token long, or the address of something. */
  private judge({ call, position, argument }: OpenParen<Call>, end: number): void {
    if (call === undefined || position >= MAX_ARGUMENTS) return;
    const { kind, symbol, start } = this.tokens;
    if (kind[argument] === TokenKind.Amp) call.nonzeros |= 1 << position;
    const blocks =
      kind[argument] === TokenKind.Identifier && isWhole(kind, argument, end) ? this.names.blocks(symbol[argument]!) : undefined;
    if (blocks === true) call.nonzeros |= 1 << position;
    else if (blocks === false) call.zeros |= 1 << position;
    if (end !== argument + 1) {
      if (kind[argument + 1] === TokenKind.Pipe) this.judgeFlags(call, position, argument, end);
      const isMember = kind[argument] === TokenKind.Identifier && kind[end - 1] === TokenKind.Identifier && isMemberAccess(kind[end - 2]);
      if (isMember && this.names.speaksOfFunctions(symbol[end - 1]!)) (call.members ??= []).push({ position, token: end - 1 });
      return;
    }
    if (kind[argument] === TokenKind.Number) {
      const isZero = this.tokens.end[argument]! - start[argument]! === 1 && this.names.isZeroDigit(start[argument]!);
      if (isZero) call.zeros |= 1 << position;
      else call.nonzeros |= 1 << position;
      return;
    }
    if (kind[argument] !== TokenKind.Identifier) return;
    const name = symbol[argument]!;
    if (this.names.isZero(name)) call.zeros |= 1 << position;
    else if (this.names.isNonzero(name)) call.nonzeros |= 1 << position;
    else if (this.names.isConstant(name)) (call.constants ??= []).push({ position, symbol: name });
    else {
      const parameter = parameterOf(this.parameters, name);
      if (parameter?.choice) (call.passedOn ??= []).push({ position, parameter: parameter.index });
    }
  }

  /** `RING_SYNC | RING_LAST`, and nothing but named constants. */
  private judgeFlags(call: Call, position: number, argument: number, end: number): void {
    const { kind, symbol } = this.tokens;
    const count = (end - argument + 1) / 2;
    if (!Number.isInteger(count) || count > MAX_FLAGS) return;
    for (let token = argument; token < end; token += 2)
      if (
        kind[token] !== TokenKind.Identifier ||
        !this.names.isFlag(symbol[token]!) ||
        (token > argument && kind[token - 1] !== TokenKind.Pipe)
      )
        return;
    for (let token = argument; token < end; token += 2) (call.flags ??= []).push({ position, symbol: symbol[token]! });
  }
}

/** Constants of one argument that are looked at. */
const MAX_FLAGS = 8;

/** One word, or `GFP_KERNEL | …`: what is ORed in takes nothing away. */
function isWhole(kind: Tokens['kind'], argument: number, end: number): boolean {
  return end === argument + 1 || kind[argument + 1] === TokenKind.Pipe;
}
