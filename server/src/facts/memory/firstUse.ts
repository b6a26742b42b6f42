import type { TextRange } from '../../base/range';
import { wordAtEnd } from '../../base/words';
import { onlyNotes } from '../../kernel/functions/memoryUses';
import { NodeKind } from '../../syntax/nodes';
import { childrenOf, stripCasts } from '../../syntax/tree';
import type { CallSite } from '../site';
import type { FileMemory } from './fileMemory';
import { classifyUse, type PlaceUse } from './placeUses';

/** The first thing that happens to the result of an allocation after it was stored. */
export interface FirstUse {
  readonly kind:
    | 'checked'
    | 'dereferenced'
    | 'element-address'
    | 'argument'
    | 'returned'
    | 'copied'
    | 'freed'
    | 'overwritten'
    | 'none'
    | 'unclear';
  readonly range: TextRange | undefined;
  /** For arguments: the callee and the position. */
  readonly callee: string | undefined;
  readonly position: number | undefined;
  /** Every path that leads on from the allocation meets it. */
  readonly always: boolean;
  /** The result is tested, or returned to a caller who can, at some later place of the function. */
  readonly checkedLater: boolean;
  /** What the function tests the result with: `IS_ERR`, `WARN_ON`; empty for a comparison with NULL. Only for a result that is tested first. */
  readonly tests: ReadonlySet<string>;
  /** Where the result was stored, `pd`, `led->name`. */
  readonly place: string;
}

type Event = Pick<FirstUse, 'kind' | 'range' | 'callee' | 'position'>;

const NOTHING: Event = { kind: 'none', range: undefined, callee: undefined, position: undefined };
const NO_TESTS: ReadonlySet<string> = new Set();
const UNCLEAR: Event = { ...NOTHING, kind: 'unclear' };

/**
 * Follows the statements after an allocation to the first use of its result; undefined when the result is stored in no place that can be followed,
 * and when the allocations of the file have taken more steps together than any of the kernel does.
 */
export function firstUse(memory: FileMemory, call: CallSite): FirstUse | undefined {
  const targets = memory.targets(call);
  if (targets.length === 0 || call.origin === 'macro' || memory.isSpent) return undefined;
  const walk = new Walk(memory, targets);
  const { event, always } = walk.from(targets.at(-1)!);
  const harmless = event.kind === 'checked' || event.kind === 'returned' || event.kind === 'unclear';
  const tests = event.kind === 'checked' ? walk.testsAfter(call.node) : NO_TESTS;
  return { always, place: walk.place, checkedLater: harmless || walk.isCheckedAfter(call.node), tests, ...event };
}

class Walk {
  readonly place: string;
  /** Spellings under which the result can be reached. */
  private readonly names = new Set<string>();
  /** Last identifier of each spelling, as a symbol: most nodes are told apart by it. */
  private readonly lastWords = new Set<number>();
  /**
   * Variables that hold an address inside of the result, as symbols, with the node that got it: after `q = &p[i];` what is read through q is read through p.
   */
  private readonly inside = new Map<number, number>();
  /** Some spelling is `*p` or `p[i]`. */
  private indirect = false;
  private always = true;

  constructor(
    private readonly memory: FileMemory,
    targets: readonly number[],
  ) {
    this.place = this.nameOf(targets[0]!);
    for (const target of targets) this.addName(this.nameOf(target));
  }

  private addName(name: string): void {
    this.names.add(name);
    const word = wordAtEnd(name);
    if (word !== undefined) this.lastWords.add(this.memory.file.interner.find(word));
    if (!/^[\w.>-]*$/.test(name)) this.indirect = true;
  }

  private nameOf(target: number): string {
    return stripParens(this.memory.placeText(target));
  }

  from(target: number): { event: Event; always: boolean } {
    const { tree, parents } = this.memory;
    let at = target;
    let parent = parents[at]!;
    // Up to the statement: an allocation inside a condition is tested there.
    for (; parent !== 0 && !isStatement(tree.kind[parent]!); at = parent, parent = parents[at]!) {
      const kind = tree.kind[parent];
      if (kind !== NodeKind.Assign && kind !== NodeKind.Declarator && kind !== NodeKind.Paren && kind !== NodeKind.Cast)
        return { event: UNCLEAR, always: false };
    }
    if (tree.kind[parent] !== NodeKind.ExprStatement && tree.kind[parent] !== NodeKind.Declaration)
      return { event: UNCLEAR, always: false };
    if (tree.kind[parent] === NodeKind.Declaration) {
      const rest = this.following(tree.next[at]!);
      if (rest !== undefined) return { event: rest, always: this.always };
    }
    const event = this.after(parent);
    return { event, always: this.always };
  }

