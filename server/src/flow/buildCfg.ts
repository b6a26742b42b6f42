import { NodeKind } from '../syntax/nodes';
import { TokenKind } from '../syntax/tokens';
import { childAt, kindOf, lastChild, type Tree, unparen } from '../syntax/tree';
import { type Cfg, EXIT, type Expansion, StepKind } from './cfg';
import { OpenGraph } from './openGraph';

/** What the builder must be told about the language's names; flow/ itself knows no kernel function. */
export interface CfgHooks {
  /** The call does not return (`BUG()`, `panic()`). */
  neverReturns(tree: Tree, call: number): boolean;
  /** The call is `guard(…)(…)` or another statement whose effect ends with the enclosing block. */
  opensScope(tree: Tree, node: number): boolean;
  /** The identifier wraps a condition without changing its truth (`likely`, `unlikely`). */
  passesTruth(tree: Tree, callee: number): boolean;
  /** The truth of a condition that is a constant (`1`, `true`), or undefined. */
  constantTruth(tree: Tree, node: number): boolean | undefined;
  /** The body of a function-like macro that should be read in place of its call, or undefined to read the call as it stands. */
  expand(tree: Tree, call: number, depth: number): { readonly tree: Tree; readonly root: number; readonly macro: string } | undefined;
}

const MAX_EXPANSIONS = 6;

/** Builds the control-flow graph of a function body. Total: any tree gives a graph; time is linear in the body and its expansions. */
export function buildCfg(tree: Tree, body: number, hooks: CfgHooks, labelText: (tree: Tree, token: number) => string): Cfg {
  return new Builder(tree, hooks, labelText).build(body);
}

class Builder extends OpenGraph {
  private readonly switches: { head: number; hasDefault: boolean }[] = [];
  private expansion: Expansion | undefined;
  private expansionDepth = 0;
  private unknownShapes = 0;

  constructor(
    private tree: Tree,
    private readonly hooks: CfgHooks,
    private readonly labelText: (tree: Tree, token: number) => string,
  ) {
    super();
  }

  build(body: number): Cfg {
    this.statement(body);
    this.jump(EXIT);
    this.resolveGotos();
    return { blocks: this.blocks, unknownShapes: this.unknownShapes };
  }

  private step(kind: StepKind, node: number): void {
    this.blocks[this.current]!.steps.push({ kind, tree: this.tree, node, expansion: this.expansion, quiet: false });
  }

  // ── statements ───────────────────────────────────────────────────────────────────────────────

  private statement(node: number): void {
    const { tree } = this;
    switch (kindOf(tree, node)) {
      case NodeKind.Block:
        return this.block(node);
      case NodeKind.ExprStatement:
        return this.expressionStatement(tree.child[node]!);
      case NodeKind.Declaration:
        return this.declaration(node);
      case NodeKind.If:
        return this.ifStatement(node);
      case NodeKind.While:
        return this.whileStatement(node);
      case NodeKind.DoWhile:
        return this.doWhileStatement(node);
      case NodeKind.For:
        return this.forStatement(node);
      case NodeKind.ForEach:
        return this.forEachStatement(node);
      case NodeKind.ScopedGuard:
        return this.scopedGuard(node);
      case NodeKind.Switch:
        return this.switchStatement(node);
      case NodeKind.Case:
      case NodeKind.Default:
      case NodeKind.Label:
        return this.labelled(node);
      case NodeKind.Goto:
        return this.jumpTo(this.labelText(tree, tree.tok[node]!));
      case NodeKind.ComputedGoto:
        this.evaluate(tree.child[node]!);
        return this.jumpAnywhere();
      case NodeKind.Return:
        return this.returnStatement(node);
      case NodeKind.Break:
        return this.leave(this.breaks);
      case NodeKind.Continue:
        return this.leave(this.continues);
      case NodeKind.Asm:
        for (let operand = tree.child[node]!; operand !== 0; operand = tree.next[operand]!) this.evaluate(operand);
        return;
      case NodeKind.Function: // a nested function runs when it is called, not here
      case NodeKind.Empty:
      case NodeKind.Damaged:
      case NodeKind.None:
      case NodeKind.MacroDeclaration:
        return;
      default:
        // An expression used as a statement (the body of a macro, for instance).
        return this.expressionStatement(node);
    }
  }

  private block(node: number): void {
    const depth = this.openScopes;
    for (let child = this.tree.child[node]!; child !== 0; child = this.tree.next[child]!) this.statement(child);
    this.closeScopes(depth);
  }

  private expressionStatement(expr: number): void {
    this.evaluate(expr);
    const inner = unparen(this.tree, expr);
    if (kindOf(this.tree, inner) !== NodeKind.Call) return;
    if (this.hooks.opensScope(this.tree, inner)) this.openScope(this.tree, inner);
    if (this.hooks.neverReturns(this.tree, inner)) this.current = this.newBlock();
  }

  private declaration(node: number): void {
    const { tree } = this;
    this.inlineBlocks(node);
    this.step(StepKind.Declare, node);
    for (let child = tree.child[node]!; child !== 0; child = tree.next[child]!) {
      if (kindOf(tree, child) === NodeKind.Declarator && this.hooks.opensScope(tree, child)) this.openScope(this.tree, child);
    }
  }

