import { explainFailure, type FailureExplanation, LogScanner } from '../log/index';
import { logPage, repeatedLine } from '../report/logPage';
import { PLAIN } from '../report/maskPage';
import { AssistError } from './assistant';

/** Pages of one answer; later failures are counted. */
const MOST_PAGES = 5;

/** Why the allocations in a log failed: a page for each failure, a line for those like an earlier one. */
export function explainLog(text: string): string {
  const failures: FailureExplanation[] = [];
  const scanner = new LogScanner((record) => failures.push(explainFailure(record)));
  scanner.pushText(text);
  scanner.end();
  if (failures.length === 0)
    throw new AssistError('the text holds no allocation failure, OOM report or report of sleeping in atomic context');
  const seen = new Map<string, number>();
  const parts: string[] = [];
  let left = 0;
  for (const [index, failure] of failures.entries()) {
    const { kind, verdict, order, maskText, site } = failure;
    const key = [kind, verdict, order, maskText, site?.function].join(' ');
    const like = seen.get(key);
    if (like !== undefined && seen.size <= MOST_PAGES) parts.push(repeatedLine(failure, index + 1, like));
    else if (seen.size < MOST_PAGES) parts.push(logPage(failure, index + 1, PLAIN));
    else left++;
    if (like === undefined && seen.size < MOST_PAGES) seen.set(key, index + 1);
  }
  if (left > 0) parts.push(`${left} further failures are left out: give the part of the log that matters`);
  return parts.join('\n').trimEnd();
}
