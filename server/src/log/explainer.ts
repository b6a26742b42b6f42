import { explainFailure } from './explain';
import type { FailureExplanation } from './explanation';
import type { FailureRecord } from './record';
import { requestOf } from './request';
import type { KnownRequest } from './state/stateWords';

/** Requests that are held against the state of the machine. */
const MOST_REQUESTS = 8;

/**
 * Explains the records of one input in turn. Each record is explained for itself, but for this: the state of the machine (files of /proc in the same text)
 * is held against the requests that failed, and a failure gets what the state says about it, if that is known by then.
 */
export class LogExplainer {
  private readonly requests: KnownRequest[] = [];

  /** `state`: the state record of the input, if it was read before. */
  constructor(private readonly state?: FailureRecord) {}

  explain(record: FailureRecord): FailureExplanation {
    if (record.kind === 'state') return explainFailure(record, { requests: this.requests });
    this.remember(record);
    return explainFailure(record, { state: this.state });
  }

  private remember(record: FailureRecord): void {
    if (record.kind !== 'page' && record.kind !== 'oom') return;
    const request = requestOf(record);
    if (request.mask === undefined || request.order === undefined || this.requests.length >= MOST_REQUESTS) return;
    const same = (one: KnownRequest): boolean => one.request.order === request.order && one.request.mask?.hex === request.mask?.hex;
    if (!this.requests.some(same)) this.requests.push({ line: record.line, request });
  }
}

/** All records of an input, the failures with what the state beside them says. */
export function explainRecords(records: readonly FailureRecord[]): readonly FailureExplanation[] {
  const explainer = new LogExplainer(records.find((record) => record.kind === 'state'));
  return records.map((record) => explainer.explain(record));
}