  /** Evaluates an expression, after the statements that `({ … })`, macro blocks and expanded macros put inside it. */
  private evaluate(expr: number): void {
    if (expr === 0 || kindOf(this.tree, expr) === NodeKind.Omitted) return;
    this.inlineBlocks(expr);
    if (this.tryExpand(expr)) return;
    this.step(StepKind.Evaluate, expr);
  }

  /** Replaces a whole-expression macro call by the statements or expression of its body. */
  private tryExpand(expr: number): boolean {
    const call = unparen(this.tree, expr);
    if (kindOf(this.tree, call) !== NodeKind.Call || this.expansionDepth >= MAX_EXPANSIONS) return false;
    const body = this.hooks.expand(this.tree, call, this.expansionDepth);
    if (!body) return false;
    const { tree, expansion } = this;
    this.expansion = { tree: body.tree, root: body.root, call, outer: expansion, macro: body.macro };
    this.tree = body.tree;
    this.expansionDepth++;
    this.statement(body.root);
    this.expansionDepth--;
    this.tree = tree;
    this.expansion = expansion;
    return true;
  }

  /** Statement expressions and blocks given to macros run (or may run) before the expression that holds them. */
  private inlineBlocks(node: number): void {
    const { tokens } = this.tree;
    const end = this.tree.end[node]!;
    let found = false;
    for (let token = this.tree.first[node]!; token < end && !found; token++) found = tokens.kind[token] === TokenKind.LBrace;
    if (found) this.inlineBlocksBelow(node, 0);
  }

  private inlineBlocksBelow(node: number, depth: number): void {
    if (depth > 64) return;
    const { tree } = this;
    const kind = kindOf(tree, node);
    if (kind === NodeKind.Function) return;
    for (let child = tree.child[node]!; child !== 0; child = tree.next[child]!) {
      if (kindOf(tree, child) !== NodeKind.Block) this.inlineBlocksBelow(child, depth + 1);
      else if (kind === NodeKind.StatementExpr) this.block(child);
      else if (kind === NodeKind.Call) this.maybe(() => this.block(child));
    }
  }

  /** Code that may or may not run. */
  private maybe(code: () => void): void {
    const after = this.newBlock();
    const inside = this.newBlock();
    this.edge(this.current, after);
    this.edge(this.current, inside);
    this.current = inside;
    this.unknownShapes++;
    code();
    this.fallInto(after);
  }

  private ifStatement(node: number): void {
    const { tree } = this;
    const after = this.newBlock();
    // An else-if chain is a list, not a nest: long chains must not deepen the stack.
    for (let branch = node; ; ) {
      const condition = tree.child[branch]!;
      const then = tree.next[condition]!;
      const otherwise = then === 0 ? 0 : tree.next[then]!;
      const whenTrue = this.newBlock();
      const whenFalse = otherwise === 0 ? after : this.newBlock();
      this.condition(condition, whenTrue, whenFalse);
      this.current = whenTrue;
      if (then !== 0) this.statement(then);
      this.edge(this.current, after);
      if (otherwise === 0) break;
      this.current = whenFalse;
      if (kindOf(tree, otherwise) !== NodeKind.If) {
        this.statement(otherwise);
        this.edge(this.current, after);
        break;
      }
      branch = otherwise;
    }
    this.current = after;
  }

  private loop(body: () => void, breakTo: number, continueTo: number): void {
    this.breaks.push({ block: breakTo, depth: this.openScopes });
    this.continues.push({ block: continueTo, depth: this.openScopes });
    body();
    this.breaks.pop();
    this.continues.pop();
  }

  private whileStatement(node: number): void {
    const [head, body, after] = [this.newBlock(), this.newBlock(), this.newBlock()];
    this.fallInto(head);
    this.condition(childAt(this.tree, node, 0), body, after);
    this.current = body;
    this.loop(() => this.statement(childAt(this.tree, node, 1)), after, head);
    this.edge(this.current, head);
    this.current = after;
  }

  private doWhileStatement(node: number): void {
    const [body, test, after] = [this.newBlock(), this.newBlock(), this.newBlock()];
    this.fallInto(body);
    this.loop(() => this.statement(childAt(this.tree, node, 0)), after, test);
    this.fallInto(test);
    this.condition(childAt(this.tree, node, 1), body, after);
    this.current = after;
  }

  private forStatement(node: number): void {
    const { tree } = this;
    const depth = this.openScopes;
    const init = childAt(tree, node, 0);
    const condition = childAt(tree, node, 1);
    const advance = childAt(tree, node, 2);
    if (kindOf(tree, init) === NodeKind.Declaration) this.declaration(init);
    else this.evaluate(init);
    const [head, body, step, after] = [this.newBlock(), this.newBlock(), this.newBlock(), this.newBlock()];
    this.fallInto(head);
    if (condition === 0 || kindOf(tree, condition) === NodeKind.Omitted) this.edge(this.current, body);
    else this.condition(condition, body, after);
    this.current = body;
    this.loop(() => this.statement(lastChild(tree, node)), after, step);
    this.fallInto(step);
    this.evaluate(advance);
    this.edge(this.current, head);
    this.current = after;
    this.closeScopes(depth);
  }

