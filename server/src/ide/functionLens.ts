import type { TextRange } from '../base/range';
import type { CallSite, FileFacts, FunctionFacts } from '../facts/site';
import type { KernelModel } from '../kernel/model';
import { isExact } from '../mask/mask';
import type { Finding } from '../rules/rule';

/** A line above a function that allocates. */
export interface FunctionLens {
  /** The name of the function. */
  readonly range: TextRange;
  readonly title: string;
  /** The mask to look at closer: the one of the first allocation that is known. */
  readonly mask: string | undefined;
}

const MOST_MASKS = 3;
/** A parameter, or a name that this kernel does not have. */
const UNKNOWN = 'mask not fully known';

/** What the functions of a file ask the allocator for: masks with their number of calls, and findings. */
export function functionLenses(facts: FileFacts, findings: readonly Finding[], model: KernelModel): readonly FunctionLens[] {
  return facts.functions.flatMap((one) => {
    const calls = one.calls.filter((call) => call.mask !== undefined && call.api?.allocates !== undefined);
    if (calls.length === 0) return [];
    const problems = findings.filter((finding) => contains(one, finding.range.start)).length;
    const masks = calls.map((call) => maskOf(call, model));
    const known = masks.find((mask): mask is string => mask !== undefined);
    return [
      {
        range: one.nameRange,
        title: [counted(calls.length, 'allocation'), countedMasks(masks), ...problemPart(problems)].join(' · '),
        mask: known,
      },
    ];
  });
}

function contains(one: FunctionFacts, offset: number): boolean {
  return one.range.start <= offset && offset < one.range.end;
}

function maskOf(call: CallSite, model: KernelModel): string | undefined {
  return isExact(call.effectiveMask) ? model.flags.print(call.effectiveMask.set).replaceAll('|', ' | ') : undefined;
}

function countedMasks(masks: readonly (string | undefined)[]): string {
  const counts = new Map<string, number>();
  for (const mask of masks) counts.set(mask ?? UNKNOWN, (counts.get(mask ?? UNKNOWN) ?? 0) + 1);
  const texts = [...counts].map(([mask, times]) => (times === 1 ? mask : `${mask} ×${times}`));
  const more = texts.length - MOST_MASKS;
  return more > 0 ? `${texts.slice(0, MOST_MASKS).join(', ')} and ${more} more` : texts.join(', ');
}

function problemPart(count: number): readonly string[] {
  return count === 0 ? [] : [counted(count, 'problem')];
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}
