import { hashStep } from '../base/interner';
import { expandCall as expandMacroCall, parseMacroBody } from '../syntax/macros';
import { DeclFlag, NodeKind } from '../syntax/nodes';
import type { FunctionEntry, Macro, SourceFile } from '../syntax/sourceFile';
import { childAt, childrenOf, kindOf, type Tree, unparen } from '../syntax/tree';
import { INTERESTING, type NameTable, Role } from './names';
import { SourceTexts } from './source';

/** A macro body put in place of its use. */
export interface MacroBody {
  readonly tree: Tree;
  readonly root: number;
  readonly shape: 'expression' | 'statements';
  readonly macro: string;
}

/** A function defined in the file, as its callers in the same file see it. */
export interface LocalFunction {
  readonly entry: FunctionEntry;
  /** Names of the parameters in order; the empty string for unnamed ones. */
  readonly parameters: readonly string[];
  readonly gfpParameters: readonly { readonly name: string; readonly index: number }[];
}

/** Bodies longer than this (bytes of the definition) are not put in place of their calls. */
const MAX_MACRO_BODY = 4000;

/** Names of one file: its macros, its functions, and the texts behind its trees. */
export class FileScope {
  readonly texts = new SourceTexts();
  private readonly maskMacros = new Map<number, MacroBody | undefined>();
  private readonly allocatingMacros = new Map<number, boolean>();
  private anyAllocatingMacro: boolean | undefined;
  private readonly irrelevantMacros = new Set<number>();
  private readonly expansions = new Map<Tree, Map<number, MacroBody | undefined>>();
  private readonly locals = new Map<number, LocalFunction>();
  private readonly openMacros = new Set<number>();

  constructor(
    readonly file: SourceFile,
    readonly names: NameTable,
  ) {
    this.texts.add(file.tree, file.bytes);
    for (const entry of file.functions) {
      const symbol = file.interner.find(entry.name);
      if (symbol !== 0 && !this.locals.has(symbol)) this.locals.set(symbol, this.describeFunction(entry));
    }
  }

  localFunction(symbol: number): LocalFunction | undefined {
    return this.locals.get(symbol);
  }

  /** The function's entry in the scope, by node (a function may stand in two views). */
  describeFunction(entry: FunctionEntry): LocalFunction {
    const { tree } = this.file;
    const parameters: string[] = [];
    const gfpParameters: { name: string; index: number }[] = [];
    for (const parameter of parametersOf(tree, entry.node)) {
      const declarator = childAt(tree, parameter, 1);
      const token = declarator === 0 ? 0 : tree.tok[declarator]!;
      const name = token === 0 ? '' : this.texts.tokenText(tree, token);
      if (name !== '' && this.mentionsRole(tree, tree.child[parameter]!, Role.GfpType))
        gfpParameters.push({ name, index: parameters.length });
      parameters.push(name);
    }
    return { entry, parameters, gfpParameters };
  }

  /** Whether a node's tokens hold a name with one of these roles. */
  mentions(tree: Tree, node: number, roles: number): boolean {
    return this.mentionsRole(tree, node, roles);
  }

  /** The body of an object-like macro of the file whose value is a mask, or undefined. */
  maskMacro(symbol: number): MacroBody | undefined {
    if (this.maskMacros.has(symbol)) return this.maskMacros.get(symbol);
    const macro = this.file.macros.bySymbol(symbol);
    this.maskMacros.set(symbol, undefined); // a macro that mentions itself ends here
    const body = macro && macro.parameters === undefined ? this.readMaskMacro(macro) : undefined;
    this.maskMacros.set(symbol, body);
    return body;
  }

  private readMaskMacro(macro: Macro): MacroBody | undefined {
    if (macro.body.end - macro.body.start > MAX_MACRO_BODY) return undefined;
    const fragment = parseMacroBody(macro, this.file);
    if (fragment?.shape !== 'expression') return undefined;
    const { tree } = fragment.source;
    this.texts.add(tree, fragment.source.bytes);
    if (!this.mentionsMask(tree, fragment.root)) return undefined;
    return { tree, root: fragment.root, shape: fragment.shape, macro: macro.name };
  }

  private mentionsMask(tree: Tree, node: number): boolean {
    const { symbol } = tree.tokens;
    for (let token = tree.first[node]!; token < tree.end[node]!; token++) {
      const name = symbol[token]!;
      if (name === 0) continue;
      if ((this.names.role(name) & Role.Flag) !== 0 || this.maskMacro(name)) return true;
    }
    return false;
  }

  /** Whether a name is a function-like macro of the file whose body allocates, frees or names a flag. */
  isAllocatingMacro(symbol: number): boolean {
    const known = this.allocatingMacros.get(symbol);
    if (known !== undefined) return known;
    const macro = this.file.macros.bySymbol(symbol);
    const answer = macro?.parameters !== undefined && this.bodyMentions(macro, INTERESTING);
    this.allocatingMacros.set(symbol, answer);
    return answer;
  }

