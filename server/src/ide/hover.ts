import type { TextRange } from '../base/range';
import type { Severity } from '../rules/rule';
import type { Text } from './text';

/**
 * What a hover says, as data: the renderers in report/ turn it into Markdown or plain text. The order of the members is
 * the order of importance; a narrow window shows the first ones.
 */
export interface Hover {
  readonly range: TextRange;
  readonly subject: 'flag' | 'composite' | 'absent' | 'mask' | 'parameter' | 'call' | 'log';
  /** What is under the cursor, as source text: `GFP_KERNEL_ACCOUNT`, `kcalloc()`. */
  readonly name: string;
  /** A line of plain words about it. */
  readonly summary: Text | undefined;
  /** The value in canonical spelling, when it is not the name itself. */
  readonly value: Text | undefined;
  /** What the surrounding code makes of it: locks held, scope, size. */
  readonly here: readonly HoverLine[];
  /** What the findings on this place say. */
  readonly findings: readonly HoverFinding[];
  /** Sleep, reclaim, zone, mobility, reserve, retries, failure. */
  readonly behaviour: readonly HoverLine[];
  /** Flags it is made of, differences to the nearest composite. */
  readonly details: readonly HoverLine[];
  /** `6.1.192 (tree)`. */
  readonly kernel: string;
}

export interface HoverLine {
  /** One or two words. */
  readonly label: string;
  readonly value: Text;
}

export interface HoverFinding {
  readonly rule: string;
  readonly severity: Severity;
  readonly message: string;
}
