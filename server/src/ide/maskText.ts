import type { MaskSite } from '../facts/site';
import type { KernelModel } from '../kernel/model';
import { isExact, type Mask } from '../mask/mask';
import { code, type Text } from './text';

/**
 * A partially known mask in words of the source: `GFP_KERNEL|__GFP_ZERO`; with unknown parts `gfp | __GFP_ZERO without
 * __GFP_FS`. `unknown` names what is not known, as the source spells it.
 */
export function maskText(model: KernelModel, mask: Mask, unknown: string): Text {
  if (isExact(mask)) return [code(model.flags.print(mask.set))];
  const parts: (ReturnType<typeof code> | string)[] = [code(unknown)];
  if (mask.set !== 0) parts.push(' | ', code(model.flags.print(mask.set)));
  const cleared = mask.clear & allBits(model);
  if (cleared !== 0) parts.push(' without ', code(flagNames(model, cleared).slice(0, MAX_CLEARED).join(', ')));
  return parts;
}

/** More flags than this known to be clear say nothing to a reader. */
const MAX_CLEARED = 6;

/** The single flags of a value, lowest kernel bit first. */
export function flagNames(model: KernelModel, bits: number): readonly string[] {
  return model.flags.names.filter((_, index) => (bits & (1 << index)) !== 0);
}

function allBits(model: KernelModel): number {
  return model.flags.names.reduce((bits, _, index) => bits | (1 << index), 0);
}

/** The operands of a mask expression whose value is not known, as the source spells them. */
export function unknownOperands(site: MaskSite | undefined): string {
  const texts = (site?.terms ?? []).filter((term) => term.kind === 'other' && term.role !== 'test').map((term) => term.text);
  return texts.length === 0 ? (site?.text ?? 'the mask') : [...new Set(texts)].join(', ');
}
