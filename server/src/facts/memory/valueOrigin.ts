import type { TextRange } from '../../base/range';
import { DeclFlag, NodeKind } from '../../syntax/nodes';
import { TokenKind } from '../../syntax/tokens';
import { childAt, childrenOf, rangeOf, stripCasts, type Tree, unparen } from '../../syntax/tree';
import { type DeclaredName, declarationsOf } from '../sizes/declarations';
import type { FileMemory } from './fileMemory';

/** Who decides about the value of an expression. */
export interface ValueOrigin {
  /** A system call's caller, whoever loads the module, or the number of processors. */
  readonly kind: 'user' | 'module-parameter' | 'cpus';
  /** `count`, `args.len`: the part of the expression it is about. */
  readonly name: string;
  /** `copy_from_user()`, `the write() call`: where it comes in. */
  readonly through: string;
  readonly range: TextRange;
  /** Something on the way compares or judges the value in a way that is not understood: it may be bounded. */
  readonly judged: boolean;
}

/** Functions that fill a place from user space, or from text of a user: the position of the first place. */
const FILLING: ReadonlyMap<string, number> = new Map([
  ['copy_from_user', 0],
  ['__copy_from_user', 0],
  ['copy_struct_from_user', 0],
  ['copy_from_iter_full', 0],
  ['get_user', 0],
  ['__get_user', 0],
  ['kstrtoint', 2],
  ['kstrtouint', 2],
  ['kstrtol', 2],
  ['kstrtoul', 2],
  ['kstrtoull', 2],
  ['kstrtoint_from_user', 3],
  ['kstrtouint_from_user', 3],
  ['kstrtoul_from_user', 3],
  ['kstrtou32', 2],
  ['kstrtou64', 2],
  ['sscanf', 2],
]);

/** Functions whose result a user chose. */
const USER_VALUES = /^(nla_get_[su](32|64)|nla_get_be32|simple_strtoul+|iov_iter_count)$/;
const USER_OBJECTS = /^v?memdup_(array_)?user(_nul)?$/;
const CPU_COUNTS = /^(num_(possible|online|present|active)_cpus|netif_get_num_default_rss_queues)$/;
const CLAMPS = /^(min|max|clamp|umin)(_t|_val|3)?$/;

const MAX_STEPS = 4;

/** Where the value of an expression of a function comes from; undefined when that is not seen. */
export function valueOrigin(memory: FileMemory, node: number): ValueOrigin | undefined {
  const owner = memory.functionNodeAt(node);
  return owner === 0 ? undefined : new OriginSearch(memory, owner, node).of(node, MAX_STEPS);
}

class OriginSearch {
  private readonly tree: Tree;
  private readonly before: number;
  private allNodes: readonly number[] | undefined;

  constructor(
    private readonly memory: FileMemory,
    private readonly owner: number,
    private readonly target: number,
  ) {
    this.tree = memory.tree;
    this.before = this.tree.first[target]!;
  }

  of(node: number, steps: number): ValueOrigin | undefined {
    const { tree, memory } = this;
    const inner = stripCasts(tree, node);
    switch (tree.kind[inner]) {
      case NodeKind.Identifier:
      case NodeKind.Member:
      case NodeKind.Arrow:
        return this.ofPlace(inner, steps);
      case NodeKind.Call:
        return this.ofCall(inner, steps);
      case NodeKind.Unary:
        return memory.text(inner) === '*lenp' ? this.ofLength(inner) : undefined;
      case NodeKind.Binary:
        return this.first(childrenOf(tree, inner), steps);
      default:
        return undefined;
    }
  }

  private first(nodes: readonly number[], steps: number): ValueOrigin | undefined {
    for (const node of nodes) {
      const origin = this.of(node, steps);
      if (origin !== undefined) return origin;
    }
    return undefined;
  }

  private ofCall(call: number, steps: number): ValueOrigin | undefined {
    const { tree, memory } = this;
    const [callee, ...args] = childrenOf(tree, call);
    const name = memory.text(callee!);
    const found = (kind: ValueOrigin['kind']): ValueOrigin => ({
      kind,
      name: memory.text(call),
      through: `${name}()`,
      range: rangeOf(tree, call),
      judged: false,
    });
    if (USER_VALUES.test(name)) return found('user');
    if (CPU_COUNTS.test(name)) return found('cpus');
    // Sums and products of it, but nothing that bounds it.
    return /^(roundup|round_up|ALIGN|PAGE_ALIGN|array_size|array3_size|size_(mul|add)|struct_size|DIV_ROUND_UP|READ_ONCE)/.test(name)
      ? this.first(args, steps)
      : undefined;
  }