  /** The first event behind a statement, up through the blocks around it. */
  private after(statement: number): Event {
    const { tree, parents } = this.memory;
    for (let at = statement; at !== 0 && tree.kind[at] !== NodeKind.Function; at = parents[at]!) {
      const parent = parents[at]!;
      const kind = tree.kind[parent];
      if (kind === NodeKind.Block || kind === NodeKind.Switch) {
        const event = this.following(tree.next[at]!);
        if (event !== undefined) return event;
      } else if (isLoop(kind!)) {
        // The condition or step of a loop comes next, then another round or the code behind it.
        this.always = false;
        for (const part of childrenOf(tree, parent)) {
          const event = part === at ? undefined : this.scan(part);
          if (event !== undefined) return event;
        }
      }
    }
    return NOTHING;
  }

  /** Events in a list of statements; undefined when control just runs through them. */
  private following(first: number): Event | undefined {
    const { tree } = this.memory;
    for (let node = first; node !== 0; node = tree.next[node]!) {
      const kind = tree.kind[node];
      if (kind === NodeKind.Case || kind === NodeKind.Default || kind === NodeKind.Label) this.always = false;
      const event = this.statement(node);
      if (event !== undefined) return event;
    }
    return undefined;
  }

  private statement(node: number): Event | undefined {
    const { tree } = this.memory;
    const kind = tree.kind[node]!;
    switch (kind) {
      case NodeKind.Goto:
      case NodeKind.ComputedGoto:
        return UNCLEAR;
      case NodeKind.Break:
      case NodeKind.Continue:
        return this.always ? UNCLEAR : undefined;
      case NodeKind.Return:
        return this.scan(node) ?? NOTHING;
      case NodeKind.Block:
        return this.following(tree.child[node]!);
      case NodeKind.Label:
      case NodeKind.Default:
      case NodeKind.Case: {
        const body = childrenOf(tree, node).at(-1);
        return body === undefined ? undefined : this.statement(body);
      }
      default:
        return isBranching(kind) ? this.branching(node) : this.scan(node);
    }
  }

  /** A statement with a condition: the condition always runs, its branches only sometimes. */
  private branching(node: number): Event | undefined {
    const { tree } = this.memory;
    const parts = childrenOf(tree, node);
    const bodies = tree.kind[node] === NodeKind.For ? 3 : tree.kind[node] === NodeKind.DoWhile ? 0 : 1;
    const head = tree.kind[node] === NodeKind.DoWhile ? [] : parts.slice(0, bodies);
    for (const part of head) {
      const event = this.scan(part);
      if (event !== undefined) return event;
    }
    const before = this.always;
    for (const body of parts.slice(bodies)) {
      this.always = false;
      const event = this.branchEvent(body);
      if (event !== undefined) return event;
    }
    this.always = before;
    return undefined;
  }

  /** A branch that leaves without touching the result tells nothing of the code behind it. */
  private branchEvent(body: number): Event | undefined {
    const event = this.statement(body);
    return event === undefined || event.kind === 'none' || event.kind === 'unclear' ? undefined : event;
  }

  /** The first event inside an expression or simple statement, in source order, with values read before they are assigned. */
  private scan(node: number): Event | undefined {
    const { tree } = this.memory;
    this.memory.spend();
    const own = this.eventAt(node);
    if (own !== undefined) return own;
    const children = childrenOf(tree, node);
    if (tree.kind[node] === NodeKind.SizeofExpr || tree.kind[node] === NodeKind.SizeofType) return undefined;
    const ordered = tree.kind[node] === NodeKind.Assign ? children.reverse() : children;
    for (const child of ordered) {
      const event = this.scan(child);
      if (event !== undefined) return event;
    }
    return undefined;
  }

