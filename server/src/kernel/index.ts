/**
 * kernel/: what one kernel's allocator is: its flags and their numbers, its functions, its contexts, and what it does with a mask.
 *
 * The entry points are {@link loadModel} (tables of a release) and {@link modelOfTree} (a tree's own headers over the tables). A model is an
 * argument of everything downstream, never a global. Data lives in tables: generated ones in `tables/` (from kernel headers, by
 * `scripts/model.mjs`), hand-checked ones in `functions/`, `contexts/` and `behaviour.ts`, each row with its source.
 *
 * Absent on purpose: partially known masks (mask/), anything about source text of users (syntax/, facts/), file access (a {@link TreeReader} is
 * passed in).
 */
export { configOf, configOfOptions, isEnabled, parseAutoconf, parseConfig } from './config';
export { explainMask } from './explain/explainMask';
export type * from './explain/explanation';
export { CONTEXT_WORDS } from './explain/explanation';
export { summarise } from './explain/summary';
export { loadModel } from './load';
export type * from './model';
export { ATOMIC_RESOURCES } from './model';
export { formatRelease, isBefore, parseRelease } from './release';
export { maskBits, maskNumber, newestKnowing, newestPrinting } from './releaseReadings';
export { allReleases, newestRelease, sampledReleases, whyUnknown } from './releaseTables';
export { FLAG_SOURCES, modelOfTree, releaseOfTree } from './treeModel';
export type { SourceTree, TreeReader } from './treeReader';
export { checkWatermark, type FreeArea, type WatermarkRequest, type ZoneState } from './watermarkCheck';
export {
  defaultMinFreeKbytes,
  hugePageMinFreeKbytes,
  lowmemReserves,
  type ZoneSize,
  zoneWatermarks,
} from './watermarks';
