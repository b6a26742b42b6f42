import { isMemberAccess } from '../../syntax/brackets';
import { TokenKind, type Tokens } from '../../syntax/tokens';
import { arrayBefore, memberInParentheses, StoredFunctions, valueStart } from './functionPointers';
import type { IfBranch } from './ifBranches';
import { Via } from './linkage';

import { type ArgumentNames, type CallArguments, OpenArguments } from './openArguments';
import { OpenBranches } from './openBranches';
import { type LinkedParameter, parameterOf } from './parameters';
import type { Receivers } from './receivers';
import { type SwitchPart, switchParts } from './switchCases';
import type { ValueTest } from './valueTests';

/** What stands before the first token of a statement. */
const STARTS_STATEMENT: ReadonlySet<number> = new Set([TokenKind.Semicolon, TokenKind.LBrace, TokenKind.RBrace]);

/** Calls among which the one is looked for that took a reference. */
const MAX_BACK = 64;

const NO_CASES: ScannedCall['cases'] = [];

/** A call as its tokens show it. */
export interface ScannedCall extends CallArguments {
  /** Its number among the calls. */
  readonly index: number;
  readonly token: number;
  readonly via: Via;
  /** Stands among the arguments of a macro that chooses the context itself: `wait_event_lock_irq_cmd(wq, cond, lock, f())`. */
  readonly inWait: boolean;
  /** Stands in a `switch` on a parameter, or on a member of what one points to. */
  readonly chosen: boolean;
  /** Stands in a `switch` on the letters of a text: `switch (*format)`. */
  readonly byText: boolean;
  /** The constants of a parameter that lead to the call; a symbol of 0 stands for others. */
  readonly cases: readonly { readonly parameter: number; readonly symbol: number }[];
  /** The pointer that is called holds one of several functions. */
  readonly oneOfMany: boolean;
  /** What the conditions around it say of parameters, as far as tokens show it. */
  readonly tests: IfBranch['tests'];
  /** What they say of the values of members and of bits of parameters. */
  readonly compared: readonly ValueTest[];
  /** Gives back a reference that the function has taken: `item_get(i); … item_put(i);`. */
  readonly ownReference: boolean;
  /** Stands in a branch that makes what was not there, or behind the early return for when it was. */
  makesMissing: boolean;
}

/** A function named as a value in a body. */
export interface ScannedMention {
  readonly token: number;
  /** The call it is an argument of, and the position; undefined for all others. */
  readonly call: ScannedCall | undefined;
  readonly position: number;
}

/** A function that is a parameter and is stored: `urb->complete = complete;`. `token`: the name of the member or array. */
export interface StoredParameter {
  readonly token: number;
  readonly parameter: number;
  /** The parameter's name. */
  readonly symbol: number;
}

/** What a name is, as far as the scan asks. */
export interface ScanNames extends ArgumentNames {
  isFunction(symbol: number): boolean;
  /** Nothing in the file so far says that the name is no function of another file. */
  mayBeForeign(symbol: number): boolean;
  /** The name is declared or used as a variable. */
  noteVariable(symbol: number): void;
  isVariable(symbol: number): boolean;
  speaksOfSleeping(symbol: number): boolean;
  /** Calls of the name need not be followed. */
  saysNothing(symbol: number): boolean;
  /** The catalogue knows callbacks in members of this name. */
  holdsCallback(member: number): boolean;
  /** A type or member whose name says that it is a function: `complete_fn_t`, `read_bulk_callback`. */
  speaksOfFunctions(symbol: number): boolean;
  /** Reads its argument and no more: `READ_ONCE(r->start)`. */
  readonly readsOnce: (symbol: number) => boolean;
  /** As true as its argument: `unlikely(x)`. */
  keepsTruth(symbol: number): boolean;
  /** An array that the file defines. */
  isArrayOfFile(symbol: number): boolean;
  /** A member that says what an object is: `bus_type`. */
  isKind(member: number): boolean;
  /** The function that takes what one gives back, `item_get` of `item_put`; 0 for all others. */
  takerOf(symbol: number): number;
}

