import { firstThat } from '../base/search';
import { eachWord } from '../base/words';
import type { ContextFunction } from '../kernel/model';
import { expandCall as expandMacroCall, parseMacroBody } from '../syntax/macros';
import { DeclFlag, NodeKind } from '../syntax/nodes';
import type { FunctionEntry, Macro, SourceFile } from '../syntax/sourceFile';
import { childAt, childrenOf, kindOf, type Tree, unparen } from '../syntax/tree';
import { type GuardTexts, guardDefinedIn, guardOfDefinition, UNKNOWN_GUARD } from './guardDefinition';
import { type NameTable, Role } from './names';
import { SourceTexts } from './source';
import { WordIndex } from './wordIndex';

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
/** Macros inside macros are followed this deep. */
const MAX_MACRO_CHAIN = 4;

/** Names of one file: its macros, its functions, and the texts behind its trees. */
export class FileScope {
  readonly texts: SourceTexts;
  private readonly maskMacros = new Map<number, MacroBody | undefined>();
  private readonly expansions = new Map<Tree, Map<number, MacroBody | undefined>>();
  private readonly locals = new Map<number, FunctionEntry>();
  private readonly described = new Map<number, LocalFunction>();
  /** Roles of the words in the bodies of the file's macros, by the macro's symbol; only of macros that have any. */
  private readonly macroRoles = new Map<number, number>();
  private readonly guards = new Map<string, ContextFunction | typeof UNKNOWN_GUARD | undefined>();
  readonly words: WordIndex;

  constructor(
    readonly file: SourceFile,
    readonly names: NameTable,
    /** What the file includes. */
    private readonly headers?: GuardTexts,
  ) {
    this.texts = new SourceTexts(file.interner);
    this.texts.add(file.tree, file.bytes);
    for (const entry of file.functions) {
      const symbol = file.tree.tokens.symbol[file.tree.tok[entry.node]!]!;
      if (symbol !== 0 && !this.locals.has(symbol)) this.locals.set(symbol, entry);
    }
    if (file.functions.length > 0) this.judgeMacros();
    this.words = new WordIndex(file.tree, (symbol, isCall) => this.roleOf(symbol, isCall));
  }

  /** What a name means in this file: the kernel's roles, and those of the file's own functions and macros. */
  roleOf(symbol: number, isCall: boolean): number {
    const role = this.names.role(symbol);
    const macro = this.macroRoles.size > 0 && this.macroRoles.has(symbol) ? Role.LocalMacro : 0;
    return isCall && this.locals.has(symbol) ? role | macro | Role.LocalCall : role | macro;
  }

  /** Roles that a name brings in through the bodies of the file's macros. */
  macroRole(symbol: number): number {
    return this.macroRoles.get(symbol) ?? 0;
  }

  /** What the bodies of the file's macros bring in; macros may use macros defined before or behind them. */
  private judgeMacros(): void {
    const { all, symbols } = this.file.macros;
    if (all.length === 0) return;
    const defined = new Set(symbols);
    const users: { readonly symbol: number; readonly uses: readonly number[] }[] = [];
    for (const [index, macro] of all.entries()) {
      if (macro.body.end === macro.body.start) continue;
      const symbol = symbols[index]!;
      const uses: number[] = [];
      this.grantRoles(symbol, this.bodyRoles(macro, defined, uses));
      if (uses.length > 0) users.push({ symbol, uses });
    }
    // Chains of macros are short; each round follows them one step further.
    for (let grown = users.length > 0, round = 0; grown && round < MAX_MACRO_CHAIN; round++) {
      grown = false;
      for (const { symbol, uses } of users)
        for (const used of uses) if (this.grantRoles(symbol, this.macroRole(used) & ~this.macroRole(symbol))) grown = true;
    }
  }

  private grantRoles(symbol: number, roles: number): boolean {
    if (roles !== 0) this.macroRoles.set(symbol, this.macroRole(symbol) | roles);
    return roles !== 0;
  }

  /** What guard(name) does, for a class of the catalogue or one that the file or its headers define. */
  guard(name: string): ContextFunction | typeof UNKNOWN_GUARD | undefined {
    const { contexts } = this.names.model;
    const known = contexts.guard(name);
    if (known) return known;
    if (!this.guards.has(name)) {
      const text = guardDefinedIn(this.file, name) ?? this.headers?.guardText(name);
      const unseen = name.includes('lock') ? UNKNOWN_GUARD : undefined;
      this.guards.set(name, text === undefined ? unseen : guardOfDefinition(text, contexts));
    }
    return this.guards.get(name);
  }

  localFunction(symbol: number): LocalFunction | undefined {
    const entry = this.locals.get(symbol);
    return entry && this.describeFunction(entry);
  }

  /** The function's entry in the scope, by node (a function may stand in two views). */
  describeFunction(entry: FunctionEntry): LocalFunction {
    const known = this.described.get(entry.node);
    if (known) return known;
    const { tree } = this.file;
    const parameters: string[] = [];
    const gfpParameters: { name: string; index: number }[] = [];
    for (const parameter of parametersOf(tree, entry.node)) {
      const declarator = childAt(tree, parameter, 1);
      const token = declarator === 0 ? 0 : tree.tok[declarator]!;
      const name = token === 0 ? '' : this.texts.tokenText(tree, token);
      if (name !== '' && this.mentions(tree, tree.child[parameter]!, Role.GfpType)) gfpParameters.push({ name, index: parameters.length });
      parameters.push(name);
    }
    const description = { entry, parameters, gfpParameters };
    this.described.set(entry.node, description);
    return description;
  }

