import type { FlagDefinitions } from './flagDefinitions';
import { absentFlag } from './flagHistory';
import { makeFlagTable } from './flagTable';
import type { FlagNumbers, FlagTable, KernelConfig, Release } from './model';
import { flagNumbers } from './numbers';

/** The flags of one kernel, by number and by name. */
export interface KernelFlags {
  readonly numbers: FlagNumbers;
  readonly flags: FlagTable;
}

/** Both sides of what a kernel's headers (or the tables of its release) define. Without a configuration the numbers stay open where it decides them. */
export function kernelFlags(definitions: FlagDefinitions, release: Release, config: KernelConfig | undefined): KernelFlags {
  const numbers = flagNumbers(definitions, config);
  return { numbers, flags: makeFlagTable(definitions, numbers.preferred.absent, (name) => absentFlag(release, name)) };
}
