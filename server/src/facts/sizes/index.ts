/** Integer and size evaluation of one file: constants, type layouts, and how much memory a call asks for. */
export { declarationsOf } from './declarations';
export {
  createSizeEvaluator,
  type Evaluated,
  type SizeEvaluator,
} from './evaluate';
export type { ValueEnvironment } from './frame';
export { bytesAboveOrder, kmallocOrder, orderForBytes } from './order';
export { sizeFact } from './sizeFact';
export { factorsOf, isCompileTimeConstant, isSizeof, sizeofOperand, termsOf } from './sizeTerms';
export type { TypeLookup } from './typeReader';
