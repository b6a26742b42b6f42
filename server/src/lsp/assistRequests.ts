import type { CancellationToken } from 'vscode-languageserver';
import { answerTool } from '../assist/answerTool';
import { type AssistChange, AssistError, type AssistTree } from '../assist/assistant';
import { MAX_TEXT } from '../ide/document';
import { relativeTo } from '../ide/kernels';
import { ruleSettings, type Snapshot } from '../ide/snapshot';
import { latin1Text } from '../patch/latin1';
import { changesOfPatch } from '../patch/patchChanges';
import { PatchError } from '../patch/patchError';
import type { AssistAnswer, AssistParams } from '../protocol/assist';
import type { ByteDocument } from './byteDocument';
import type { Files } from './files';
import { cancelled } from './guard';
import { nextTurn } from './turn';

/** What the answers need of the server. */
export interface AssistHost {
  readonly files: Files;
  readonly snapshot: Snapshot;
  /** The open folders, absolute. */
  readonly folders: readonly string[];
  readonly openDocument: (path: string) => ByteDocument | undefined;
}

/** Answers a tool of a language model from the open folders: what is open counts as it stands in the editor. */
export async function answerAssistant(params: Partial<AssistParams>, host: AssistHost, token: CancellationToken): Promise<AssistAnswer> {
  const breathe = async (): Promise<void> => {
    await nextTurn();
    if (token.isCancellationRequested) throw cancelled();
  };
  try {
    const tree = editorTree(pathIn(params.input), host, token);
    return { text: await answerTool(String(params.tool), params.input, { tree, inTree: tree.isKernel, breathe }) };
  } catch (error) {
    if (error instanceof AssistError) return { error: error.message };
    throw error;
  }
}

function pathIn(input: unknown): string | undefined {
  const { path, file } = (input ?? {}) as { path?: unknown; file?: unknown };
  const given = path ?? file;
  return typeof given === 'string' ? given : undefined;
}

/** The tree that a path belongs to, else that of the first folder. */
function editorTree(
  path: string | undefined,
  { files, snapshot, folders, openDocument }: AssistHost,
  token: CancellationToken,
): AssistTree & { readonly isKernel: boolean } {
  const rootOf = (folder: string): string => snapshot.kernelOf(undefined, files.resolve(folder, 'x')).root ?? folder;
  const roots = [...new Set(folders.flatMap((folder) => [folder, rootOf(folder)]))];
  /** A path that a model gives is relative to a folder or to the tree around it. */
  const absolute = (given: string): string => {
    const candidates = files.isAbsolute(given) ? [given] : roots.map((root) => files.resolve(root, given));
    const found = candidates.find(
      (one) => openDocument(one) !== undefined || files.isFolder(one) || files.read(one, MAX_TEXT) !== undefined,
    );
    const chosen = found ?? candidates[0];
    if (chosen === undefined) throw new AssistError('no folder is open');
    const real = files.realPath(chosen);
    if (!roots.some((root) => isWithin(root, chosen) && isWithin(files.realPath(root), real)))
      throw new AssistError(`${given} lies outside of the open folders: give a path relative to ${folders.join(' or ')}`);
    return chosen;
  };
  const start = path === undefined ? folders[0] : absolute(path);
  const inside = start === undefined ? '' : files.isFolder(start) ? files.resolve(start, 'x') : start;
  const kernel = snapshot.kernelOf(undefined, inside);
  const settings = snapshot.settingsFor(inside);
  const root = kernel.root ?? folders.find((folder) => isWithin(folder, inside)) ?? folders[0] ?? '';
  const read = (given: string): Uint8Array => {
    const at = absolute(given);
    const bytes = openDocument(at)?.bytes ?? files.read(at, MAX_TEXT);
    if (bytes === undefined) throw new AssistError(`${given}: no such file`);
    return bytes;
  };
  return {
    isKernel: kernel.root !== undefined || settings.kernelVersion !== undefined,
    context: { ...kernel.context, rules: ruleSettings(settings) },
    known: settings.known,
    read,
    list: async (given) => {
      const at = absolute(given);
      const found = files.isFolder(at) ? await files.sources(at, () => token.isCancellationRequested) : [at];
      return found.map((one) => relativeTo(root, one));
    },
    change: (patch) =>
      changeOf(patch, root, (given) => (isThere(files, openDocument, files.resolve(root, given)) ? read(given) : undefined)),
  };
}

function isThere(files: Files, openDocument: AssistHost['openDocument'], path: string): boolean {
  return openDocument(path) !== undefined || files.read(path, MAX_TEXT) !== undefined;
}

function changeOf(patch: string, root: string, read: (path: string) => Uint8Array | undefined): AssistChange {
  const text = latin1Text(new TextEncoder().encode(patch));
  const readText = (path: string): string | undefined => {
    const bytes = read(path);
    return bytes && latin1Text(bytes);
  };
  try {
    return changesOfPatch(text, { root, read: readText }, 'the patch');
  } catch (error) {
    throw error instanceof PatchError ? new AssistError(error.message) : error;
  }
}

function isWithin(folder: string, path: string): boolean {
  return path === folder || relativeTo(folder, path) !== path;
}
