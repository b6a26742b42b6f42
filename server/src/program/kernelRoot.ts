/** Reads the Makefile of a folder; undefined when there is none or it cannot be read. */
export type MakefileReader = (folder: string) => string | undefined;

/** Whether this is the Makefile at the root of a kernel tree: the only one that sets the version. */
export function isKernelMakefile(text: string): boolean {
  return ['VERSION', 'PATCHLEVEL', 'SUBLEVEL'].every((name) => new RegExp(`^${name} *= *\\d+`, 'm').test(text));
}

/**
 * The nearest folder upwards of `folder`, itself included, that is the root of a kernel tree. `parent` gives the folder
 * above, and the same path at the top.
 */
export function findKernelRoot(folder: string, read: MakefileReader, parent: (folder: string) => string): string | undefined {
  for (let at = folder; ; ) {
    const text = read(at);
    if (text !== undefined && isKernelMakefile(text)) return at;
    const above = parent(at);
    if (above === at) return undefined;
    at = above;
  }
}
