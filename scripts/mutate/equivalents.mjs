// Mutants that no test can notice, each with the reason: they are left out of the count. `after` is what the report shows of the mutant's line, and must be
// found in the file, so that a row goes when its code goes.

/** @type {readonly { file: string, after: string, reason: string }[]} */
export const EQUIVALENTS = [
  {
    file: 'server/src/kernel/explain/scopes.ts',
    after: 'const others = SCOPES.slice(«(3 + 1)»).filter((scope) => context.includes(scope as ContextWord));',
    reason: "the scope at that place, 'nowarn', is no word that a context can have",
  },
  {
    file: 'server/src/kernel/explain/zone.ts',
    after:
      'const present = 0b00101 | (machine.highmem ? 0b00010 : 0) | (machine.zoneDma32 ? 0b01000 : 0) | (machine.zoneDma ? «(0b10000 + 1)» : 0);',
    reason: 'the lowest bit is set in any case',
  },
  {
    file: 'server/src/kernel/explain/zone.ts',
    after:
      'const present = 0b00101 | (machine.highmem ? 0b00010 : 0) | (machine.zoneDma32 ? «(0b01000 + 1)» : 0) | (machine.zoneDma ? 0b10000 : 0);',
    reason: 'the lowest bit is set in any case',
  },
  {
    file: 'server/src/kernel/explain/zone.ts',
    after:
      'const present = 0b00101 | (machine.highmem ? «(0b00010 + 1)» : 0) | (machine.zoneDma32 ? 0b01000 : 0) | (machine.zoneDma ? 0b10000 : 0);',
    reason: 'the lowest bit is set in any case',
  },
  {
    file: 'server/src/kernel/explain/kmalloc.ts',
    after: 'if (smallest <= «(32 + 1)» && size > 64 && size <= 96) return 96;',
    reason: 'the smallest size is a power of two',
  },
  {
    file: 'server/src/kernel/explain/kmalloc.ts',
    after: 'if (smallest <= «(64 + 1)» && size > 128 && size <= 192) return 192;',
    reason: 'the smallest size is a power of two',
  },
];

/**
 * @template {{ file: string, after: string }} M
 * @param {readonly M[]} mutants
 * @param {string} folder of server/src
 * @returns {M[]} without those that are equivalent; throws when a row fits none of them
 */
export function withoutEquivalents(mutants, folder) {
  const keyOf = ({ file, after }) => `${file}: ${after}`;
  const known = new Set(EQUIVALENTS.map(keyOf));
  const present = new Set(mutants.map(keyOf));
  const stale = EQUIVALENTS.filter((one) => one.file.startsWith(`server/src/${folder}/`) && !present.has(keyOf(one)));
  if (stale.length > 0) throw new Error(`scripts/mutate/equivalents.mjs has rows of code that is gone:\n${stale.map(keyOf).join('\n')}`);
  return mutants.filter((mutant) => !known.has(keyOf(mutant)));
}
