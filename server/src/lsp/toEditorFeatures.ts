import { type CodeLens, type CompletionItem, CompletionItemKind, type InlayHint } from 'vscode-languageserver';
import type { FlagCompletion } from '../ide/completion';
import type { FunctionLens } from '../ide/functionLens';
import type { MaskHint } from '../ide/maskHints';
import type { ByteDocument } from './byteDocument';

/** Before the names that C tools complete, which sort by themselves. */
const FIRST = '!';

export function toCompletionItem({ name, kind, range, rank, description }: FlagCompletion, document: ByteDocument): CompletionItem {
  return {
    label: name,
    kind: kind === 'composite' ? CompletionItemKind.Constant : CompletionItemKind.EnumMember,
    sortText: `${FIRST}${String(rank).padStart(4, '0')}`,
    ...(rank === 0 && { preselect: true }),
    ...(description !== '' && { detail: description }),
    textEdit: { range: document.rangeAt(range.start, range.end), newText: name },
  };
}

export function toInlayHint({ at, label, tooltip }: MaskHint, document: ByteDocument): InlayHint {
  return { position: document.rangeAt(at, at).start, label, tooltip, paddingLeft: true };
}

/** @param commands whether the client has our command to look at a mask. */
export function toCodeLens({ range, title, mask }: FunctionLens, document: ByteDocument, commands: boolean): CodeLens {
  const command = commands && mask !== undefined ? { title, command: 'gfpLens.exploreMask', arguments: [mask] } : { title, command: '' };
  return { range: document.rangeAt(range.start, range.end), command };
}
