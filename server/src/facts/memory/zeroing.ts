import type { TextRange } from '../../base/range';
import { NodeKind } from '../../syntax/nodes';
import { TokenKind } from '../../syntax/tokens';
import { childrenOf, rangeOf, stripCasts, type Tree, unparen } from '../../syntax/tree';
import type { CallSite } from '../site';
import { factorsOf, isSizeof, sizeofOperand } from '../sizes';
import type { FileMemory } from './fileMemory';

/** A statement that sets all bytes of memory to zero right after it was allocated. */
export interface Zeroing {
  /** The `memset(…)` itself. */
  readonly range: TextRange;
  readonly callee: string;
  /** The statement to take out, with the `if (p)` around it when it is all that the test is for; undefined when an `else` would be left without it. */
  readonly statement: TextRange | undefined;
  readonly place: string;
}

/** Functions that zero memory: the position of the pointer and, where they take one, of the size. */
const ZEROING: ReadonlyMap<string, { readonly size: number | undefined }> = new Map([
  ['memset', { size: 2 }],
  ['clear_page', { size: undefined }],
]);

/** Statements that are looked through for the zeroing: the declarations and the NULL check behind the allocation. */
const MAX_STATEMENTS = 6;

/**
 * The statement behind an allocation that zeroes the whole of it, with nothing between them but a NULL check that leaves; undefined when there is none. Where
 * the call takes no size (objects of a cache or pool) the size of what the pointer points to counts as the whole.
 */
export function zeroingAfter(memory: FileMemory, call: CallSite): Zeroing | undefined {
  const target = memory.targets(call)[0];
  if (target === undefined) return undefined;
  const search = new Search(memory, call, memory.placeText(target), target);
  return search.from(target);
}

class Search {
  private readonly tree: Tree;

  constructor(
    private readonly memory: FileMemory,
    private readonly call: CallSite,
    private readonly place: string,
    private readonly target: number,
  ) {
    this.tree = memory.tree;
  }

  from(target: number): Zeroing | undefined {
    const { tree } = this;
    const { parents } = this.memory;
    let at = target;
    while (parents[at] !== 0 && tree.kind[parents[at]!] !== NodeKind.Block) at = parents[at]!;
    if (parents[at] === 0 || !this.storesOnly(at)) return undefined;
    let left = MAX_STATEMENTS;
    for (let node = tree.next[at]!; node !== 0 && left > 0; node = tree.next[node]!, left--) {
      const zeroing = this.zeroed(node);
      if (zeroing !== undefined) return zeroing;
      if (!this.isPassed(node)) return undefined;
    }
    return undefined;
  }

  /** The statement does no more than store the result, or test it in a condition that leaves. */
  private storesOnly(statement: number): boolean {
    const kind = this.tree.kind[statement];
    if (kind === NodeKind.ExprStatement) return this.tree.kind[unparen(this.tree, this.tree.child[statement]!)] === NodeKind.Assign;
    if (kind === NodeKind.Declaration) return true;
    return kind === NodeKind.If && this.leavesOnNull(statement);
  }

  /** Declarations without a value, and the NULL check. */
  private isPassed(node: number): boolean {
    const { tree } = this;
    if (tree.kind[node] === NodeKind.Declaration) {
      return childrenOf(tree, node).every((part) => !childrenOf(tree, part).some((each) => tree.kind[each] === NodeKind.Initializer));
    }
    return tree.kind[node] === NodeKind.If && this.leavesOnNull(node);
  }

  /** `if (!p) return …;` without an else. */
  private leavesOnNull(node: number): boolean {
    const [condition, then, otherwise] = childrenOf(this.tree, node);
    return condition !== undefined && then !== undefined && otherwise === undefined && this.isTest(condition, true) && this.leaves(then);
  }

  private leaves(statement: number): boolean {
    const kind = this.tree.kind[statement];
    if (kind === NodeKind.Block) {
      const last = childrenOf(this.tree, statement).at(-1);
      return last !== undefined && this.leaves(last);
    }
    return kind === NodeKind.Return || kind === NodeKind.Goto || kind === NodeKind.Continue || kind === NodeKind.Break;
  }

  /** Whether a condition tests the pointer for NULL (`isNull`) or for not NULL. */
  private isTest(condition: number, isNull: boolean): boolean {
    const { tree } = this;
    const node = unparen(tree, condition);
    const [first, second] = childrenOf(tree, node);
    switch (tree.kind[node]) {
      case NodeKind.Call: {
        const wrapper = /^(un)?likely$|^WARN_ON(_ONCE)?$/.test(this.memory.text(first!));
        return wrapper && second !== undefined && this.isTest(second, isNull);
      }
      case NodeKind.Unary:
        return tree.tokens.kind[tree.tok[node]!] === TokenKind.Not && this.isTest(first!, !isNull);
      case NodeKind.Binary: {
        const operator = tree.tokens.kind[tree.tok[node]!];
        if (operator !== TokenKind.Equal && operator !== TokenKind.NotEqual) return false;
        const [pointer, other] = this.memory.isNull(first!) ? [second!, first!] : [first!, second!];
        return this.memory.isNull(other) && this.isPlace(pointer) && (operator === TokenKind.Equal) === isNull;
      }
      default:
        return !isNull && this.isPlace(node);
    }
  }

