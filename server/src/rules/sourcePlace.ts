/**
 * The allocator's own sources, the headers and the userland copies under tools/ combine flags on purpose: rules about style and
 * private names stay silent there. Works on paths relative to the tree and on absolute ones.
 */
export function isAllocatorSource(path: string): boolean {
  return /(^|\/)(mm|include|tools)\//.test(path);
}