/** Finds the calls in a run of tokens and what can be told of their arguments without a tree: constants, functions, parameters. One pass. */
export class CallScan {
  readonly calls: ScannedCall[] = [];
  readonly mentions: ScannedMention[] = [];
  readonly stored: StoredParameter[] = [];
  /** Symbols of parameters that stand alone in a condition, and of those that are assigned or whose address is taken. */
  readonly tested = new Set<number>();
  /** Symbols of parameters of which a bit is tested: `flags & FLAG`. */
  readonly bitTested = new Set<number>();
  readonly changed = new Set<number>();
  /** A condition holds a name that speaks of sleeping. */
  speaksOfSleeping = false;
  private readonly open: OpenArguments<ScannedCall>;
  /** The token behind the last `switch` on what the caller passed. */
  private chosenUpTo = 0;
  /** That one is on the letters of a text. */
  private isByText = false;
  /** Parts of switches on parameters, in source order and apart from each other. */
  private readonly parts: (SwitchPart & { readonly parameter: number })[] = [];
  /** The first part that the run has not passed. */
  private part = 0;
  private assigned: StoredFunctions;
  /** Variables declared as pointers. */
  private readonly pointers = new Set<number>();
  private readonly branches: OpenBranches;

  constructor(
    private readonly tokens: Tokens,
    private readonly names: ScanNames,
    private readonly parameters: readonly LinkedParameter[],
    private readonly receivers?: Receivers,
  ) {
    this.branches = new OpenBranches(tokens, {
      isParameter: (symbol) => parameterOf(this.parameters, symbol) !== undefined,
      isPointer: (symbol) => this.pointers.has(symbol) || parameterOf(this.parameters, symbol)?.choice === false,
      isZero: (symbol) => names.isZero(symbol),
      keepsTruth: (symbol) => names.keepsTruth(symbol),
      isConstant: (symbol) => names.isConstant(symbol),
      isFlag: (symbol) => names.isFlag(symbol),
      isArrayOfFile: (symbol) => names.isArrayOfFile(symbol),
    });
    this.open = new OpenArguments(tokens, names, parameters);
    this.assigned = new StoredFunctions(tokens, 0, names);
  }

  run(first: number, end: number): this {
    const { kind } = this.tokens;
    this.assigned = new StoredFunctions(this.tokens, first, this.names);
    for (let token = first; token < end; token++) {
      switch (kind[token]) {
        case TokenKind.Identifier:
          if (kind[token + 1] === TokenKind.LParen) this.enterCall(token++);
          else this.name(token);
          break;
        case TokenKind.LParen:
          this.open.forgetUnclosed();
          this.open.enter(this.enterExpression(token), token);
          break;
        case TokenKind.Comma:
          this.open.comma(token);
          break;
        case TokenKind.RParen:
          this.open.close(token);
          break;
        case TokenKind.Switch:
          if (this.parameters.length > 0 && token >= this.chosenUpTo) this.enterSwitch(token, end);
          break;
        case TokenKind.Struct:
          this.receivers?.declare(token, false);
          break;
        case TokenKind.If:
          this.branches.enterIf(token);
          break;
        case TokenKind.LBrace:
          this.branches.brace(1);
          break;
        case TokenKind.RBrace:
          this.branches.brace(-1);
          break;
        case TokenKind.Case:
        case TokenKind.Default:
          this.branches.label(true);
          break;
        case TokenKind.Colon:
          if (kind[token - 1] === TokenKind.Identifier && STARTS_STATEMENT.has(kind[token - 2]!)) this.branches.label(false);
          break;
      }
    }
    const once = this.branches.onceFrom;
    if (once !== undefined) for (const call of this.calls) if (call.token > once) call.makesMissing = true;
    return this;
  }

  private enterCall(token: number): void {
    const name = this.tokens.symbol[token]!;
    const isMember = this.isMemberName(token);
    if (!isMember && this.names.saysNothing(name)) {
      this.open.enter(undefined, token + 1);
      return;
    }
    const parameter = isMember ? undefined : this.functionParameter(name);
    if (this.names.speaksOfSleeping(name)) this.speaksOfSleeping = true;
    const copied = !isMember && !parameter && this.names.isVariable(name) ? this.assigned.before(token) : undefined;
    let call: ScannedCall;
    if (copied !== undefined && copied.length > 0)
      for (const { via, symbol: of } of copied) call = this.addCall(token, via, of, copied.length > 1);
    else if (parameter) call = this.addCall(token, Via.Parameter, parameter.index);
    else call = this.addCall(token, isMember ? Via.Member : Via.Name, name);
    this.open.enter(call!, token + 1);
  }

  private addCall(token: number, via: Via, symbol: number, oneOfMany = false): ScannedCall {
    const call: ScannedCall = {
      index: this.calls.length,
      token,
      via,
      symbol,
      zeros: 0,
      nonzeros: 0,
      passedOn: undefined,
      constants: undefined,
      flags: undefined,
      members: undefined,
      inWait: this.open.inWait,
      chosen: token < this.chosenUpTo,
      byText: this.isByText && token < this.chosenUpTo,
      cases: token < this.chosenUpTo ? this.casesAt(token) : NO_CASES,
      oneOfMany,
      ownReference: via === Via.Name && this.isOwnReference(token),
      ...this.branches.around(token),
    };
    this.calls.push(call);
    return call;
  }

