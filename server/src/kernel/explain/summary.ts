import type { MaskExplanation } from './explanation';

/** The explanation in two to five plain sentences, the most important first; for the top of a page or hover. */
export function summarise(explanation: MaskExplanation): string[] {
  return [sleeping(explanation), failing(explanation), ...placement(explanation)];
}

function sleeping(explanation: MaskExplanation): string {
  const kswapd = explanation.wakesKswapd ? 'wakes kswapd' : 'does not wake kswapd';
  if (!explanation.mayBlock) return `Never sleeps; ${kswapd}.`;
  if (explanation.mayFS) return `May sleep, start I/O and call into filesystems; ${kswapd}.`;
  if (explanation.mayIO) return `May sleep and start I/O, but does not call into filesystems; ${kswapd}.`;
  return `May sleep, but starts no I/O and does not call into filesystems; ${kswapd}.`;
}

const RARE = 'practically never';

function failing(explanation: MaskExplanation): string {
  if (!explanation.canFail) return 'Never returns NULL.';
  const killer = explanation.oomKiller ? '; the OOM killer may run' : '';
  const { failure } = explanation;
  const sentence = failure.startsWith(RARE) ? `Practically never fails${failure.slice(RARE.length)}` : `Fails ${failure}`;
  return `${sentence}${killer}.`;
}

function placement(explanation: MaskExplanation): string[] {
  const sentences: string[] = [];
  const floor = explanation.slowPathFloor ?? explanation.reserveFloor;
  if (floor === 0) sentences.push('Ignores all watermarks.');
  else if (floor < 1 && explanation.mayBlock) sentences.push(`May use the reserve down to ${floor * 100} % of the min watermark.`);
  const { zone, migratetype } = explanation.inContext ?? explanation;
  if (zone !== 'Normal') sentences.push(`Memory from zone ${zone} and below.`);
  if (migratetype === 'Movable' || migratetype === 'Reclaimable') sentences.push(`${migratetype} page blocks.`);
  return sentences;
}
