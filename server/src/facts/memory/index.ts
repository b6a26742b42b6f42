/** What one file does with the memory it allocates: the histories of pointers, and the first use of a result. */

export { atomicAt } from './atomicAt';
export { convertible, type Largeness } from './convertible';
export { type FieldReport, fieldReports } from './fieldReport';
export { type FileMemory, memoryOf } from './fileMemory';
export { type FirstUse, firstUse } from './firstUse';
export { EVERYWHERE, type Life, lifeOfResult, parameterKey } from './life';
export { freesOfParameter, isUnconditional } from './parameterFrees';
export type { PlaceHistory } from './placeHistories';
export { plainResizing } from './resizing';
export { sizeofOperands } from './sizeofOperands';
export { sourcesOf, sourcesOfFunction } from './sources';
export { type ValueOrigin, valueOrigin } from './valueOrigin';
export { type Zeroing, zeroingAfter } from './zeroing';
