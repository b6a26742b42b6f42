import type { KernelFunction, SizeShape } from '../model';
import type { Since } from '../release';

/** A hand-checked row, with the releases that have it. */
export interface FunctionRow extends KernelFunction {
  /** Undefined: all releases from 4.4 on, or not known to be younger. */
  readonly since?: Since;
  /** First release that does not have it (in this form) any more. */
  readonly until?: Since;
}

type Details = Omit<Partial<FunctionRow>, 'name' | 'gfp'>;

/** A function that takes a mask at `gfp` and sleeps when that lets it, unless the details say otherwise. */
export function takesMask(name: string, gfp: number, source: string, details: Details = {}): FunctionRow {
  return { name, gfp, sleeps: 'mask', source, ...details };
}

/** A function without a mask argument. */
export function withoutMask(name: string, source: string, details: Details): FunctionRow {
  return { name, gfp: undefined, sleeps: 'unknown', source, ...details };
}

/** Several functions without a mask argument, separated by blanks, with the same details. */
export function allWithoutMask(names: string, source: string, details: Details): FunctionRow[] {
  return words(names).map((name) => withoutMask(name, source, details));
}

export function words(text: string): string[] {
  return text.trim().split(/\s+/);
}

export const bytes = (arg: number): SizeShape => ({ kind: 'bytes', arg });
export const array = (count: number, element: number): SizeShape => ({ kind: 'array', count, element });
export const order = (arg: number): SizeShape => ({ kind: 'order', arg });
