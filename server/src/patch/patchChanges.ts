import { structuredPatch } from 'diff';
import { ALL_LINES, type ChangedLines, changedLines } from '../report/changedLines';
import { latin1Bytes } from './latin1';
import { applyToTree, type PatchBase, type PatchedTree } from './patchedTree';
import { readPatches } from './patchText';

/** What a patch changes. Paths are relative to the root. */
export interface PatchChanges {
  /** The C files with their changed lines. */
  readonly lines: ReadonlyMap<string, ChangedLines>;
  /** Texts to analyse in place of what is there; empty when all of it is applied. */
  readonly texts: ReadonlyMap<string, Uint8Array>;
  /** How far the tree has it already, for people. */
  readonly status: string;
  readonly isApplied: boolean;
}

/** More differences than this are no patch that somebody reads, but a new text. */
const MAX_EDITS = 5000;

/** What a patch (latin-1) changes, and how far the tree has it already. Throws `PatchError` when it does not fit; `shown` names it. */
export function changesOfPatch(text: string, base: PatchBase, shown: string): PatchChanges {
  const mails = readPatches(text, shown);
  const tree = applyToTree(mails, base, shown);
  const isApplied = tree.applied === mails.length;
  return { ...changesOf(tree, !isApplied), status: statusOf(tree, mails.length), isApplied };
}

function statusOf({ applied }: PatchedTree, count: number): string {
  const patches = count === 1 ? 'the patch' : `the ${count} patches`;
  if (applied === count) return `${patches} ${count === 1 ? 'is' : 'are'} applied already: the tree is checked as it is`;
  if (applied === 0) return `${patches} ${count === 1 ? 'fits' : 'fit'} the tree: checked as if applied`;
  return `${applied} of ${patches} are applied already; checked as if the rest were`;
}

function changesOf({ before, after, origins }: PatchedTree, inMemory: boolean): Pick<PatchChanges, 'lines' | 'texts'> {
  const lines = new Map<string, ChangedLines>();
  const texts = new Map<string, Uint8Array>();
  for (const [path, text] of after) {
    const origin = before.get(path) ?? before.get(origins.get(path) ?? '');
    if (text === undefined || text === before.get(path) || !/\.[ch]$/.test(path)) continue;
    lines.set(path, linesOf(origin, text));
    if (inMemory) texts.set(path, latin1Bytes(text));
  }
  return { lines, texts };
}

function linesOf(before: string | undefined, after: string): ChangedLines {
  if (before === undefined) return ALL_LINES;
  const patch = structuredPatch('', '', before, after, '', '', { context: 0, maxEditLength: MAX_EDITS });
  return patch === undefined ? ALL_LINES : changedLines(patch.hunks);
}
