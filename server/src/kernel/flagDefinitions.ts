/**
 * The flags of one kernel before a configuration is applied: what the tables of a release and a tree's own headers both come down to.
 */
export interface FlagDefinitions {
  /** Lowest kernel bit first. */
  readonly flags: readonly FlagDefinition[];
  readonly composites: readonly CompositeDefinition[];
  /** Names in the order of the kernel's print table (include/trace/events/mmflags.h); entries without a bit in a configuration are not in its table. */
  readonly printOrder: readonly string[];
}

export interface FlagDefinition {
  /** `__GFP_FS`; empty for an unused position of the enum. */
  readonly name: string;
  /** The kernel's constant; undefined where the kernel numbers by position (6.9 and later): one bit per entry whose option is on. */
  readonly value: number | undefined;
  /** The option (`CONFIG_LOCKDEP`) without which the flag is 0. */
  readonly config: string | undefined;
}

export interface CompositeDefinition {
  readonly name: string;
  /** Lattice bits: bit i stands for the i-th named flag. */
  readonly bits: number;
}

/** The names of {@link FlagDefinitions.flags} that are flags, in the order of the lattice bits. At most 32. */
export function namesOf(definitions: readonly FlagDefinition[]): readonly string[] {
  return definitions
    .map((flag) => flag.name)
    .filter((name) => name !== '')
    .slice(0, 32);
}
