import type { KernelFunction, Release } from '../model';
import { isBefore } from '../release';
import table from '../tables/functions.json';

interface FunctionTable {
  readonly headers: readonly string[];
  readonly functions: readonly (readonly [name: string, gfp: number, header: number, span: 0 | 1 | 2, inspects: 0 | 1])[];
  readonly positionsIn61: readonly (readonly [name: string, gfp: number])[];
  readonly wrappers: readonly (readonly [name: string, mask: readonly string[], header: number, span: 0 | 1 | 2])[];
}
const rows = table as unknown as FunctionTable;

/** Composites of the wrappers that older releases spell out. */
const SPELLED_OUT: readonly { readonly name: string; readonly until: readonly [number, number]; readonly names: readonly string[] }[] = [
  { name: 'GFP_KERNEL_ACCOUNT', until: [4, 5], names: ['GFP_KERNEL'] },
  { name: 'GFP_PGTABLE_KERNEL', until: [5, 8], names: ['GFP_KERNEL', '__GFP_ZERO'] },
  { name: 'GFP_PGTABLE_USER', until: [5, 8], names: ['GFP_KERNEL', '__GFP_ZERO', '__GFP_ACCOUNT'] },
];

const SEEN = ['6.1, 6.12', '6.1', '6.12'] as const;
/** Masks of the fixed wrappers that cannot sleep. */
const NON_BLOCKING = new Set(['GFP_ATOMIC', 'GFP_NOWAIT']);
/** They allocate on one of their paths only, or only in some configurations. */
const SOMETIMES = new Set(['resume_user_mode_work', 'tcf_exts_get_net', 'call_hid_bpf_rdesc_fixup', 'NODEMASK_SCRATCH']);

/** Functions and macros of include/ that take a mask, and wrappers with a fixed one, as read from the headers of 6.1 and 6.12. */
export function generatedFunctions(release: Release): KernelFunction[] {
  const old = isBefore(release, 6, 2);
  const positions = new Map(old ? rows.positionsIn61 : []);
  const present = (span: 0 | 1 | 2) => span === 0 || (span === 1) === isBefore(release, 6, 12);
  const source = (header: number, span: 0 | 1 | 2) => `${rows.headers[header]!} (${SEEN[span]})`;
  const functions = rows.functions
    .filter((row) => present(row[3]))
    .map(
      ([name, gfp, header, span, inspects]): KernelFunction => ({
        name,
        gfp: positions.get(name) ?? gfp,
        sleeps: inspects === 1 ? 'never' : 'mask',
        source: source(header, span),
      }),
    );
  const wrappers = rows.wrappers
    .filter((row) => present(row[3]))
    .map(
      ([name, mask, header, span]): KernelFunction => ({
        name,
        gfp: undefined,
        fixedMask: mask.flatMap((flag) => inRelease(flag, release)),
        sleeps: sleepsWith(name, mask),
        source: source(header, span),
      }),
    );
  return [...functions, ...wrappers];
}

function inRelease(flag: string, release: Release): readonly string[] {
  const row = SPELLED_OUT.find(({ name, until }) => name === flag && isBefore(release, until[0], until[1]));
  return row?.names ?? [flag];
}

function sleepsWith(name: string, mask: readonly string[]): KernelFunction['sleeps'] {
  if (SOMETIMES.has(name)) return 'unknown';
  return mask.some((flag) => NON_BLOCKING.has(flag)) ? 'never' : 'always';
}
