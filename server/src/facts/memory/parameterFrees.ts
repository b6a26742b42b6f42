import { NodeKind } from '../../syntax/nodes';
import type { CallSite } from '../site';
import type { FileMemory } from './fileMemory';

/** The frees of a parameter in the function around one of them. */
export function freesOfParameter(memory: FileMemory, free: CallSite, index: number): readonly CallSite[] {
  const history = memory.histories.ofParameter(memory.functionNodeAt(free.node), index);
  return history?.uses.flatMap(({ kind, call }) => (kind === 'freed' && call !== undefined ? [call] : [])) ?? [];
}

/** Conditions that count users of an object: what is inside of it does not say how it was allocated. */
const COUNTS_USERS = /dec_and_|_put\(|refcount_|--/;

/** Whether nothing but the pointer and its users decide that a free is reached: no `if` around it asks for anything else, or for a member. */
export function isUnconditional(memory: FileMemory, free: CallSite, argument: number): boolean {
  const { tree, parents } = memory;
  const symbol = tree.tokens.symbol[tree.tok[memory.place(argument)]!]!;
  for (let at = free.node; tree.kind[at] !== NodeKind.Function && at !== 0; at = parents[at]!) {
    const parent = parents[at]!;
    const condition = tree.child[parent]!;
    const kind = tree.kind[parent];
    if (kind === NodeKind.Switch || kind === NodeKind.Conditional) return false;
    if (kind !== NodeKind.If || condition === at) continue;
    const text = memory.text(condition);
    if (/->|\./.test(text) && !COUNTS_USERS.test(text)) return false;
    for (const node of memory.nodesIn(condition)) {
      const isCallee = tree.kind[parents[node]!] === NodeKind.Call && tree.child[parents[node]!] === node;
      if (tree.kind[node] === NodeKind.Identifier && !isCallee && tree.tokens.symbol[tree.tok[node]!] !== symbol) return false;
    }
  }
  return true;
}