  private ofPlace(node: number, steps: number): ValueOrigin | undefined {
    const { tree, memory } = this;
    const root = this.rootOf(node);
    if (root === 0) return undefined;
    const symbol = tree.tokens.symbol[tree.tok[root]!]!;
    const { locals, globals } = this.declared();
    const local = locals.filter((each) => each.symbol === symbol);
    if (local.length > 1) return undefined;
    if (local[0] === undefined) return root === node ? this.ofGlobal(node, globals.get(symbol)) : undefined;
    if (memory.text(node) === 'nr_cpu_ids') return undefined;
    const filled = this.filledBy(memory.text(node), memory.text(root));
    if (filled !== undefined) return this.user(node, filled.name, filled.call);
    if (local[0].parameter) return root === node ? this.ofParameter(node, local[0]) : undefined;
    return root === node ? this.ofAssignment(node, symbol, steps) : this.ofObject(node, root, symbol);
  }

  private declared(): { locals: readonly DeclaredName[]; globals: ReadonlyMap<number, DeclaredName> } {
    const declarations = declarationsOf(this.memory.sourceFile);
    return { locals: declarations.locals(this.owner), globals: declarations.globals };
  }

  /** The variable that a member path starts from; 0 when it leads through a call or an element. */
  private rootOf(node: number): number {
    let at = node;
    while (this.tree.kind[at] === NodeKind.Member || this.tree.kind[at] === NodeKind.Arrow || this.tree.kind[at] === NodeKind.Paren)
      at = this.tree.child[at]!;
    return this.tree.kind[at] === NodeKind.Identifier ? at : 0;
  }

  private user(node: number, through: string, where: number): ValueOrigin {
    return {
      kind: 'user',
      name: this.memory.text(node),
      through,
      range: rangeOf(this.tree, where),
      judged: this.isJudged(node),
    };
  }

  private ofGlobal(node: number, declared: DeclaredName | undefined): ValueOrigin | undefined {
    const { memory, tree } = this;
    const name = memory.text(node);
    if (name === 'nr_cpu_ids') return { kind: 'cpus', name, through: name, range: rangeOf(tree, node), judged: false };
    if (declared === undefined || (tree.aux[declared.specifiers]! & DeclFlag.Const) !== 0) return undefined;
    const macro = memory.moduleParameter(name);
    if (macro === undefined) return undefined;
    return { kind: 'module-parameter', name, through: 'module_param()', range: macro, judged: this.isJudged(node) };
  }

  /** `(…, const char __user *buf, size_t count, loff_t *pos)`: the length of a read() or write(). */
  private ofParameter(node: number, declared: DeclaredName): ValueOrigin | undefined {
    const { locals } = this.declared();
    const parameters = locals.filter((local) => local.parameter);
    const at = parameters.indexOf(declared);
    const [before, behind] = [parameters[at - 1], parameters[at + 1]];
    if (parameters.length !== 4 || at !== 2 || before === undefined || behind === undefined) return undefined;
    if (!/\b__user\b/.test(this.declaration(before)) || !/\bloff_t\b/.test(this.declaration(behind))) return undefined;
    const call = /\bconst\b/.test(this.declaration(before)) ? 'write()' : 'read()';
    return this.user(node, `the length of a ${call}`, declared.declarator);
  }

  /** The buffer length of a handler of /proc/sys. */
  private ofLength(node: number): ValueOrigin | undefined {
    const parameters = this.declared().locals.filter((local) => local.parameter);
    const isHandler = parameters.length === 5 && /\bctl_table\b/.test(this.declaration(parameters[0]!));
    return isHandler ? this.user(node, 'the length of a write()', parameters[3]!.declarator) : undefined;
  }

  private declaration({ specifiers, declarator }: DeclaredName): string {
    return this.memory.spelling(rangeOf(this.tree, specifiers).start, rangeOf(this.tree, declarator).end);
  }

  /** The call that fills the place, or the object that it is a member of. */
  private filledBy(place: string, root: string): { readonly call: number; readonly name: string } | undefined {
    const { tree, memory } = this;
    for (const node of this.nodesBefore()) {
      if (tree.kind[node] !== NodeKind.Call) continue;
      const callee = tree.child[node]!;
      const position = tree.kind[callee] === NodeKind.Identifier ? FILLING.get(memory.text(callee)) : undefined;
      if (position === undefined) continue;
      const name = memory.text(callee);
      const targets = childrenOf(tree, node).slice(1 + position, name === 'sscanf' ? undefined : 2 + position);
      for (const target of targets) {
        const text = memory.text(stripCasts(tree, target)).replace(/^&/, '');
        if (text === place || (text === root && place !== root)) return { call: node, name: `${name}()` };
      }
    }
    return undefined;
  }

