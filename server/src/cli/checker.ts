import { IncludeNotebook } from '../program/cache/includeGraph';
import { FileChecker } from './checkFiles';
import { analysisContext, type ContextSetup } from './context';

/** What a worker is started with. */
export interface WorkerSetup {
  readonly root: string;
  readonly context: ContextSetup;
  /** The files are a tree that is analysed as a whole. */
  readonly linked: boolean;
  /** All of the tree is looked at, so that no caller is missing. */
  readonly complete: boolean;
  /** Results are to be kept: say what they rest on. */
  readonly kept?: boolean;
  /** Texts in place of files, by absolute path. */
  readonly overlays?: ReadonlyMap<string, Uint8Array> | undefined;
}

export function makeChecker({ root, context, linked, kept, overlays }: WorkerSetup): FileChecker {
  const notebook = kept === true ? new IncludeNotebook() : undefined;
  return new FileChecker(root, () => analysisContext(context, notebook), { linked, overlays, notebook });
}
