import type { TextRange } from '../base/range';
import type { CallSite, FileFacts } from '../facts/site';
import { underContext } from '../kernel/explain/scopes';
import type { KernelModel } from '../kernel/model';
import { isExact, type Mask } from '../mask/mask';
import { requestOrder, scopesOf } from './contextLines';

/** VS Code cuts off what is longer (`editor.inlayHints.maximumLength`), and with it the order. */
const MAX_LABEL = 43;

/** A few words behind a mask in the source. */
export interface MaskHint {
  /** Byte offset they stand at. */
  readonly at: number;
  readonly label: string;
  readonly tooltip: string;
}

/**
 * What the masks of the calls in a range come to where one does not see it: the flags of the function and of the memalloc scopes around it, the value of a
 * variable, and the page order of a request above order 0. Where the whole mask would be too long it is what comes to the written one, and what goes.
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
  const bits = hiddenBits(call, model);
  const order = requestOrder(call, model);
  const rest = order === undefined || order === 0 ? [] : [`order ${order}`];
  if (bits === undefined && rest.length === 0) return undefined;
  const whole = bits === undefined ? undefined : printed(model, bits);
  const full = [...(whole === undefined ? [] : [`= ${whole}`]), ...rest].join(', ');
  const difference = bits === undefined ? undefined : differenceTo(call.mask.value, bits, model);
  const label = full.length <= MAX_LABEL || difference === undefined ? full : [difference, ...rest].join(', ');
  const scopes = scopesOf(call);
  const inside = scopes.length === 0 ? '' : `, inside the scope ${scopes.join(', ')}`;
  const mask = whole === undefined ? '' : `: ${whole}`;
  return { at: call.mask.range.end, label, tooltip: `What ${call.callee}() asks for on Linux ${model.label}${inside}${mask}` };
}

/** The mask that reaches the allocator, when it is known and not what the source says already. */
function hiddenBits(call: CallSite, model: KernelModel): number | undefined {
  if (!isExact(call.effectiveMask)) return undefined;
  const bits = underContext(model, call.effectiveMask.set, scopesOf(call));
  const written = call.mask!.value;
  const isSaid = isExact(written) && written.set === bits && call.mask!.terms.every((term) => term.kind !== 'other');
  return isSaid ? undefined : bits;
}

/** What comes to a mask that is written out, and what goes: `+ __GFP_ZERO`, `- __GFP_IO | __GFP_FS`. */
function differenceTo(written: Mask, bits: number, model: KernelModel): string | undefined {
  if (!isExact(written) || written.set === bits) return undefined;
  const added = bits & ~written.set;
  const taken = written.set & ~bits;
  return [...(added === 0 ? [] : [`+ ${printed(model, added)}`]), ...(taken === 0 ? [] : [`- ${printed(model, taken)}`])].join(' ');
}

function printed(model: KernelModel, bits: number): string {
  return model.flags.print(bits).replaceAll('|', ' | ');
}
