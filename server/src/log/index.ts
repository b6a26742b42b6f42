/**
 * log/: kernel logs of failed allocations. {@link LogScanner} finds the records in a stream of bytes, {@link explainFailure} says what a record means.
 *
 * The way of a log: scanner.ts skips to lines with an anchor; line.ts removes what transports put in front; collector.ts joins wrapped pieces
 * (logicalLine.ts) and gives each message to the readers (read*.ts), which fill a draft.ts; the result is a record.ts, numbers with their lines and
 * nothing else. Then explain.ts: request.ts reads the mask with the tables of the kernel that printed it, explainZone.ts does the watermark test of each
 * zone, verdict.ts asks what would have let the request succeed, advice.ts and summary.ts put it in words.
 *
 * Absent on purpose: C sources (cli/ links the caller to a tree), colours and columns (report/), and the arithmetic of watermarks itself (kernel/).
 */
export type { MaskExplanation } from '../kernel/index';
export { explainFailure } from './explain';
export { explainRecords, LogExplainer } from './explainer';
export type * from './explanation';
export { fieldWords, listWords } from './fieldWords';
export type * from './record';
export { LogScanner, readLog } from './scanner';
export { roleOf } from './site';
export { sizeWords } from './summary';
export { hasVerdict, TITLES } from './titles';