  /** A variable with one value. */
  private ofAssignment(node: number, symbol: number, steps: number): ValueOrigin | undefined {
    if (steps === 0) return undefined;
    const values = this.valuesOf(symbol);
    const origin = values?.length === 1 ? this.of(values[0]!, steps - 1) : undefined;
    return origin && { ...origin, judged: origin.judged || this.isJudged(node) };
  }

  private valuesOf(symbol: number): readonly number[] | undefined {
    return this.memory.valuesIn(this.owner, symbol);
  }

  /** `args->count` of an object that was copied from user space as a whole, or that an ioctl of DRM hands in. */
  private ofObject(node: number, root: number, symbol: number): ValueOrigin | undefined {
    const { tree, memory } = this;
    const values = this.valuesOf(symbol);
    if (values?.length !== 1) return undefined;
    const value = stripCasts(tree, values[0]!);
    if (tree.kind[value] === NodeKind.Call && USER_OBJECTS.test(memory.text(tree.child[value]!)))
      return this.user(node, `${memory.text(tree.child[value]!)}()`, value);
    const parameters = this.declared().locals.filter((local) => local.parameter);
    const isIoctl = parameters.length === 3 && memory.text(value) === 'data' && /\bdrm_file\b/.test(this.declaration(parameters[2]!));
    return isIoctl && root !== node ? this.user(node, 'an ioctl', value) : undefined;
  }

  private nodesBefore(): readonly number[] {
    const { tree, before } = this;
    this.allNodes ??= [...this.memory.nodesIn(this.owner)].filter((node) => tree.first[node]! < before && tree.end[node]! <= before);
    return this.allNodes;
  }

  /**
   * Whether the code before compares the value with something of unknown size, clamps it, or gives it or the object it stands in to a function that may
   * reject it.
   */
  private isJudged(place: number): boolean {
    const { memory, tree } = this;
    const text = memory.text(place);
    const root = memory.text(this.rootOf(place) || place);
    return this.nodesBefore().some((node) => {
      const kind = tree.kind[node];
      if (kind === NodeKind.Binary) return this.isUnknownComparison(node, text);
      if (kind === NodeKind.Switch) return memory.text(tree.child[node]!).includes(text);
      return kind === NodeKind.Call && this.mayReject(node, text, root);
    });
  }

  private isUnknownComparison(node: number, text: string): boolean {
    const { tree, memory } = this;
    const operator = tree.tokens.kind[tree.tok[node]!]! as TokenKind;
    if (operator < TokenKind.Equal || operator > TokenKind.GreaterEqual) return false;
    const [left, right] = [childAt(tree, node, 0), childAt(tree, node, 1)];
    const [mentionsLeft, mentionsRight] = [this.mentions(left, text), this.mentions(right, text)];
    if (!mentionsLeft && !mentionsRight) return false;
    const other = mentionsLeft ? right : left;
    const plain = memory.text(unparen(tree, mentionsLeft ? left : right)) === text;
    const { max } = memory.evaluator.evaluate(tree, other).interval;
    if (!plain || max === undefined) return true;
    // A comparison with a known number is part of the value's bounds already, if they were understood.
    const above = mentionsLeft
      ? operator === TokenKind.Greater || operator === TokenKind.GreaterEqual
      : operator === TokenKind.Less || operator === TokenKind.LessEqual;
    return above && max > 0 && memory.evaluator.evaluate(tree, this.target).interval.max === undefined;
  }

  private mentions(node: number, text: string): boolean {
    for (const each of this.memory.nodesIn(node)) {
      const kind = this.tree.kind[each];
      const names = kind === NodeKind.Identifier || kind === NodeKind.Member || kind === NodeKind.Arrow;
      if (names && this.memory.text(each) === text) return true;
    }
    return false;
  }

  private mayReject(call: number, text: string, root: string): boolean {
    const { tree, memory } = this;
    const [callee, ...args] = childrenOf(tree, call);
    const name = memory.text(callee!);
    if (FILLING.has(name) || /^(likely|unlikely|sizeof|pr_\w+|dev_\w+|k?free\w*|IS_ERR|PTR_ERR|access_ok)$/.test(name)) return false;
    if (CLAMPS.test(name)) return args.some((arg) => this.mentions(arg, text));
    return args.some((arg) => {
      const passed = memory.text(stripCasts(tree, arg));
      return passed === text || passed === root || passed === `&${root}`;
    });
  }
}
