/**
 * mask/: what is known of a mask. {@link Mask} is the lattice value of every mask expression: per flag name set, clear or unknown, with `and`,
 * `or`, `not`, `join`, `refine`. Around it: printing, reading what people type or paste, and explaining that in one step.
 *
 * Absent on purpose: the syntax of C (facts/ evaluates expressions with these operations), and what the allocator does with a mask (kernel/explain).
 */
export { explainMaskText, type MaskQuestion, type MaskTextExplanation } from './explainText';
export * from './mask';
export { maskOfNames } from './names';
export { numberIn, type ParsedMask, parseMaskText } from './parse';
export { printMask } from './print';
export { likeliestRelease, type ReleaseRange, releasesOf } from './releases';
