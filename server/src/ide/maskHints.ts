import type { TextRange } from '../base/range';
import type { CallSite, FileFacts } from '../facts/site';
import { underContext } from '../kernel/explain/scopes';
import type { KernelModel } from '../kernel/model';
import { isExact } from '../mask/mask';
import { requestOrder, scopesOf } from './contextLines';

/** A few words behind a mask in the source. */
export interface MaskHint {
  /** Byte offset they stand at. */
  readonly at: number;
  readonly label: string;
  readonly tooltip: string;
}

/**
 * What the masks of the calls in a range come to where one does not see it: the flags of the function and of the memalloc scopes around it, the value of a
 * variable, and the page order of a request above order 0.
 */
export function maskHints(facts: FileFacts, model: KernelModel, range: TextRange): readonly MaskHint[] {
  const calls = facts.functions.flatMap((one) => (one.range.end < range.start || one.range.start > range.end ? [] : one.calls));
  return calls.flatMap((call) => {
    const hint = hintOf(call, model);
    return hint === undefined || hint.at < range.start || hint.at > range.end ? [] : [hint];
  });
}

function hintOf(call: CallSite, model: KernelModel): MaskHint | undefined {
  if (call.mask === undefined || call.context.unreachable) return undefined;
  const mask = maskPart(call, model);
  const order = requestOrder(call, model);
  const parts = [...(mask === undefined ? [] : [`= ${mask}`]), ...(order === undefined || order === 0 ? [] : [`order ${order}`])];
  if (parts.length === 0) return undefined;
  const scopes = scopesOf(call);
  const inside = scopes.length === 0 ? '' : `, inside the scope ${scopes.join(', ')}`;
  return { at: call.mask.range.end, label: parts.join(', '), tooltip: `What ${call.callee}() asks for on Linux ${model.label}${inside}` };
}

/** The mask that reaches the allocator, when it is known and not what the source says already. */
function maskPart(call: CallSite, model: KernelModel): string | undefined {
  if (!isExact(call.effectiveMask)) return undefined;
  const bits = underContext(model, call.effectiveMask.set, scopesOf(call));
  const written = call.mask!.value;
  if (isExact(written) && written.set === bits && call.mask!.terms.every((term) => term.kind !== 'other')) return undefined;
  return model.flags.print(bits).replaceAll('|', ' | ');
}
