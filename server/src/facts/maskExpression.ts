import type { TextRange } from '../base/range';
import * as masks from '../mask/mask';
import { NodeKind } from '../syntax/nodes';
import { TokenKind } from '../syntax/tokens';
import { childAt, childrenOf, kindOf, rangeOf, stripCasts, type Tree, tokenRange, unparen } from '../syntax/tree';
import type { FileScope } from './fileScope';
import { type MaskFunction, Role } from './names';
import type { MaskTerm } from './site';

type TermRole = MaskTerm['role'];

/** What is known of the variables a mask expression mentions. */
export type VariableMask = (name: string) => masks.Mask | undefined;

export interface WrongOperator {
  readonly operator: string;
  readonly range: TextRange;
  readonly operand: string;
}

const MAX_DEPTH = 40;

/** Evaluates mask expressions: `GFP_KERNEL | __GFP_NOWARN`, `gfp & ~__GFP_FS`, macros, conditionals, mask functions. */
export class MaskEvaluator {
  constructor(private readonly scope: FileScope) {}

  /** What is known of the value. Total: an expression that is no mask gives the unknown mask. */
  value(tree: Tree, node: number, variable: VariableMask, depth = 0): masks.Mask {
    if (node === 0 || depth > MAX_DEPTH) return masks.UNKNOWN;
    const inner = stripCasts(tree, node);
    const go = (child: number) => this.value(tree, child, variable, depth + 1);
    switch (kindOf(tree, inner)) {
      case NodeKind.Identifier:
        return this.identifier(tree, inner, variable, depth);
      case NodeKind.Number:
        return this.scope.texts.text(tree, inner).match(/^0[uUlL]*$/) ? masks.EMPTY : masks.UNKNOWN;
      case NodeKind.Unary:
        return operatorOf(tree, inner) === TokenKind.Tilde ? masks.not(go(tree.child[inner]!)) : masks.UNKNOWN;
      case NodeKind.Binary:
        return this.binary(tree, inner, go);
      case NodeKind.Conditional:
        return this.conditional(tree, inner, go);
      case NodeKind.Assign:
        return operatorOf(tree, inner) === TokenKind.Assign ? go(childAt(tree, inner, 1)) : masks.UNKNOWN;
      case NodeKind.Comma: {
        const parts = childrenOf(tree, inner);
        return go(parts[parts.length - 1] ?? 0);
      }
      case NodeKind.Call:
        return this.call(tree, inner, variable, depth);
      default:
        return masks.UNKNOWN;
    }
  }

  private identifier(tree: Tree, node: number, variable: VariableMask, depth: number): masks.Mask {
    const symbol = tree.tokens.symbol[tree.tok[node]!]!;
    const bits = this.scope.names.flagBits(symbol);
    if (bits !== undefined) return masks.exactly(bits);
    const known = variable(this.scope.file.interner.text(symbol));
    if (known) return known;
    const macro = this.scope.maskMacro(symbol);
    return macro ? this.value(macro.tree, macro.root, () => undefined, depth + 1) : masks.UNKNOWN;
  }

  private binary(tree: Tree, node: number, go: (child: number) => masks.Mask): masks.Mask {
    const left = tree.child[node]!;
    const right = tree.next[left]!;
    switch (operatorOf(tree, node)) {
      case TokenKind.Pipe:
        return masks.or(go(left), go(right));
      case TokenKind.Amp:
        return masks.and(go(left), go(right));
      default:
        return masks.UNKNOWN;
    }
  }

  private conditional(tree: Tree, node: number, go: (child: number) => masks.Mask): masks.Mask {
    const [, then, otherwise] = childrenOf(tree, node);
    if (!then || !otherwise || kindOf(tree, then) === NodeKind.Omitted) return masks.UNKNOWN;
    return masks.join(go(then), go(otherwise));
  }

