import type { EventExplanation, MaskExplanation } from '../log/index';
import { type Html, html } from './html';
import { hanging } from './logText';
import type { Palette } from './maskPage';

type MaskRow = EventExplanation['masks'][number];

/** The masks and events of a trace as lines of at most `width` columns. */
export function eventLines({ report, masks }: EventExplanation, palette: Palette, width = 80): readonly string[] {
  return [
    palette.bold('Masks'),
    ...masks.flatMap((row) => [...hanging('  ', headline(row), width), ...details(row).flatMap((text) => hanging('      ', text, width))]),
    '',
    palette.bold('Events'),
    ...byCount(report.counts).map(([name, count]) => `  ${String(count).padStart(10)} ${name}`),
  ];
}

/** The same as a table of a web page. */
export function eventTables({ report, masks }: EventExplanation): Html {
  const rows = masks.map(
    (row) =>
      html`<tr><th scope="row">${row.use.text}</th><td>${row.use.requests}</td><td>${row.use.failed}</td><td>${ordersText(row.use.orders)}</td><td>${row.mask === undefined ? 'not known' : maskWords(row.mask)}</td></tr>`,
  );
  const events = byCount(report.counts).map(([name, count]) => html`<tr><th scope="row">${name}</th><td>${count}</td></tr>`);
  return html`<section aria-labelledby="section-masks"><h2 id="section-masks">Masks</h2><table><thead><tr><th scope="col">Mask</th><th scope="col">Requests</th><th scope="col">Failed</th><th scope="col">Orders</th><th scope="col">Meaning</th></tr></thead><tbody>${rows}</tbody></table></section><section aria-labelledby="section-events"><h2 id="section-events">Events</h2><table><tbody>${events}</tbody></table></section>`;
}

/** As the JSON of `gfp-lens log` has it. */
export function eventJson({ report, masks }: EventExplanation): unknown {
  const { reclaims, reclaimed, fruitless, fragmenting } = report;
  return {
    counts: Object.fromEntries(report.counts),
    masks: masks.map(({ use, mask }) => ({
      mask: use.text,
      hex: mask?.hex ?? null,
      flags: mask?.flags ?? null,
      mayBlock: mask?.mayBlock ?? null,
      line: use.line,
      requests: use.requests,
      failed: use.failed,
      reclaims: use.reclaims,
      compactions: use.compactions,
      orders: use.orders,
      callers: use.callers.map((caller) => ({ function: caller.name, count: caller.count })),
    })),
    reclaim: { ends: reclaims, pages: reclaimed, fruitless },
    compaction: Object.fromEntries(report.compactions),
    fragmenting,
  };
}

function headline({ use }: MaskRow): string {
  const failed = use.failed > 0 ? `, ${use.failed} failed` : '';
  return `${use.text}: ${use.requests} ${use.requests === 1 ? 'request' : 'requests'}${failed}`;
}

function details({ use, mask }: MaskRow): readonly string[] {
  const lines = [mask === undefined ? 'not a mask of any known kernel' : maskWords(mask)];
  if (mask !== undefined && /^\d|^0x/.test(use.text) && mask.canonical !== '') lines.push(`= ${mask.canonical}`);
  if (use.orders.some((one, order) => order > 0 && one > 0)) lines.push(`orders: ${ordersText(use.orders)}`);
  if (use.reclaims > 0) lines.push(`direct reclaims for it: ${use.reclaims}`);
  if (use.compactions > 0) lines.push(`direct compactions for it: ${use.compactions}`);
  if (use.callers.length > 0) lines.push(`from ${use.callers.map(({ name, count }) => `${name} (${count})`).join(', ')}`);
  return lines;
}

function maskWords(mask: MaskExplanation): string {
  const sleep = mask.mayBlock
    ? mask.mayFS
      ? 'may sleep and reclaim'
      : mask.mayIO
        ? 'may sleep, no filesystem'
        : 'may sleep, no I/O'
    : 'never sleeps';
  const floor = mask.reserveFloor === 1 ? 'no reserve' : `down to ${mask.reserveFloor * 100} % of min`;
  return `${sleep}, ${floor}, zone ${mask.zone}, ${mask.migratetype.toLowerCase()}`;
}

/** `0: 1200, 3: 4` */
function ordersText(orders: readonly number[]): string {
  return orders.flatMap((count, order) => (count === 0 ? [] : [`${order}: ${count}`])).join(', ');
}

function byCount(counts: ReadonlyMap<string, number>): readonly (readonly [string, number])[] {
  return [...counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
}