  /** `item_put(i)` behind `item_get(i)`. */
  private isOwnReference(token: number): boolean {
    const { kind, symbol } = this.tokens;
    const taker = kind[token + 3] === TokenKind.RParen ? this.names.takerOf(symbol[token]!) : 0;
    if (taker === 0) return false;
    const { calls } = this;
    for (let at = calls.length - 1; at >= 0 && at >= calls.length - MAX_BACK; at--) {
      const before = calls[at]!;
      if (before.symbol === taker && kind[before.token + 3] === TokenKind.RParen && symbol[before.token + 2] === symbol[token + 2])
        return true;
    }
    return false;
  }

  /** `handlers[i](…)`, `(*r->start)(…)` */
  private enterExpression(paren: number): ScannedCall | undefined {
    const { kind, symbol } = this.tokens;
    if (kind[paren - 1] === TokenKind.RBracket) return this.enterElement(paren);
    if (kind[paren - 1] !== TokenKind.RParen) return undefined;
    const member = memberInParentheses(this.tokens, paren - 1, this.names.readsOnce);
    return member === 0 ? undefined : this.addCall(member, Via.Member, symbol[member]!);
  }

  /** A call through the array's name, as through a member. */
  private enterElement(paren: number): ScannedCall | undefined {
    const { kind, symbol } = this.tokens;
    const array = arrayBefore(kind, paren - 1);
    return array === 0 ? undefined : this.addCall(array, Via.Member, symbol[array]!);
  }

  /** One that is not closed goes to the end. A switch inside of another adds nothing, so that no token is looked at twice. */
  private enterSwitch(token: number, end: number): void {
    const { kind, symbol } = this.tokens;
    if (kind[token + 1] !== TokenKind.LParen) return;
    const isByText = kind[token + 2] === TokenKind.Star && kind[token + 3] === TokenKind.Identifier && kind[token + 4] === TokenKind.RParen;
    const parameter = kind[token + 2] === TokenKind.Identifier ? parameterOf(this.parameters, symbol[token + 2]!) : undefined;
    if (!parameter && !isByText) return;
    this.isByText = isByText;
    let depth = 0;
    let open = 0;
    for (let at = token + 2; at < end; at++) {
      if (kind[at] === TokenKind.LBrace) {
        if (depth++ === 0) open = at;
      } else if (kind[at] === TokenKind.RBrace && --depth === 0) {
        this.chosenUpTo = at;
        if (parameter?.choice && kind[token + 3] === TokenKind.RParen)
          for (const part of switchParts(this.tokens, open, at)) this.parts.push({ parameter: parameter.index, ...part });
        return;
      } else if (depth === 0 && kind[at] === TokenKind.Semicolon) return;
    }
    if (depth > 0) this.chosenUpTo = end;
  }

  private casesAt(token: number): ScannedCall['cases'] {
    while (this.part < this.parts.length && this.parts[this.part]!.to <= token) this.part++;
    const part = this.parts[this.part];
    if (part === undefined || token < part.from) return NO_CASES;
    const { parameter, labels, others } = part;
    return (others ? [...labels, 0] : labels).map((symbol) => ({ parameter, symbol }));
  }

  private name(token: number): void {
    const name = this.tokens.symbol[token]!;
    if (this.names.isFunction(name)) this.mention(token);
    else if (this.looksLikeVariable(token)) this.names.noteVariable(name);
    else if (this.isHandedOut(token) && this.names.mayBeForeign(name) && parameterOf(this.parameters, name) === undefined)
      this.mention(token);
    if (!this.speaksOfSleeping && this.standsInCondition(token) && this.names.speaksOfSleeping(name)) this.speaksOfSleeping = true;
    if (this.isMemberName(token)) {
      this.branches.member(token);
      return;
    }
    if (this.tokens.kind[token - 1] === TokenKind.Star) this.pointers.add(name);
    const parameter = parameterOf(this.parameters, name);
    if (parameter === undefined) return;
    if (parameter.choice) this.noteStored(parameter, token);
    if (this.standsInCondition(token)) this.tested.add(name);
    else if (this.tokens.kind[token + 1] === TokenKind.Amp) this.bitTested.add(name);
    if (this.isChanged(token)) this.changed.add(name);
  }

