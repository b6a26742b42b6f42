import { NodeKind } from '../../syntax/nodes';
import { TokenKind } from '../../syntax/tokens';
import { childrenOf, stripCasts } from '../../syntax/tree';
import type { FileMemory } from './fileMemory';

/** A parameter through which a function of the file hands a pointer out: `int table_new(u32 **out)` with `*out = …`. */
export interface OutParameter {
  readonly functionNode: number;
  readonly function: string;
  readonly position: number;
  /** The places `*out` in the function, which are all that it does with the parameter but for tests. */
  readonly places: readonly number[];
}

/** What the function that gets the address of a variable at a position does with it; undefined when that is more than to use what it points to. */
export function outParameter(memory: FileMemory, callee: string, position: number): OutParameter | undefined {
  const functionNode = memory.functionNamed(callee);
  const history = functionNode === undefined ? undefined : memory.histories.ofParameter(functionNode, position);
  if (functionNode === undefined || history === undefined) return undefined;
  const places: number[] = [];
  for (const use of history.uses) {
    const place = use.kind === 'dereferenced' ? starAround(memory, use.node) : 0;
    if (place !== 0) places.push(place);
    else if (use.kind !== 'checked') return undefined;
  }
  return { functionNode, function: callee, position, places };
}

/** The same for a place `*out` that something is stored in. */
export function outParameterAt(memory: FileMemory, target: number): OutParameter | undefined {
  const { tree } = memory;
  const place = memory.place(target);
  const name =
    tree.kind[place] === NodeKind.Unary && tree.tokens.kind[tree.tok[place]!] === TokenKind.Star ? stripCasts(tree, tree.child[place]!) : 0;
  if (name === 0 || tree.kind[name] !== NodeKind.Identifier) return undefined;
  const position = memory.parameterIndex(name, memory.text(name));
  return position === undefined ? undefined : outParameter(memory, memory.functionAt(name), position);
}

/** The variables whose addresses the callers pass; undefined when one passes something else, or when not all callers are in the file. */
export function placesGiven(memory: FileMemory, out: OutParameter): readonly number[] | undefined {
  if (!memory.isStaticFunction(out.functionNode) || memory.isHandedOut(out.function)) return undefined;
  const { tree } = memory;
  const places: number[] = [];
  for (const args of memory.callsOf(out.function)) {
    const argument = args[out.position] === undefined ? 0 : stripCasts(tree, args[out.position]!);
    const isAddress = tree.kind[argument] === NodeKind.Unary && tree.tokens.kind[tree.tok[argument]!] === TokenKind.Amp;
    if (!isAddress) return undefined;
    places.push(stripCasts(tree, childrenOf(tree, argument)[0]!));
  }
  return places;
}

function starAround({ tree, parents }: FileMemory, node: number): number {
  let at = node;
  while (tree.kind[parents[at]!] === NodeKind.Paren || tree.kind[parents[at]!] === NodeKind.Cast) at = parents[at]!;
  const parent = parents[at]!;
  return tree.kind[parent] === NodeKind.Unary && tree.tokens.kind[tree.tok[parent]!] === TokenKind.Star ? parent : 0;
}
