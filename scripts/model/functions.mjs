// allocators.json -> functions and macros that take a mask, and what the mask's position is. Kind, free function and sizes in the facts are heuristic and left out:
// the hand-written catalogue has them for the functions that matter.

export function functionTable(allocators) {
  const headers = [];
  const rows = allocators.gfp_functions
    .filter((row) => !/^kmalloc_(cache|node)_noprof$/.test(row.name))
    .map((row) => [row.name, row.gfp, index(headers, row.header), span(row), row.allocates === 'no-or-indirect' ? 1 : 0]);
  const wrappers = allocators.fixed_gfp_wrappers
    .filter((row) => row.sleeps !== 'mixed')
    .map((row) => [row.name, row.fixed_gfp, index(headers, row.header), span(row)]);
  const olderPositions = allocators.gfp_functions
    .filter((row) => row['gfp_in_6.1'] !== undefined)
    .map((row) => [row.name, row['gfp_in_6.1']]);
  return {
    columns: [
      'name',
      'position of the mask',
      'header',
      'seen in: 0 both 6.1 and 6.12, 1 only 6.1, 2 only 6.12',
      '1: the mask is only inspected or passed on as policy',
    ],
    headers,
    functions: rows,
    positionsIn61: olderPositions,
    wrapperColumns: ['name', 'mask it always uses', 'header', 'seen in'],
    wrappers,
  };
}

function index(list, value) {
  const found = list.indexOf(value);
  return found < 0 ? list.push(value) - 1 : found;
}

function span(row) {
  if (row.first === row.last) return row.first === '6.1' ? 1 : 2;
  return 0;
}
