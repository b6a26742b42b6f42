import { NodeKind } from '../syntax/nodes';
import { TokenKind } from '../syntax/tokens';
import { childrenOf, kindOf, rangeOf, stripCasts, type Tree } from '../syntax/tree';
import type { FileScope } from './fileScope';
import { operatorOf } from './maskExpression';
import type { PointerTypes } from './pointerTypes';
import type { CallSite, PointerFacts, PointerUse } from './site';

const ERROR_CHECKS = new Set(['IS_ERR', 'IS_ERR_OR_NULL', 'IS_ERR_VALUE', 'PTR_ERR', 'PTR_ERR_OR_ZERO', 'ERR_CAST']);
const TRUTH_WRAPPERS = new Set([
  'likely',
  'unlikely',
  'WARN_ON',
  'WARN_ON_ONCE',
  'BUG_ON',
  'ZERO_OR_NULL_PTR',
  'IS_ERR_OR_NULL',
  'WARN',
  'KUNIT_ASSERT_NOT_NULL',
  'KUNIT_ASSERT_NOT_ERR_OR_NULL',
  'ASSERT',
]);

const MAX_DEPTH = 200;

/** Follows the pointers that a function allocates or frees through all their uses in its text. */
export function pointerFacts(scope: FileScope, body: number, calls: readonly CallSite[], types: PointerTypes): PointerFacts[] {
  const followed = new Map<string, { uses: PointerUse[]; field: string | undefined; structTag: string | undefined }>();
  for (const call of calls) {
    const { result } = call;
    if (call.api?.allocates && result.kind === 'variable') follow(result.name, undefined, undefined);
    if (call.api?.allocates && result.kind === 'field') follow(result.text, result.field, result.structTag);
    if (call.freed) follow(call.freed.target, lastMember(call.freed.target), undefined);
  }
  if (followed.size === 0) return [];
  new UseFinder(
    scope,
    calls,
    types,
    (text, structTag) => {
      const facts = followed.get(text);
      if (facts) facts.structTag ??= structTag;
      return facts?.uses;
    },
    followed,
  ).walk(body);
  return [...followed].map(([text, { uses, field, structTag }]) => ({
    text,
    local: field === undefined && types.isLocal(text),
    parameter: types.isParameter(text),
    field,
    structTag,
    uses: uses.sort((a, b) => a.range.start - b.range.start),
  }));

  function follow(text: string, field: string | undefined, structTag: string | undefined): void {
    if (text !== '' && !followed.has(text)) followed.set(text, { uses: [], field, structTag });
  }
}

function lastMember(path: string): string | undefined {
  return /(?:->|\.)(\w+)$/.exec(path)?.[1];
}

class UseFinder {
  private readonly tree: Tree;
  private readonly parents: number[] = [];
  private readonly byNode: ReadonlyMap<number, CallSite>;
  private readonly lastNames: ReadonlySet<string>;

  constructor(
    private readonly scope: FileScope,
    calls: readonly CallSite[],
    private readonly types: PointerTypes,
    private readonly usesOf: (text: string, structTag?: string) => PointerUse[] | undefined,
    followed: ReadonlyMap<string, unknown>,
  ) {
    this.tree = scope.file.tree;
    this.byNode = new Map(calls.map((call) => [call.node, call]));
    this.lastNames = new Set([...followed.keys()].map((text) => lastMember(text) ?? text));
  }

  walk(node: number): void {
    const kind = kindOf(this.tree, node);
    if (kind === NodeKind.SizeofExpr || kind === NodeKind.SizeofType || this.parents.length > MAX_DEPTH) return;
    if (kind === NodeKind.Declarator) this.declared(node);
    if (this.isFollowed(node, kind)) return;
    this.parents.push(node);
    for (let child = this.tree.child[node]!; child !== 0; child = this.tree.next[child]!) this.walk(child);
    this.parents.pop();
  }

  private isFollowed(node: number, kind: NodeKind): boolean {
    if (kind !== NodeKind.Identifier && kind !== NodeKind.Arrow && kind !== NodeKind.Member) return false;
    const { tree, scope } = this;
    const name = scope.file.interner.text(tree.tokens.symbol[tree.tok[node]!]!);
    if (!this.lastNames.has(name)) return false;
    const member = kind !== NodeKind.Identifier;
    const uses = this.usesOf(
      member ? scope.texts.pathText(tree, node) : name,
      member ? this.types.structTagOf(tree, tree.child[node]!) : undefined,
    );
    if (!uses) return false;
    uses.push(this.classify(node));
    return true;
  }

