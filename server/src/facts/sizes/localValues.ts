import { NodeKind } from '../../syntax/nodes';
import type { SourceFile } from '../../syntax/sourceFile';
import { childrenOf, rangeOf, unparen } from '../../syntax/tree';
import type { SizeInterval } from '../sizeInterval';
import { type Assignments, assignmentsOf } from './assignments';
import { type Counter, countedValue, counterOf } from './counters';
import type { Declarations, DeclaredName } from './declarations';
import { type GuardSource, guardedValue } from './guards';
import { ANY, exactly, join } from './interval';

type Reader = (node: number) => SizeInterval;
/** Whether a limit counts, by its spelling without blanks. */
type Counts = (limit: string) => boolean;

/** Stands for any value below a limit. */
const HELD = exactly(0);
const CLAMPS = /^(min|min_t|min3|umin|clamp|clamp_t|clamp_val)$/;

const decoder = new TextDecoder();

/** What the text of a function says of its variables: the code before a place, else all values a local variable is ever given. */
export class LocalValues {
  private readonly assignments = new Map<number, Assignments>();
  /** By function and symbol; undefined for variables that do not count. */
  private readonly counters = new Map<string, Counter | undefined>();
  private readonly known = new Map<number, SizeInterval>();
  /** Places and variables that are being worked out: a variable that is defined by itself has any value. */
  private readonly open = new Set<string>();

  constructor(
    private readonly file: SourceFile,
    private readonly declarations: Declarations,
  ) {}

  /** The value of the variable that an identifier names there. `reader` evaluates other expressions of the function. */
  of(node: number, declared: DeclaredName, reader: Reader): SizeInterval {
    const known = this.known.get(node);
    if (known !== undefined) return known;
    const own = declared.to > 0 && !declared.parameter;
    const value = this.once(`place ${node}`, () => this.guarded(node, reader) ?? (own ? this.everAssigned(node, declared, reader) : ANY));
    this.known.set(node, value);
    return value;
  }

  /** What tests and assignments before an expression prove of it; undefined when they prove nothing. */
  guarded(node: number, reader: Reader): SizeInterval | undefined {
    const functionNode = this.declarations.enclosing(this.file.tree.first[node]!)[0];
    if (functionNode === undefined) return undefined;
    const value = guardedValue(this.source(reader), functionNode, node, this.text(node));
    return value.max === undefined && value.min === 0 ? undefined : value;
  }

  /**
   * Whether a test or a clamp before an expression holds it below a limit whose spelling `counts`, whatever the value of that. An expression
   * that is made of others is held when they all are; for a constant the limit is spelled with nothing.
   */
  isHeldBelow(node: number, counts: Counts): boolean {
    return this.once(`limit ${node}`, () => (this.heldBelow(node, counts) ? HELD : ANY)) === HELD;
  }

  private heldBelow(node: number, counts: Counts): boolean {
    const { tree } = this.file;
    const inner = unparen(tree, node);
    const parts = childrenOf(tree, inner);
    switch (tree.kind[inner]) {
      case NodeKind.Number:
      case NodeKind.SizeofExpr:
      case NodeKind.SizeofType:
        return counts('');
      case NodeKind.Identifier:
      case NodeKind.Member:
      case NodeKind.Arrow:
        return this.isTested(inner, counts);
      case NodeKind.Cast:
        return this.isHeldBelow(parts[1]!, counts);
      case NodeKind.Binary:
        return parts.every((part) => this.isHeldBelow(part, counts));
      case NodeKind.Call: {
        const args = parts.slice(1);
        if (CLAMPS.test(this.text(parts[0]!))) return args.some((each) => counts(this.text(each)));
        return args.length > 0 && args.every((each) => this.isHeldBelow(each, counts));
      }
      default:
        return false;
    }
  }

  private isTested(node: number, counts: Counts): boolean {
    const functionNode = this.declarations.enclosing(this.file.tree.first[node]!)[0];
    if (functionNode === undefined) return false;
    const limit = (each: number) => (counts(this.text(each)) ? HELD : ANY);
    const value = (each: number) => (this.isHeldBelow(each, counts) ? HELD : ANY);
    return guardedValue({ limit, ...this.source(value) }, functionNode, node, this.text(node)).max !== undefined;
  }

  private source(value: Reader): GuardSource {
    const { tree, interner } = this.file;
    return { tree, text: (each) => this.text(each), tokenText: (token) => interner.text(tree.tokens.symbol[token]!), value };
  }

  private everAssigned(node: number, declared: DeclaredName, reader: Reader): SizeInterval {
    const { symbol } = declared;
    const { tree, interner } = this.file;
    const functionNode = this.declarations.enclosing(tree.first[node]!)[0];
    if (functionNode === undefined) return ANY;
    let assignments = this.assignments.get(functionNode);
    if (assignments === undefined) {
      assignments = assignmentsOf(tree, functionNode, (each) => interner.text(each));
      this.assignments.set(functionNode, assignments);
    }
    if (!assignments.has(symbol)) return ANY;
    const values = assignments.get(symbol);
    const counter = values === undefined ? this.counter(functionNode, declared) : undefined;
    if (values === undefined && counter === undefined) return ANY;
    return this.once(`variable ${functionNode} ${symbol}`, () =>
      counter === undefined ? values!.map(reader).reduce(join) : countedValue(counter, reader),
    );
  }

  private counter(functionNode: number, declared: DeclaredName): Counter | undefined {
    const key = `${functionNode} ${declared.symbol}`;
    if (!this.counters.has(key)) {
      const source = { tree: this.file.tree, spelling: (symbol: number) => this.file.interner.text(symbol) };
      this.counters.set(key, counterOf(source, functionNode, declared));
    }
    return this.counters.get(key);
  }

  private once(key: string, compute: () => SizeInterval): SizeInterval {
    if (this.open.has(key)) return ANY;
    this.open.add(key);
    try {
      return compute();
    } finally {
      this.open.delete(key);
    }
  }

  private text(node: number): string {
    const { tree, interner } = this.file;
    const word = tree.end[node]! - tree.first[node]! === 1 ? tree.tokens.symbol[tree.first[node]!]! : 0;
    if (word !== 0) return interner.text(word);
    const { start, end } = rangeOf(tree, node);
    return decoder.decode(this.file.bytes.subarray(start, end)).replace(/\s+/g, '');
  }
}
