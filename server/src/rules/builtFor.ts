import type { CallSite } from '../facts/site';
import { architectureOf, architectureOfCondition } from '../kernel/architectureFolders';
import type { KernelModel } from '../kernel/model';

/**
 * Page sizes that kernels of an architecture have at most by default (arch/*\/Kconfig, asm/page.h, 6.1), where they are larger than the
 * 4 KiB assumed for trees without a configuration.
 */
const LARGEST_USUAL_PAGE: ReadonlyMap<string, number> = new Map([
  ['powerpc', 65536],
  ['ia64', 16384],
  ['loongarch', 16384],
  ['alpha', 8192],
  ['arc', 8192],
  ['openrisc', 8192],
  ['sparc', 8192],
]);

const decoder = new TextDecoder('latin1');

/** The one architecture that a call is built for, by its path or the `#if` around it; undefined where there are several, or a configuration says it. */
export function builtFor({ function: { file }, range }: CallSite, { config }: KernelModel): string | undefined {
  if (config !== undefined) return undefined;
  return architectureOf(file.path) ?? conditionsAround(file.bytes, range.start).map(architectureOfCondition).find(Boolean);
}

/** The largest page that kernels with the call mostly have; undefined where it is the one that is assumed. */
export function usualPage(call: CallSite, model: KernelModel): number | undefined {
  return LARGEST_USUAL_PAGE.get(builtFor(call, model) ?? '');
}

/** The `#if` lines whose first branch a place stands in. */
function conditionsAround(bytes: Uint8Array, offset: number): string[] {
  const open: string[] = [];
  const text = decoder.decode(bytes.subarray(0, offset));
  for (const [line, word] of text.matchAll(/^[ \t]*#[ \t]*(if|ifdef|ifndef|elif|else|endif)\b.*$/gm)) {
    if (word!.startsWith('if')) open.push(line!);
    else if (word === 'endif') open.pop();
    else if (open.length > 0) open[open.length - 1] = '';
  }
  return open;
}