  /** `T *p = value;` */
  private declared(declarator: number): void {
    const { tree } = this;
    if (tree.tok[declarator] === 0) return;
    const uses = this.usesOf(this.scope.texts.tokenText(tree, tree.tok[declarator]!));
    const initializer = uses && childrenOf(tree, declarator).find((child) => kindOf(tree, child) === NodeKind.Initializer);
    if (!uses || initializer === undefined) return;
    uses.push(this.assigned(declarator, tree.child[initializer]!));
  }

  private assigned(place: number, value: number): PointerUse {
    const call = this.byNode.get(stripCasts(this.tree, value));
    const range = rangeOf(this.tree, place);
    return call?.api?.allocates ? { kind: 'allocated', range, node: place, call } : { kind: 'assigned', range, node: place };
  }

  private classify(node: number): PointerUse {
    const { tree } = this;
    const range = rangeOf(tree, node);
    let at = node;
    let level = this.parents.length - 1;
    for (; level >= 0 && (this.kindAt(level) === NodeKind.Paren || this.kindAt(level) === NodeKind.Cast); level--)
      at = this.parents[level]!;
    const parent = level < 0 ? 0 : this.parents[level]!;
    const use = (kind: PointerUse['kind']): PointerUse => ({ kind, range, node });
    switch (kindOf(tree, parent)) {
      case NodeKind.Assign:
        if (tree.child[parent] === at)
          return operatorOf(tree, parent) === TokenKind.Assign ? this.assigned(at, tree.next[at]!) : use('other');
        return use(this.isPlainLocal(tree.child[parent]!) ? 'other' : 'stored');
      case NodeKind.Call:
        return tree.child[parent] === at ? use('dereferenced') : this.argument(parent, at, range, node);
      case NodeKind.Arrow:
      case NodeKind.Index:
        return use(tree.child[parent] === at ? 'dereferenced' : 'other');
      case NodeKind.Unary:
        return use(unaryUse(operatorOf(tree, parent)));
      case NodeKind.Binary:
        return use(this.isNullComparison(parent, at) ? 'null-check' : 'other');
      case NodeKind.Logical:
        return use('null-check');
      case NodeKind.Conditional:
        return use(tree.child[parent] === at ? 'null-check' : 'other');
      case NodeKind.If:
      case NodeKind.While:
      case NodeKind.For:
        return use('null-check');
      case NodeKind.DoWhile:
        return use('null-check');
      case NodeKind.Return:
        return use('returned');
      case NodeKind.InitList:
      case NodeKind.Designated:
        return use('stored');
      default:
        return use('other');
    }
  }

  private kindAt(level: number): NodeKind {
    return kindOf(this.tree, this.parents[level]!);
  }

  private argument(call: number, argument: number, range: PointerUse['range'], node: number): PointerUse {
    const { tree } = this;
    const callee = this.scope.texts.text(tree, tree.child[call]!);
    let position = 0;
    for (let at = tree.next[tree.child[call]!]!; at !== 0 && at !== argument; at = tree.next[at]!) position++;
    if (TRUTH_WRAPPERS.has(callee)) return { kind: 'null-check', range, node };
    if (ERROR_CHECKS.has(callee)) return { kind: 'error-check', range, node };
    const site = this.byNode.get(call);
    if (site?.api?.frees?.arg === position) return { kind: 'freed', range, node, callee, position, call: site };
    return { kind: 'argument', range, node, callee, position };
  }

  private isPlainLocal(node: number): boolean {
    const inner = stripCasts(this.tree, node);
    return kindOf(this.tree, inner) === NodeKind.Identifier && this.types.isLocal(this.scope.texts.text(this.tree, inner));
  }

  private isNullComparison(binary: number, operand: number): boolean {
    const operator = operatorOf(this.tree, binary);
    if (operator !== TokenKind.Equal && operator !== TokenKind.NotEqual) return false;
    const other = childrenOf(this.tree, binary).find((child) => child !== operand);
    return other !== undefined && ['NULL', '0'].includes(this.scope.texts.text(this.tree, stripCasts(this.tree, other)));
  }
}

function unaryUse(operator: TokenKind): PointerUse['kind'] {
  if (operator === TokenKind.Not) return 'null-check';
  if (operator === TokenKind.Star) return 'dereferenced';
  return operator === TokenKind.Amp ? 'address-taken' : 'other';
}