  private eventAt(node: number): Event | undefined {
    if (!this.isNamed(node)) return this.insideEvent(node);
    const use = classifyUse(this.memory, node);
    const event = (name: FirstUse['kind']): Event => ({ kind: name, range: use.range, callee: use.callee, position: use.position });
    switch (use.kind) {
      case 'element-address':
        // `&p->member` only computes an address until a function gets it, or something is read there.
        if (use.callee !== undefined) return event('element-address');
        this.keepInside(use.other ?? 0);
        return undefined;
      case 'argument':
        return onlyNotes(use.callee ?? '') ? undefined : event('argument');
      case 'checked':
      case 'dereferenced':
      case 'returned':
      case 'freed':
        return event(use.kind);
      case 'assigned':
        // The target of `q = p;`, seen after its value.
        return this.isNamed(this.finalValue(use.other!)) ? undefined : event('overwritten');
      case 'allocated':
        return event('overwritten');
      case 'copied':
        return this.copied(use.other ?? 0) ? undefined : event('copied');
      case 'sized':
        return undefined;
      default:
        return event('unclear');
    }
  }

  /** `q = &p[i];`, `struct item *q = &p[i];` */
  private keepInside(to: number): void {
    const { tree } = this.memory;
    if (tree.kind[to] === NodeKind.Identifier || tree.kind[to] === NodeKind.Declarator)
      this.inside.set(tree.tokens.symbol[tree.tok[to]!]!, to);
  }

  /** What is done with an address inside of the result; all but reading and writing there says nothing. */
  private insideEvent(node: number): Event | undefined {
    const { tree } = this.memory;
    if (this.inside.size === 0 || tree.kind[node] !== NodeKind.Identifier) return undefined;
    const variable = tree.tokens.symbol[tree.tok[node]!]!;
    // The target of `q = &p[i];` is seen after its value.
    if ((this.inside.get(variable) ?? node) === node) return undefined;
    const { kind, range } = classifyUse(this.memory, node);
    if (kind === 'assigned' || kind === 'allocated') this.inside.delete(variable);
    return kind === 'dereferenced' ? { ...NOTHING, kind, range } : undefined;
  }

  private finalValue(value: number): number {
    const { tree } = this.memory;
    let inner = stripCasts(tree, value);
    while (tree.kind[inner] === NodeKind.Assign) inner = stripCasts(tree, childrenOf(tree, inner).at(-1)!);
    return inner;
  }

  /** `q = p;` makes q another name of the result. */
  private copied(to: number): boolean {
    if (to === 0) return false;
    this.addName(stripParens(this.memory.text(to)));
    return true;
  }

  isCheckedAfter(call: number): boolean {
    for (const { kind } of this.usesAfter(call)) if (kind === 'checked' || kind === 'returned') return true;
    return false;
  }

  testsAfter(call: number): ReadonlySet<string> {
    const tests = new Set<string>();
    for (const { kind, callee = '' } of this.usesAfter(call)) if (kind === 'checked') tests.add(callee);
    return tests;
  }

  private *usesAfter(call: number): Iterable<PlaceUse> {
    const { memory } = this;
    const { tree } = memory;
    const owner = memory.functionNodeAt(call);
    for (const node of memory.nodesIn(owner)) {
      memory.spend();
      if (tree.first[node]! >= tree.end[call]! && this.isNamed(node)) yield classifyUse(memory, node);
    }
  }

  /** Whether a node spells one of the names of the result. */
  private isNamed(node: number): boolean {
    const { tree } = this.memory;
    const kind = tree.kind[node];
    if (kind === NodeKind.Identifier || kind === NodeKind.Arrow || kind === NodeKind.Member) {
      if (!this.lastWords.has(tree.tokens.symbol[tree.tok[node]!]!)) return false;
    } else if (!this.indirect || (kind !== NodeKind.Index && kind !== NodeKind.Unary)) {
      return false;
    }
    return this.names.has(stripParens(this.memory.text(node)));
  }
}

function stripParens(text: string): string {
  let inner = text;
  while (inner.startsWith('(') && inner.endsWith(')') && !inner.slice(1, -1).includes(')')) inner = inner.slice(1, -1);
  return inner;
}

function isStatement(kind: number): boolean {
  return (kind >= NodeKind.Block && kind < NodeKind.Declaration) || kind === NodeKind.Declaration;
}

function isLoop(kind: number): boolean {
  return kind === NodeKind.While || kind === NodeKind.DoWhile || kind === NodeKind.For || kind === NodeKind.ForEach;
}

function isBranching(kind: number): boolean {
  return isLoop(kind) || kind === NodeKind.If || kind === NodeKind.Switch;
}