  private isPlace(node: number): boolean {
    const inner = stripCasts(this.tree, node);
    if (this.tree.kind[inner] === NodeKind.Assign) return this.isPlace(this.tree.child[inner]!);
    return this.memory.text(inner) === this.place;
  }

  /** The zeroing that a statement is, or that an `if (p)` starts with. */
  private zeroed(statement: number): Zeroing | undefined {
    const { tree } = this;
    if (tree.kind[statement] === NodeKind.ExprStatement) return this.zeroingCall(statement, statement);
    if (tree.kind[statement] !== NodeKind.If) return undefined;
    const [condition, then, otherwise] = childrenOf(tree, statement);
    if (condition === undefined || then === undefined || !this.isTest(condition, false)) return undefined;
    const body = tree.kind[then] === NodeKind.Block ? childrenOf(tree, then) : [then];
    if (body[0] === undefined) return undefined;
    if (body.length > 1) return this.zeroingCall(body[0], body[0]);
    return this.zeroingCall(body[0], otherwise === undefined ? statement : 0);
  }

  private zeroingCall(node: number, statement: number /* 0: none can be taken out */): Zeroing | undefined {
    const { tree, memory } = this;
    const expression = tree.kind[node] === NodeKind.ExprStatement ? unparen(tree, tree.child[node]!) : 0;
    if (tree.kind[expression] !== NodeKind.Call) return undefined;
    const [callee, ...args] = childrenOf(tree, expression);
    const name = memory.text(callee!);
    const zeroes = ZEROING.get(name);
    if (zeroes === undefined || args[0] === undefined || !this.isPlace(args[0])) return undefined;
    if (zeroes.size !== undefined && (memory.text(args[1] ?? 0) !== '0' || !this.isWhole(args[2] ?? 0))) return undefined;
    if (zeroes.size === undefined && !this.isOnePage()) return undefined;
    return {
      range: rangeOf(tree, expression),
      callee: name,
      statement: statement === 0 ? undefined : rangeOf(tree, statement),
      place: this.place,
    };
  }

  private isOnePage(): boolean {
    const { bytes } = this.call.size ?? {};
    const page = this.memory.evaluator.model.limits.pageSize;
    return this.call.api?.size === undefined ? this.call.api?.allocates === 'page-address' : bytes?.min === page && bytes.max === page;
  }

  /** Whether a size is that of the whole allocation. */
  private isWhole(size: number): boolean {
    const { tree, memory, call } = this;
    const shape = call.api?.size;
    const wanted = factorsOf(tree, size);
    if (shape?.kind === 'bytes') return this.sameProduct(wanted, this.factors(shape.arg));
    if (shape?.kind === 'array') return this.sameProduct(wanted, [...this.factors(shape.count), ...this.factors(shape.element)]);
    if (shape !== undefined) return false;
    if (call.api?.allocates === 'page-address') return memory.text(size) === 'PAGE_SIZE';
    return wanted.length === 1 && isSizeof(tree, wanted[0]!) && this.isObject(wanted[0]!);
  }

  private factors(position: number): number[] {
    const argument = this.call.args[position];
    return argument === undefined ? [] : factorsOf(this.tree, argument.node);
  }

  private sameProduct(a: readonly number[], b: readonly number[]): boolean {
    const keys = (factors: readonly number[]) =>
      factors
        .map((factor) => this.keyOf(factor))
        .sort()
        .join('\n');
    return a.length > 0 && (this.spelled(a) === this.spelled(b) || keys(a) === keys(b));
  }

  private spelled(factors: readonly number[]): string {
    return factors
      .map((factor) => this.memory.text(factor))
      .sort()
      .join('\n');
  }

  /** The same for `sizeof(*p)` and `sizeof(struct foo)`. */
  private keyOf(factor: number): string {
    const { tree, memory } = this;
    if (!isSizeof(tree, factor)) return memory.text(factor);
    const operand = sizeofOperand(tree, factor);
    const type = memory.evaluator.typeOf(tree, operand);
    return type.kind === 'record' && type.tag !== '' ? `sizeof(${type.tag})` : `sizeof(${memory.text(operand)})`;
  }

  /** `sizeof(*p)`, or of the type that the pointer points to. */
  private isObject(sizeof: number): boolean {
    const { tree, memory } = this;
    const operand = sizeofOperand(tree, sizeof);
    if (memory.text(operand) === `*${this.place}`) return true;
    const type = memory.evaluator.typeOf(tree, operand);
    const target = memory.targetType(this.target);
    return (
      type.kind === 'record' && type.tag !== '' && target?.kind === 'pointer' && target.to.kind === 'record' && target.to.tag === type.tag
    );
  }
}
