import { touches } from '../base/range';
import { NodeKind } from '../syntax/nodes';
import type { FunctionEntry, SourceFile } from '../syntax/sourceFile';
import { childAt, childrenOf, kindOf, rangeOf, tokenRange } from '../syntax/tree';

const decoder = new TextDecoder('utf-8');

/** The function around an offset that has a `gfp_t` parameter of that name. Also finds functions that hold nothing to analyse. */
export function functionWithGfpParameter(file: SourceFile, offset: number, name: string): FunctionEntry | undefined {
  return file.functions.find((entry) => touches(rangeOf(file.tree, entry.node), offset) && gfpParameters(file, entry).includes(name));
}

function gfpParameters(file: SourceFile, entry: FunctionEntry): readonly string[] {
  const { tree } = file;
  const declarator = childrenOf(tree, entry.node).find((node) => kindOf(tree, node) === NodeKind.Declarator) ?? 0;
  const parameters = childrenOf(tree, declarator).find((node) => kindOf(tree, node) === NodeKind.FunctionParams) ?? 0;
  return childrenOf(tree, parameters).flatMap((parameter) => {
    const type = childAt(tree, childAt(tree, parameter, 0), 0);
    const declared = childAt(tree, parameter, 1);
    const isMask = kindOf(tree, type) === NodeKind.TypeRef && tokenText(file, tree.tok[type]!) === 'gfp_t';
    return isMask && declared !== 0 && tree.tok[declared] !== 0 ? [tokenText(file, tree.tok[declared]!)] : [];
  });
}

function tokenText(file: SourceFile, token: number): string {
  const { start, end } = tokenRange(file.tree, token);
  return decoder.decode(file.bytes.subarray(start, end));
}