  /** Whether the function around a call of `foo_unlock` also calls `foo_lock`, or for `foo_unlock_irqrestore` `foo_lock_irqsave`. */
  hasLockPartner(tree: Tree, call: number, unlock: number): boolean {
    const { interner } = this.file;
    const partner = interner.find(interner.text(unlock).replace('unlock', 'lock').replace('_irqrestore', '_irqsave'));
    if (partner === 0 || tree !== this.file.tree) return false;
    const { symbol } = tree.tokens;
    const first = this.bodyStart(tree.first[call]!);
    for (let token = tree.first[call]!; token > first; token--) if (symbol[token] === partner) return true;
    return false;
  }

  /** First token of the function that a token lies in. */
  private bodyStart(token: number): number {
    const { tree, functions } = this.file;
    const behind = firstThat(0, functions.length, (index) => tree.first[functions[index]!.node]! > token);
    return behind === 0 ? 0 : tree.first[functions[behind - 1]!.node]!;
  }

  /** Whether a node's tokens hold a name with one of these roles, in the node itself or through a macro of the file. */
  mentions(tree: Tree, node: number, roles: number): boolean {
    const [first, end] = [tree.first[node]!, tree.end[node]!];
    const throughMacro = (symbol: number, role: number) => (role & roles) !== 0 || (this.macroRole(symbol) & roles) !== 0;
    if (tree === this.file.tree) return this.words.some(first, end, roles | Role.LocalMacro, throughMacro);
    const { symbol } = tree.tokens;
    for (let token = first; token < end; token++) {
      const name = symbol[token]!;
      if (name !== 0 && throughMacro(name, this.roleOf(name, true))) return true;
    }
    return false;
  }

  /** The body of an object-like macro of the file whose value is a mask, or undefined. */
  maskMacro(symbol: number): MacroBody | undefined {
    if (this.maskMacros.has(symbol)) return this.maskMacros.get(symbol);
    const macro = this.file.macros.bySymbol(symbol);
    this.maskMacros.set(symbol, undefined); // a macro that mentions itself ends here
    const body = macro && !macro.takesArguments ? this.readMaskMacro(macro) : undefined;
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

  /** Roles of the words of a macro's body, and those among them that are macros (`defined`) themselves; reads bytes, parses nothing. */
  private bodyRoles(macro: Macro, defined: ReadonlySet<number>, uses: number[]): number {
    const { bytes, interner } = this.file;
    const end = Math.min(macro.body.end, macro.body.start + MAX_MACRO_BODY);
    let roles = 0;
    eachWord(bytes, macro.body.start, end, (first, behind, hash) => {
      if (isDigit(bytes[first]!)) return true;
      // Not a lookup: what a name's spelling says must not depend on whether another file has used it.
      const symbol = interner.internBytes(bytes, first, behind, hash);
      roles |= (this.names.role(symbol) & ~Role.GfpType) | (this.locals.has(symbol) ? Role.LocalCall : 0);
      if (defined.has(symbol)) uses.push(symbol);
      return true;
    });
    return roles;
  }

  /** The body of a function-like macro of the file in place of a call, when it holds anything the analysis looks for. */
  expandCall(tree: Tree, call: number): MacroBody | undefined {
    const callee = unparen(tree, tree.child[call]!);
    if (kindOf(tree, callee) !== NodeKind.Identifier) return undefined;
    const symbol = tree.tokens.symbol[tree.tok[callee]!]!;
    if (this.macroRole(symbol) === 0) return undefined;
    const macro = this.file.macros.bySymbol(symbol);
    if (!macro?.takesArguments || macro.body.end - macro.body.start > MAX_MACRO_BODY) return undefined;
    let known = this.expansions.get(tree);
    if (!known) this.expansions.set(tree, (known = new Map()));
    if (!known.has(call)) known.set(call, this.expand(tree, call, macro));
    return known.get(call);
  }

  private expand(tree: Tree, call: number, macro: Macro): MacroBody | undefined {
    const texts = childrenOf(tree, call)
      .slice(1)
      .map((argument) => this.texts.text(tree, argument));
    const fragment = expandMacroCall(this.file, macro, texts);
    if (!fragment) return undefined;
    this.texts.add(fragment.source.tree, fragment.source.bytes);
    return { tree: fragment.source.tree, root: fragment.root, shape: fragment.shape, macro: macro.name };
  }
}

function isDigit(byte: number): boolean {
  return byte >= 48 && byte <= 57;
}

/** The Parameter nodes of a Function; none for macro-headed and K&R definitions. */
export function parametersOf(tree: Tree, node: number): number[] {
  if ((tree.aux[node]! & DeclFlag.MacroHeader) !== 0) return [];
  const declarator = childOfKind(tree, node, NodeKind.Declarator);
  const params = declarator === 0 ? 0 : childOfKind(tree, declarator, NodeKind.FunctionParams);
  const found: number[] = [];
  for (let param = params === 0 ? 0 : tree.child[params]!; param !== 0; param = tree.next[param]!)
    if (kindOf(tree, param) === NodeKind.Parameter) found.push(param);
  return found;
}

/** The Block of a Function, or 0. */
export function bodyOf(tree: Tree, node: number): number {
  return childOfKind(tree, node, NodeKind.Block);
}

/** The first child of a kind, or 0. */
function childOfKind(tree: Tree, node: number, kind: NodeKind): number {
  let child = tree.child[node]!;
  while (child !== 0 && kindOf(tree, child) !== kind) child = tree.next[child]!;
  return child;
}
