import type { KernelModel } from '../kernel/model';
import type { Mask } from './mask';
import { exactly } from './mask';

/** The constant with the given flags and composites set; names this kernel does not have contribute nothing. */
export function maskOfNames(model: KernelModel, names: readonly string[]): Mask {
  return exactly(names.reduce((bits, name) => bits | model.flags.bitsOf(name), 0));
}