  /** `struct item *x`, `x->next`, `x[0]`, `x = …`. */
  private looksLikeVariable(token: number): boolean {
    const { kind } = this.tokens;
    const before = kind[token - 1]!;
    if (before === TokenKind.Identifier || before === TokenKind.Star || isMemberAccess(before)) return true;
    const after = kind[token + 1]!;
    return isMemberAccess(after) || after === TokenKind.LBracket || after === TokenKind.Assign;
  }

  /** A whole argument of a call, or a whole value that is assigned or initialises a member. */
  private isHandedOut(token: number): boolean {
    const { kind } = this.tokens;
    const start = kind[token - 1] === TokenKind.Amp ? token - 1 : token;
    const after = kind[token + 1];
    if (kind[start - 1] === TokenKind.Assign)
      return after === TokenKind.Comma || after === TokenKind.Semicolon || after === TokenKind.RBrace;
    return (after === TokenKind.Comma || after === TokenKind.RParen) && this.open.callWith(start) !== undefined;
  }

  /** `if (x`, `&& x`, `!x`, and behind it the end of the condition or a comparison. */
  private standsInCondition(token: number): boolean {
    const { kind } = this.tokens;
    switch (kind[token + 1]) {
      case TokenKind.RParen:
      case TokenKind.AmpAmp:
      case TokenKind.PipePipe:
      case TokenKind.Question:
      case TokenKind.Equal:
      case TokenKind.NotEqual:
        break;
      default:
        return false;
    }
    const before = kind[token - 1];
    if (before === TokenKind.LParen) return kind[token - 2] !== TokenKind.Identifier;
    return before !== TokenKind.Comma;
  }

  private isChanged(token: number): boolean {
    const { kind } = this.tokens;
    const after = kind[token + 1]!;
    const isAssigned = after >= TokenKind.Assign && after <= TokenKind.ShiftRightAssign;
    return isAssigned || after === TokenKind.PlusPlus || after === TokenKind.MinusMinus || this.isAddress(token);
  }

  /** `r->done = done;`, `handlers[i] = handler;` of a function, or of anything in a member that the catalogue knows. */
  private noteStored(parameter: LinkedParameter, token: number): void {
    const { kind, symbol } = this.tokens;
    if (kind[token - 1] !== TokenKind.Assign || kind[token + 1] !== TokenKind.Semicolon) return;
    const isElement = kind[token - 2] === TokenKind.RBracket;
    const place = isElement ? arrayBefore(kind, token - 2) : token - 2;
    if (place === 0 || !(isElement || this.isMemberName(place))) return;
    const isFunction = parameter.isFunction || this.names.holdsCallback(symbol[place]!) || this.names.speaksOfFunctions(parameter.type);
    if (isFunction) this.stored.push({ token: place, parameter: parameter.index, symbol: parameter.symbol });
  }

  /** A member may be called as a parameter is: `r->flags = flags`. */
  private isMemberName(token: number): boolean {
    return isMemberAccess(this.tokens.kind[token - 1]);
  }

  /** `&x` with the `&` as an operator of one operand; `&x->next` and `&x[1]` are addresses of something else. */
  private isAddress(token: number): boolean {
    const { kind } = this.tokens;
    if (kind[token - 1] !== TokenKind.Amp || kind[token + 1] === TokenKind.Arrow || kind[token + 1] === TokenKind.LBracket) return false;
    const before = kind[token - 2];
    return before === TokenKind.LParen || before === TokenKind.Comma || before === TokenKind.Assign;
  }

  private functionParameter(name: number): LinkedParameter | undefined {
    const parameter = parameterOf(this.parameters, name);
    return parameter?.choice ? parameter : undefined;
  }

  private mention(token: number): void {
    const { kind } = this.tokens;
    const before = kind[token - 1];
    // A member of the same name, a variable, or a tag: `struct work *work`, `x->probe`, `sizeof(struct ring_create)`.
    if (isMemberAccess(before) || before === TokenKind.Star || before === TokenKind.Identifier || isTagKeyword(before)) return;
    const call = endsValue(kind[token + 1]) ? this.open.callWith(valueStart(this.tokens, token)) : undefined;
    this.mentions.push({ token, call, position: call ? this.open.position : 0 });
  }
}

function isTagKeyword(kind: number | undefined): boolean {
  return kind === TokenKind.Struct || kind === TokenKind.Union || kind === TokenKind.Enum;
}

/** What stands behind a value: the end of an argument, or the other one of `x ? f : g`. */
function endsValue(kind: number | undefined): boolean {
  return kind === TokenKind.Comma || kind === TokenKind.RParen || kind === TokenKind.Colon;
}
