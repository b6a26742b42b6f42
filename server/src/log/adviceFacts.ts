import type { JudgedZone } from './explainZone';
import type { FailureExplanation } from './explanation';
import type { FailedRequest } from './request';

/** What advice is drawn from. */
export type AdviceFacts = Omit<FailureExplanation, 'advice' | 'summary'> & {
  readonly request: FailedRequest;
  readonly judged: readonly JudgedZone[];
};
