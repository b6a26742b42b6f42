import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { Language, type Node, Parser } from 'web-tree-sitter';
import { callText, type FunctionCalls, isPerhapsCast } from './functionCalls';
import { byOffset } from './ours';

/** A parser for C; its grammar is the WASM file that the npm package tree-sitter-c brings. */
export async function loadTreeSitter(): Promise<Parser> {
  await Parser.init();
  const require = createRequire(__filename);
  const folder = dirname(require.resolve('tree-sitter-c/package.json'));
  const parser = new Parser();
  parser.setLanguage(await Language.load(join(folder, 'tree-sitter-c.wasm')));
  return parser;
}

/** The function definitions at file level as tree-sitter reads them. One character of `text` is one byte. */
export function treeSitterFunctions(parser: Parser, text: string): readonly FunctionCalls[] {
  const tree = parser.parse(text);
  if (tree === null) return [];
  const found: FunctionCalls[] = [];
  for (const node of tree.rootNode.namedChildren) {
    if (node === null || node.type !== 'function_definition') continue;
    const body = node.childForFieldName('body');
    if (body === null) continue;
    const calls: string[] = [];
    collectCalls(body, text, calls);
    found.push({ name: declaredName(node), body: body.startIndex, end: body.endIndex, calls: calls.sort(byOffset), broken: node.hasError });
  }
  tree.delete();
  return found;
}

function declaredName(definition: Node): string {
  let node: Node | null = definition.childForFieldName('declarator');
  while (node !== null && node.type !== 'identifier')
    node = node.childForFieldName('declarator') ?? node.namedChildren.find((child) => child?.type.endsWith('declarator')) ?? null;
  return node?.text ?? '';
}

function collectCalls(node: Node, text: string, calls: string[]): void {
  const stack: Node[] = [node];
  for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
    if (next.type === 'attribute_specifier') continue;
    if (isCall(next)) calls.push(callOf(next, text));
    for (const child of next.namedChildren) if (child !== null) stack.push(child);
  }
}

function isCall(node: Node): boolean {
  if (node.type === 'offsetof_expression') return true;
  return node.type === 'call_expression' && !isPerhapsCast(node.childForFieldName('function')!.text);
}

function callOf(node: Node, text: string): string {
  const slice = (part: Node): string => text.slice(part.startIndex, part.endIndex);
  if (node.type === 'offsetof_expression') {
    const parts = node.namedChildren.filter((child): child is Node => child !== null && child.type !== 'comment');
    return callText(node.startIndex, 'offsetof', parts.map(slice));
  }
  const callee = node.childForFieldName('function')!;
  const list = node.childForFieldName('arguments')!;
  const parts = list.namedChildren.filter((child): child is Node => child !== null && child.type !== 'comment');
  return callText(node.startIndex, slice(callee), parts.map(slice));
}
