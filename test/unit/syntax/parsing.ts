import assert from 'node:assert/strict';
import { Interner } from '../../../server/src/base/interner';
import { NodeKind } from '../../../server/src/syntax/nodes';
import { parseFile } from '../../../server/src/syntax/parseFile';
import { printTree } from '../../../server/src/syntax/print';
import type { BranchOracle, ParseOptions, SourceFile } from '../../../server/src/syntax/sourceFile';
import { childrenOf, lastChild } from '../../../server/src/syntax/tree';

const interner = new Interner();

/** Parses C text; `config` answers for CONFIG_ options, the others stay unknown. */
export function parse(
  code: string | Uint8Array,
  config?: Readonly<Record<string, boolean>>,
  extra: Partial<ParseOptions> = {},
): SourceFile {
  const bytes = typeof code === 'string' ? new TextEncoder().encode(code) : code;
  const branches: BranchOracle | undefined = config && { configDefined: (name) => config[name] };
  return parseFile('test.c', bytes, { interner, ...(branches && { branches }), ...extra });
}

/** File-level items as S-expressions; the code must be read without damage. */
export function items(code: string): readonly string[] {
  const file = parse(code);
  assert.deepEqual(file.damage, [], `damage in ${code}`);
  return childrenOf(file.tree, file.root).map((item) => printTree(file, item));
}

/** The statements of a function whose body is the given code; it must be read without damage. */
export function statements(code: string): readonly string[] {
  const file = parse(`void f(void)\n{\n${code}\n}\n`);
  assert.deepEqual(file.damage, [], `damage in ${code}`);
  assert.equal(file.functions.length >= 1, true);
  return bodyOf(file, file.functions[0]!.node);
}

/** The only statement of a function whose body is the given code. */
export function statement(code: string): string {
  const found = statements(code);
  assert.equal(found.length, 1, `${code} is ${found.join(' and ')}`);
  return found[0]!;
}

/** The expression of the expression statement `code;`. */
export function expression(code: string): string {
  const text = statement(`x = ${code};`);
  const match = /^\(expr \(assign = \(id x\) (.*)\)\)$/.exec(text);
  assert.ok(match, `${code} is ${text}`);
  return match[1]!;
}

export function bodyOf(file: SourceFile, fn: number): readonly string[] {
  const block = lastChild(file.tree, fn);
  assert.equal(file.tree.kind[block], NodeKind.Block);
  return childrenOf(file.tree, block).map((node) => printTree(file, node));
}

export function functionNames(file: SourceFile): readonly string[] {
  return file.functions.map((entry) => (entry.view === 0 ? entry.name : `${entry.name}/${entry.view}`));
}
