/**
 * The part of the kernel that a file belongs to, as a folder whose files can be expected to share a header that lies in it: `fs/xfs` for
 * fs/xfs/libxfs/xfs_btree.c, `drivers/net/ethernet/intel` for drivers/net/ethernet/intel/i40e/i40e_main.c.
 *
 * @param path Relative to the tree's root.
 */
export function subsystemOf(path: string): string {
  const folders = path.split('/').slice(0, -1);
  return folders.slice(0, levels(folders)).join('/');
}

/** How many folders lead to one that is such a part. */
function levels([first, second]: readonly string[]): number {
  if (first === 'drivers') return second === 'staging' ? 3 : 4;
  return first === 'arch' ? 3 : 2;
}
