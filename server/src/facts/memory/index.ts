/** What one file does with the memory it allocates: the histories of pointers, and the first use of a result. */
export { type FileMemory, memoryOf, type PlaceHistory } from './fileMemory';
export { type FirstUse, firstUse } from './firstUse';
export type { PlaceUse, PlaceUseKind } from './placeUses';
export { type SizeofOperand, sizeofOperands } from './sizeofOperands';
export { type ValueOrigin, valueOrigin } from './valueOrigin';
export { type Zeroing, zeroingAfter } from './zeroing';
