import type { MaskExplanation } from '../kernel/explain/explanation';

/** One line of the table about a mask: what a page, a view and a comparison show alike. */
export type MaskRow = readonly [label: string, text: string];

/** Words behind a zone that the zone table rejects. */
export const ILLEGAL_ZONES = 'illegal combination';

/** The table of an explanation, the same in the terminal, in the editor and in comparisons. */
export function maskRows(explanation: MaskExplanation): readonly MaskRow[] {
  const yes = (value: boolean) => (value ? 'yes' : 'no');
  return [
    ['flags', explanation.flags.length === 0 ? 'none' : explanation.flags.join(' ')],
    ...(explanation.unknownBits === '0x0' ? [] : [['unknown bits', explanation.unknownBits] as const]),
    ...contextRow(explanation),
    ['may sleep', yes(explanation.mayBlock)],
    ['may do I/O', yes(explanation.mayIO)],
    ['may enter FS', yes(explanation.mayFS)],
    ['wakes kswapd', yes(explanation.wakesKswapd)],
    ['zone', zoneText(explanation)],
    ['page blocks', (explanation.inContext ?? explanation).migratetype + (explanation.cma ? ', CMA too' : '')],
    ['reserve', reserveText(explanation)],
    ['alloc flags', allocFlagsText(explanation)],
    ['OOM killer', yes(explanation.oomKiller)],
    ['in scopes', scopeText(explanation)],
    ...kmallocRow(explanation),
  ];
}

function contextRow({ inContext }: MaskExplanation): readonly MaskRow[] {
  if (inContext === undefined) return [];
  return [['in context', `${inContext.canonical === '' ? 'none' : inContext.canonical.replaceAll('|', ' | ')} (${inContext.hex})`]];
}

function zoneText({ zone: written, zoneLegal, fallback, inContext }: MaskExplanation): string {
  const zone = inContext?.zone ?? written;
  if (!zoneLegal) return `${zone} (${ILLEGAL_ZONES})`;
  return fallback.length < 2 ? zone : `${zone}, then ${fallback.slice(1).join(', ')}`;
}

function allocFlagsText({ allocFlags, entitlement }: MaskExplanation): string {
  return [...allocFlags, ...(entitlement === undefined ? [] : [`then ${entitlement}`])].join(' ') || 'none';
}

function scopeText({ effective, hex }: MaskExplanation): string {
  return Object.entries(effective)
    .map(([scope, changed]) => `${scope.toUpperCase()} ${changed === hex ? 'unchanged' : changed}`)
    .join(', ');
}

function reserveText(explanation: MaskExplanation): string {
  const floor = explanation.slowPathFloor ?? explanation.reserveFloor;
  const depth = floor === 0 ? 'all of it (no watermarks)' : floor === 1 ? 'none' : `down to ${floor * 100} % of the min watermark`;
  return depth + (explanation.highatomic ? ', high-atomic blocks' : '');
}

function kmallocRow({ kmalloc }: MaskExplanation): readonly MaskRow[] {
  if (kmalloc === undefined) return [];
  if (kmalloc.cache !== null) return [['kmalloc', `${kmalloc.bytes} bytes from ${kmalloc.cache} (objects of ${kmalloc.bucket})`]];
  if (kmalloc.order !== null) return [['kmalloc', `${kmalloc.bytes} bytes as pages of order ${kmalloc.order}`]];
  return [
    ['kmalloc', kmalloc.bytes <= 0 ? '0 bytes: the special pointer ZERO_SIZE_PTR' : `${kmalloc.bytes} bytes: too large, always fails`],
  ];
}
