import { isBefore } from '../kernel/index';
import type { AdviceFacts } from './adviceFacts';
import type { Advice } from './explanation';

/**
 * More free memory kept ready, with what it would change: min_free_kbytes scales the min watermarks; low and high follow at the larger of a quarter
 * of min and watermark_scale_factor / 10000 of the zone (__setup_per_zone_wmarks() in mm/page_alloc.c, 4.6 and later).
 */
export function reserveAdvice({ zones, request }: AdviceFacts): readonly Advice[] {
  const known = zones.filter((zone) => zone.min !== undefined && zone.zone !== 'HighMem' && zone.zone !== 'Movable');
  const largest = [...known].filter((zone) => zone.allowed).sort((a, b) => (b.min ?? 0) - (a.min ?? 0))[0];
  if (largest === undefined || request.reclaiming) return [];
  const total = known.reduce((sum, zone) => sum + plainMin(zone), 0);
  const min = plainMin(largest);
  if (total === 0 || min === 0) return [];
  const advice: Advice[] = [];
  if (request.mask?.mayBlock === false) {
    const managed = largest.managed ?? 0;
    const gap = isBefore(request.model.release, 4, 6) ? Math.trunc(min / 2) : Math.max(Math.trunc(min / 2), Math.trunc(managed / 1000));
    advice.push({
      for: 'operator',
      text: `Raise vm.min_free_kbytes: the watermarks sum to about ${total} kB now; twice that sets ${largest.zone} to min ${2 * min}, low ${2 * min + gap}, high ${2 * min + 2 * gap} kB${marksNow(largest)}.`,
    });
  }
  if (!isBefore(request.model.release, 4, 6) && request.releaseFrom !== 'assumed')
    advice.push({
      for: 'operator',
      text: 'Raise vm.watermark_scale_factor (default 10 = 0.1 % of memory): kswapd then starts earlier and stops later.',
    });
  return advice;
}

/** Nothing where the log was cut before the last of them. */
function marksNow({ min, low, high }: Pick<AdviceFacts['zones'][number], 'min' | 'low' | 'high'>): string {
  return low === undefined || high === undefined ? '' : ` (now ${min}, ${low}, ${high})`;
}

/** The min watermark without its temporary boost, which the log has added in. */
function plainMin(zone: { readonly min: number | undefined; readonly boost: number | undefined }): number {
  return Math.max(0, (zone.min ?? 0) - (zone.boost ?? 0));
}
