import type { SourceFile } from '../../syntax/sourceFile';
import { rangeOf } from '../../syntax/tree';
import type { SizeInterval } from '../sizeInterval';
import { type Assignments, assignmentsOf } from './assignments';
import type { Declarations, DeclaredName } from './declarations';
import { guardedValue } from './guards';
import { ANY, join } from './interval';

type Reader = (node: number) => SizeInterval;

const decoder = new TextDecoder();

/** What the text of a function says of its variables: the code before a place, else all values a local variable is ever given. */
export class LocalValues {
  private readonly assignments = new Map<number, Assignments>();
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
    const value = this.once(
      `place ${node}`,
      () => this.guarded(node, reader) ?? (own ? this.everAssigned(node, declared.symbol, reader) : ANY),
    );
    this.known.set(node, value);
    return value;
  }

  /** What tests and assignments before an expression prove of it; undefined when they prove nothing. */
  guarded(node: number, reader: Reader): SizeInterval | undefined {
    const { tree, interner } = this.file;
    const functionNode = this.declarations.enclosing(tree.first[node]!)[0];
    if (functionNode === undefined) return undefined;
    const source = {
      tree,
      text: (each: number) => this.text(each),
      tokenText: (token: number) => interner.text(tree.tokens.symbol[token]!),
      value: reader,
    };
    const value = guardedValue(source, functionNode, node, this.text(node));
    return value.max === undefined && value.min === 0 ? undefined : value;
  }

  private everAssigned(node: number, symbol: number, reader: Reader): SizeInterval {
    const { tree, interner } = this.file;
    const functionNode = this.declarations.enclosing(tree.first[node]!)[0];
    if (functionNode === undefined) return ANY;
    let assignments = this.assignments.get(functionNode);
    if (assignments === undefined) {
      assignments = assignmentsOf(tree, functionNode, (each) => interner.text(each));
      this.assignments.set(functionNode, assignments);
    }
    const values = assignments.get(symbol);
    if (values === undefined) return ANY;
    return this.once(`variable ${functionNode} ${symbol}`, () => values.map(reader).reduce(join));
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