  /** Whether the file defines any function-like macro that allocates, frees or names a flag. */
  get hasAllocatingMacros(): boolean {
    this.anyAllocatingMacro ??= this.file.macros.all.some(
      (macro) => macro.parameters !== undefined && this.bodyMentions(macro, INTERESTING),
    );
    return this.anyAllocatingMacro;
  }

  /** Whether the words of a macro's body have one of these roles; reads bytes, parses nothing. */
  private bodyMentions(macro: Macro, roles: number): boolean {
    const { bytes, interner } = this.file;
    const end = Math.min(macro.body.end, macro.body.start + MAX_MACRO_BODY);
    for (let at = macro.body.start; at < end; at++) {
      if (!isWordByte(bytes[at]!)) continue;
      const start = at;
      let hash = 0;
      for (; at < end && isWordByte(bytes[at]!); at++) hash = hashStep(hash, bytes[at]!);
      const symbol = interner.findBytes(bytes, start, at, hash);
      if (symbol !== 0 && (this.names.role(symbol) & roles) !== 0) return true;
    }
    return false;
  }

  /** The body of a function-like macro of the file in place of a call, when it holds anything the analysis looks for. */
  expandCall(tree: Tree, call: number): MacroBody | undefined {
    const callee = unparen(tree, tree.child[call]!);
    if (kindOf(tree, callee) !== NodeKind.Identifier) return undefined;
    const symbol = tree.tokens.symbol[tree.tok[callee]!]!;
    if (this.irrelevantMacros.has(symbol) || this.openMacros.has(symbol)) return undefined;
    const macro = this.file.macros.bySymbol(symbol);
    if (!macro || macro.parameters === undefined || macro.body.end - macro.body.start > MAX_MACRO_BODY) return undefined;
    let known = this.expansions.get(tree);
    if (!known) this.expansions.set(tree, (known = new Map()));
    if (!known.has(call)) known.set(call, this.expand(tree, call, symbol, macro));
    return known.get(call);
  }

  private expand(tree: Tree, call: number, symbol: number, macro: Macro): MacroBody | undefined {
    const texts = childrenOf(tree, call)
      .slice(1)
      .map((argument) => this.texts.text(tree, argument));
    const fragment = expandMacroCall(this.file, macro, texts);
    if (!fragment) return undefined;
    const body = fragment.source.tree;
    this.texts.add(body, fragment.source.bytes);
    if (!this.isRelevant(body, fragment.root, symbol)) {
      this.irrelevantMacros.add(symbol);
      return undefined;
    }
    return { tree: body, root: fragment.root, shape: fragment.shape, macro: macro.name };
  }

  /** Whether a macro body locks, allocates, frees, or calls a macro that does. */
  private isRelevant(tree: Tree, root: number, self: number): boolean {
    const { symbol } = tree.tokens;
    this.openMacros.add(self);
    let relevant = false;
    for (let token = tree.first[root]!; token < tree.end[root]! && !relevant; token++) {
      const name = symbol[token]!;
      if (name === 0 || name === self) continue;
      relevant =
        (this.names.role(name) & ~Role.GfpType) !== 0 ||
        (this.file.macros.bySymbol(name)?.parameters !== undefined && !this.irrelevantMacros.has(name));
    }
    this.openMacros.delete(self);
    return relevant;
  }

  private mentionsRole(tree: Tree, node: number, roles: number): boolean {
    const { symbol } = tree.tokens;
    const end = tree.end[node]!;
    for (let token = tree.first[node]!; token < end; token++) {
      const name = symbol[token]!;
      if (name !== 0 && (this.names.role(name) & roles) !== 0) return true;
    }
    return false;
  }
}

/** The Parameter nodes of a Function; none for macro-headed and K&R definitions. */
export function parametersOf(tree: Tree, node: number): number[] {
  if ((tree.aux[node]! & DeclFlag.MacroHeader) !== 0) return [];
  for (const child of childrenOf(tree, node)) {
    if (kindOf(tree, child) !== NodeKind.Declarator) continue;
    const params = childrenOf(tree, child).find((derivation) => kindOf(tree, derivation) === NodeKind.FunctionParams);
    return params === undefined ? [] : childrenOf(tree, params).filter((param) => kindOf(tree, param) === NodeKind.Parameter);
  }
  return [];
}

/** The Block of a Function, or 0. */
export function bodyOf(tree: Tree, node: number): number {
  for (const child of childrenOf(tree, node)) if (kindOf(tree, child) === NodeKind.Block) return child;
  return 0;
}

function isWordByte(byte: number): boolean {
  return (byte >= 97 && byte <= 122) || (byte >= 65 && byte <= 90) || byte === 95 || (byte >= 48 && byte <= 57);
}