  private forEachStatement(node: number): void {
    const [head, body, after] = [this.newBlock(), this.newBlock(), this.newBlock()];
    this.fallInto(head);
    this.evaluate(childAt(this.tree, node, 0));
    this.edge(this.current, body);
    this.edge(this.current, after);
    this.current = body;
    this.loop(() => this.statement(childAt(this.tree, node, 1)), after, head);
    this.edge(this.current, head);
    this.current = after;
  }

  private scopedGuard(node: number): void {
    const call = childAt(this.tree, node, 0);
    const depth = this.openScopes;
    const after = this.newBlock();
    this.step(StepKind.ScopeEnter, call);
    this.openScope(this.tree, call);
    // The macro is a loop that runs once: break and continue both leave it, and release.
    this.breaks.push({ block: after, depth });
    this.continues.push({ block: after, depth });
    this.statement(childAt(this.tree, node, 1));
    this.breaks.pop();
    this.continues.pop();
    this.closeScopes(depth);
    this.fallInto(after);
  }

  private switchStatement(node: number): void {
    this.evaluate(childAt(this.tree, node, 0));
    const head = this.current;
    const after = this.newBlock();
    this.current = this.newBlock();
    this.switches.push({ head, hasDefault: false });
    this.breaks.push({ block: after, depth: this.openScopes });
    this.statement(childAt(this.tree, node, 1));
    this.breaks.pop();
    if (!this.switches.pop()!.hasDefault) this.edge(head, after);
    this.fallInto(after);
  }

  /** A statement and the labels before it. Each label holds the next, but they are a list, not a nest: thousands must not deepen the stack. */
  private labelled(first: number): void {
    let node = first;
    for (let kind = kindOf(this.tree, node); ; kind = kindOf(this.tree, node)) {
      if (kind === NodeKind.Label) this.placeLabel(this.labelText(this.tree, this.tree.tok[node]!));
      else if (kind === NodeKind.Case || kind === NodeKind.Default) this.caseLabel(kind);
      else return this.statement(node);
      // The labelled statement is the last child; the ones before are values.
      node = lastChild(this.tree, node);
      if (node === 0 || !isStatement(kindOf(this.tree, node))) return;
    }
  }

  private caseLabel(kind: NodeKind): void {
    const target = this.newBlock();
    const enclosing = this.switches[this.switches.length - 1];
    if (enclosing) {
      this.edge(enclosing.head, target);
      if (kind === NodeKind.Default) enclosing.hasDefault = true;
    }
    this.fallInto(target);
  }

  private returnStatement(node: number): void {
    if (this.tree.child[node] !== 0) this.inlineBlocks(this.tree.child[node]!);
    this.step(StepKind.Return, node);
    this.unwindTo(0);
    this.jump(EXIT);
  }

  // ── conditions ───────────────────────────────────────────────────────────────────────────────

  /** Branches on an expression; `&&`, `||`, `!` and truth-preserving wrappers become edges of their own. */
  private condition(expr: number, whenTrue: number, whenFalse: number): void {
    const { tree } = this;
    const node = unparen(tree, expr);
    const kind = kindOf(tree, node);
    if (kind === NodeKind.Logical) {
      const left = tree.child[node]!;
      const right = tree.next[left]!;
      const middle = this.newBlock();
      if (tree.tokens.kind[tree.tok[node]!] === TokenKind.AmpAmp) this.condition(left, middle, whenFalse);
      else this.condition(left, whenTrue, middle);
      this.current = middle;
      return this.condition(right, whenTrue, whenFalse);
    }
    if (kind === NodeKind.Unary && tree.tokens.kind[tree.tok[node]!] === TokenKind.Not) {
      return this.condition(tree.child[node]!, whenFalse, whenTrue);
    }
    if (kind === NodeKind.Call && this.hooks.passesTruth(tree, tree.child[node]!)) {
      const argument = childAt(tree, node, 1);
      if (argument !== 0) return this.condition(argument, whenTrue, whenFalse);
    }
    this.leaf(node, whenTrue, whenFalse);
  }

  private leaf(node: number, whenTrue: number, whenFalse: number): void {
    const { tree } = this;
    const constant = this.hooks.constantTruth(tree, node);
    if (constant !== undefined) return this.edge(this.current, constant ? whenTrue : whenFalse);
    this.inlineBlocks(node);
    this.step(StepKind.Evaluate, node);
    const { expansion } = this;
    this.edge(this.current, whenTrue, { tree, node, sense: true, expansion });
    this.edge(this.current, whenFalse, { tree, node, sense: false, expansion });
  }
}

function isStatement(kind: NodeKind): boolean {
  return (kind >= NodeKind.Block && kind <= NodeKind.Damaged) || kind === NodeKind.Declaration || kind === NodeKind.Function;
}
