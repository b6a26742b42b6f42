import { DeclFlag, NodeKind } from '../syntax/nodes';
import { childrenOf, kindOf, stripCasts, type Tree } from '../syntax/tree';
import { type FileScope, parametersOf } from './fileScope';

/** Declared types of a function's parameters and locals, as far as struct tags go. */
export class PointerTypes {
  /** Struct tag (`struct foo *p` → `struct foo`) or typedef name of each local; the empty string for other types. */
  private readonly tags = new Map<string, string>();
  private readonly parameterNames = new Set<string>();

  constructor(
    private readonly scope: FileScope,
    node: number,
    locals: ReadonlySet<string>,
  ) {
    const { tree } = scope.file;
    for (const name of locals) this.tags.set(name, '');
    for (const parameter of parametersOf(tree, node)) this.declare(tree, parameter, true);
    this.declareBelow(tree, node, 0);
  }

  isLocal(name: string): boolean {
    return this.tags.has(name);
  }

  isParameter(name: string): boolean {
    return this.parameterNames.has(name);
  }

  /** The struct tag or typedef name of a local or parameter, when its declaration is in sight. */
  tagOfName(name: string): string | undefined {
    return this.tags.get(name) || undefined;
  }

  /** The struct tag of the thing an expression names (through any number of pointers), when its declaration is in sight. */
  structTagOf(tree: Tree, node: number): string | undefined {
    const inner = stripCasts(tree, node);
    if (kindOf(tree, inner) !== NodeKind.Identifier) return undefined;
    return this.tags.get(this.scope.texts.tokenText(tree, tree.tok[inner]!)) || undefined;
  }

  private declareBelow(tree: Tree, node: number, depth: number): void {
    if (depth > 64) return;
    for (let child = tree.child[node]!; child !== 0; child = tree.next[child]!) {
      const kind = kindOf(tree, child);
      if (kind === NodeKind.Declaration) this.declare(tree, child, false);
      else if (kind >= NodeKind.Block && kind < NodeKind.Declaration) this.declareBelow(tree, child, depth + 1);
    }
  }

  private declare(tree: Tree, declaration: number, parameter: boolean): void {
    const [specifiers, ...declarators] = childrenOf(tree, declaration);
    if (specifiers === undefined || (tree.aux[specifiers]! & DeclFlag.Typedef) !== 0) return;
    const tag = this.tagOf(tree, specifiers);
    for (const declarator of declarators) {
      if (kindOf(tree, declarator) !== NodeKind.Declarator || tree.tok[declarator] === 0) continue;
      const name = this.scope.texts.tokenText(tree, tree.tok[declarator]!);
      this.tags.set(name, tag);
      if (parameter) this.parameterNames.add(name);
    }
  }

  private tagOf(tree: Tree, specifiers: number): string {
    for (const child of childrenOf(tree, specifiers)) {
      const token = tree.tok[child]!;
      if (kindOf(tree, child) === NodeKind.StructSpec && token !== 0) return `struct ${this.scope.texts.tokenText(tree, token)}`;
      if (kindOf(tree, child) === NodeKind.TypeRef) return this.scope.texts.tokenText(tree, token);
    }
    return '';
  }
}
