import { relativeTo } from '../ide/kernels';
import { type FunctionPlace, type SourceTree, searchFunction } from '../program/functionSearch';
import type { Files } from './files';
import { nextTurn } from './turn';

/** The loop lets the connection have its turn after this long, ms. */
const SLICE = 10;

/** Looks up functions in a kernel tree when someone asks for one; the tree is listed at the first question. */
export class FunctionLookup {
  private root: string | undefined;
  private paths: readonly string[] = [];
  private readonly known = new Map<string, FunctionPlace | undefined>();

  constructor(private readonly files: Files) {}

  /** Undefined when the tree does not define the function, or when the question was taken back. */
  async find(root: string, name: string, module: string | undefined, isCancelled: () => boolean): Promise<FunctionPlace | undefined> {
    if (root !== this.root) await this.list(root, isCancelled);
    const key = `${module ?? ''} ${name}`;
    if (this.known.has(key)) return this.known.get(key);
    const search = searchFunction(this.tree(root), name, module);
    for (let sliceEnd = performance.now() + SLICE; !isCancelled(); ) {
      const { done, value } = search.next();
      if (done === true) {
        this.known.set(key, value);
        return value;
      }
      if (performance.now() < sliceEnd) continue;
      await nextTurn();
      sliceEnd = performance.now() + SLICE;
    }
    return undefined;
  }

  /** Files may have changed: what was found is looked up anew. */
  forget(): void {
    this.root = undefined;
    this.known.clear();
  }

  private async list(root: string, isCancelled: () => boolean): Promise<void> {
    const paths = await this.files.sources(root, isCancelled);
    if (isCancelled()) return;
    this.known.clear();
    this.paths = paths.filter((path) => path.endsWith('.c')).map((path) => relativeTo(root, path));
    this.root = root;
  }

  private tree(root: string): SourceTree {
    const { files, paths } = this;
    return { files: () => paths, read: (path) => files.read(files.resolve(root, path)) };
  }
}
