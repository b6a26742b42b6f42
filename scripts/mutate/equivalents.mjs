// Mutants that no test can notice, each with the reason: they are left out of the count. `after` is what the report shows of the mutant's line, and must be
// found in the file, so that a row goes when its code goes.

/** @type {readonly { file: string, after: string, reason: string }[]} */
export const EQUIVALENTS = [];

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
