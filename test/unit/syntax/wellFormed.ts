import assert from 'node:assert/strict';
import { NodeKind } from '../../../server/src/syntax/nodes';
import type { SourceFile } from '../../../server/src/syntax/sourceFile';
import { TokenKind } from '../../../server/src/syntax/tokens';
import { rangeOf } from '../../../server/src/syntax/tree';

/** Nested deeper than this, a consumer that recurses would be in danger. */
const MAX_TREE_DEPTH = 20000;

/** Fails when a file breaks what tree.ts and sourceFile.ts promise, whatever its text was. */
export function assertWellFormed(file: SourceFile): void {
  assertTokens(file);
  assert.equal(file.tree.kind[file.root], NodeKind.TranslationUnit);
  const seen = new Uint8Array(file.tree.count);
  for (const root of [file.root, ...file.alternates]) assertSubtree(file, root, seen);
  const alternates = new Set(file.alternates);
  for (const { node, view } of file.functions) {
    assert.equal(file.tree.kind[node], NodeKind.Function);
    if (view === 1 && !alternates.has(node)) assertSubtree(file, node, seen);
  }
  for (const { range } of file.damage) assert.ok(range.start <= range.end && range.end <= file.bytes.length);
  for (const macro of file.macros.all) assert.ok(macro.body.start <= macro.body.end && macro.body.end <= file.bytes.length);
}

function assertTokens({ tokens, bytes }: SourceFile): void {
  const last = tokens.count - 1;
  assert.ok(last >= 1 && tokens.kind[0] === TokenKind.Eof && tokens.kind[last] === TokenKind.Eof);
  for (let token = 1; token < last; token++) {
    assert.notEqual(tokens.kind[token], TokenKind.Eof, `token ${token} of ${last} is an Eof`);
    assert.ok(tokens.start[token]! < tokens.end[token]! && tokens.end[token]! <= tokens.start[token + 1]!);
  }
  assert.ok(tokens.end[last]! <= bytes.length);
}

function assertSubtree(file: SourceFile, root: number, seen: Uint8Array): void {
  const { tree } = file;
  const stack = [{ node: root, depth: 0 }];
  for (let entry = stack.pop(); entry !== undefined; entry = stack.pop()) {
    const { node, depth } = entry;
    assert.equal(seen[node], 0, `node ${node} has two parents`);
    seen[node] = 1;
    assert.ok(depth < MAX_TREE_DEPTH);
    assert.notEqual(tree.kind[node], NodeKind.None);
    const first = tree.first[node]!;
    const end = tree.end[node]!;
    assert.ok(first <= end && end <= tree.tokens.count, `node ${node} of kind ${tree.kind[node]} ends at ${end} before ${first}`);
    const range = rangeOf(tree, node);
    assert.ok(range.start <= range.end);
    for (let child = tree.child[node]!; child !== 0; child = tree.next[child]!) {
      // An empty node stands in front of a token, and a dropped branch may lie between that and its parent.
      const empty = tree.first[child] === tree.end[child];
      const inside = empty || (tree.first[child]! >= first && tree.end[child]! <= end);
      assert.ok(inside, `child of kind ${tree.kind[child]} lies outside its parent of kind ${tree.kind[node]}`);
      stack.push({ node: child, depth: depth + 1 });
    }
  }
}
