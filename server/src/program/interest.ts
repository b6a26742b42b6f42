import type { KernelFunction } from '../kernel/model';

/**
 * Texts of which a file must contain at least one to be worth parsing: any other file can hold no finding. A call with a
 * mask shows `gfp` or `GFP_` somewhere in its file; calls without one are found by their names, most of which share a stem.
 * (`gfp` is also in every suppression comment.) The most frequent come first.
 */
export function interestingWords(functions: readonly KernelFunction[]): readonly string[] {
  const words = [...STEMS];
  for (const { name, gfp } of functions) {
    if (gfp === undefined && !words.some((word) => name.includes(word))) words.push(name);
  }
  return words;
}

const STEMS: readonly string[] = ['alloc', 'free', 'GFP_', 'gfp', 'kmem', 'mutex', 'sleep'];