  private call(tree: Tree, node: number, variable: VariableMask, depth: number): masks.Mask {
    const callee = unparen(tree, tree.child[node]!);
    if (kindOf(tree, callee) !== NodeKind.Identifier) return masks.UNKNOWN;
    const symbol = tree.tokens.symbol[tree.tok[callee]!]!;
    const row = this.scope.names.maskFunction(symbol);
    if (row) return this.maskFunction(row, (argument) => this.value(tree, childAt(tree, node, argument + 1), variable, depth + 1));
    const body = this.scope.expandCall(tree, node);
    return body && body.shape === 'expression' ? this.value(body.tree, body.root, variable, depth + 1) : masks.UNKNOWN;
  }

  private maskFunction(row: MaskFunction, argument: (index: number) => masks.Mask): masks.Mask {
    switch (row.kind) {
      case 'keeps-some':
        return masks.and(masks.UNKNOWN, argument(row.argument));
      case 'adds-some': {
        const value = argument(row.argument);
        return { set: value.set, clear: value.clear & ~this.bits(row.flags) };
      }
      case 'removes-some': {
        const value = argument(row.argument);
        return { set: value.set & ~this.bits(row.flags), clear: value.clear };
      }
      case 'one-of':
        return row.names.map((name) => masks.exactly(this.bits([name]))).reduce(masks.join);
      case 'unknown':
        return masks.UNKNOWN;
    }
  }

  private bits(names: readonly string[]): number {
    let bits = 0;
    for (const name of names) bits |= this.scope.names.model.flags.bitsOf(name);
    return bits;
  }

  // ── terms ────────────────────────────────────────────────────────────────────────────────────

  /** The flag words and other operands of a mask expression, in source order. */
  terms(tree: Tree, node: number): MaskTerm[] {
    const found: MaskTerm[] = [];
    this.collect(tree, node, 'or', found, undefined, 0);
    return found;
  }

  private collect(
    tree: Tree,
    node: number,
    role: TermRole,
    found: MaskTerm[],
    via: { range: TextRange; name: string } | undefined,
    depth: number,
  ): void {
    if (node === 0 || depth > MAX_DEPTH) return;
    const inner = stripCasts(tree, node);
    const go = (child: number, as: TermRole) => this.collect(tree, child, as, found, via, depth + 1);
    switch (kindOf(tree, inner)) {
      case NodeKind.Binary: {
        const left = tree.child[inner]!;
        const right = tree.next[left]!;
        const operator = operatorOf(tree, inner);
        if (operator === TokenKind.Pipe) {
          go(left, role);
          return go(right, role);
        }
        if (operator === TokenKind.Amp) {
          const inverted = this.invertedOperand(tree, right);
          go(left, role === 'or' && inverted === 0 ? 'and' : role);
          return inverted === 0 ? go(right, role === 'test' ? 'test' : 'and') : go(inverted, 'remove');
        }
        if (operator === TokenKind.Equal || operator === TokenKind.NotEqual) {
          go(left, 'test');
          return go(right, 'test');
        }
        break;
      }
      case NodeKind.Unary:
        if (operatorOf(tree, inner) === TokenKind.Tilde) return go(tree.child[inner]!, 'remove');
        if (operatorOf(tree, inner) === TokenKind.Not) return go(tree.child[inner]!, 'test');
        break;
      case NodeKind.Logical:
        go(tree.child[inner]!, 'test');
        return go(tree.next[tree.child[inner]!]!, 'test');
      case NodeKind.Conditional: {
        const [condition, then, otherwise] = childrenOf(tree, inner);
        if (condition && this.scope.mentions(tree, condition, Role.Flag)) go(condition, 'test');
        if (then) go(then, 'alternative');
        if (otherwise) go(otherwise, 'alternative');
        return;
      }
      case NodeKind.Identifier:
        return this.word(tree, inner, role, found, via, depth);
      default:
        break;
    }
    const range = via?.range ?? rangeOf(tree, inner);
    const kind = kindOf(tree, inner) === NodeKind.Number ? 'number' : 'other';
    found.push({ range, text: this.scope.texts.text(tree, inner), kind, role, ...(via && { via: via.name }) });
  }

  private invertedOperand(tree: Tree, node: number): number {
    const inner = stripCasts(tree, node);
    return kindOf(tree, inner) === NodeKind.Unary && operatorOf(tree, inner) === TokenKind.Tilde ? tree.child[inner]! : 0;
  }

  private word(
    tree: Tree,
    node: number,
    role: TermRole,
    found: MaskTerm[],
    via: { range: TextRange; name: string } | undefined,
    depth: number,
  ): void {
    const token = tree.tok[node]!;
    const symbol = tree.tokens.symbol[token]!;
    const text = this.scope.file.interner.text(symbol);
    const range = via?.range ?? tokenRange(tree, token);
    const macro = this.scope.names.flagBits(symbol) === undefined ? this.scope.maskMacro(symbol) : undefined;
    if (macro) return this.collect(macro.tree, macro.root, role, found, via ?? { range, name: text }, depth + 1);
    found.push({ range, text, kind: this.wordKind(symbol, text), role, ...(via && { via: via.name }) });
  }

  private wordKind(symbol: number, text: string): MaskTerm['kind'] {
    const { names, file } = this.scope;
    const { flags } = names.model;
    if (names.flagBits(symbol) !== undefined) return flags.names.includes(text) ? 'flag' : 'composite';
    if (file.macros.bySymbol(symbol)) return 'other';
    if (flags.rawName(text) !== undefined) return 'raw';
    return flags.absent(text) ? 'absent' : 'other';
  }

  // ── operators that do not belong ─────────────────────────────────────────────────────────────

  /** `||`, `&&`, `!` and `+` applied to flag words. A test such as `(gfp & __GFP_FS) && x` is none. */
  wrongOperators(tree: Tree, node: number): WrongOperator[] {
    const found: WrongOperator[] = [];
    this.findWrong(tree, node, found, 0);
    return found;
  }

  private findWrong(tree: Tree, node: number, found: WrongOperator[], depth: number): void {
    if (depth > MAX_DEPTH) return;
    const kind = kindOf(tree, node);
    if (kind === NodeKind.Call) return; // arguments are judged by themselves
    const operator = kind === NodeKind.Binary || kind === NodeKind.Logical || kind === NodeKind.Unary ? operatorOf(tree, node) : undefined;
    if (operator === TokenKind.AmpAmp || operator === TokenKind.PipePipe || operator === TokenKind.Plus || operator === TokenKind.Not) {
      const operand = childrenOf(tree, node).find((child) => this.isFlagValue(tree, child));
      if (operand) {
        const token = tree.tok[node]!;
        found.push({
          operator: this.scope.texts.tokenText(tree, token),
          range: tokenRange(tree, token),
          operand: this.scope.texts.text(tree, operand),
        });
      }
    }
    for (let child = tree.child[node]!; child !== 0; child = tree.next[child]!) this.findWrong(tree, child, found, depth + 1);
  }

  /** A flag word, or flag words joined by `|`: a value that is always "true". */
  private isFlagValue(tree: Tree, node: number): boolean {
    const inner = stripCasts(tree, node);
    if (kindOf(tree, inner) === NodeKind.Identifier) return this.scope.names.flagBits(tree.tokens.symbol[tree.tok[inner]!]!) !== undefined;
    if (kindOf(tree, inner) !== NodeKind.Binary || operatorOf(tree, inner) !== TokenKind.Pipe) return false;
    return childrenOf(tree, inner).some((child) => this.isFlagValue(tree, child));
  }
}

export function operatorOf(tree: Tree, node: number): TokenKind {
  return tree.tokens.kind[tree.tok[node]!]! as TokenKind;
}
