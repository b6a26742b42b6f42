import { type BuddyCount, listWords, sizeWords, type ZoneExplanation } from '../log/index';
import { type Html, html } from './html';

/** Units of the drawings; the page scales them to its width. */
const WIDTH = 640;
const LABEL = 112;
const VALUE = 112;
const BAR = WIDTH - LABEL - VALUE;
const ROW = 20;
const THICK = 13;
/** So that little is seen to be something. */
const LEAST = 2;

interface Segment {
  /** Class of the style sheet: `usable`, `highatomic`, `cma`, `floor`, `reserve`. */
  readonly kind: string;
  readonly kb: number;
  readonly words: string;
}

/**
 * The watermark test of a zone as two bars on one scale: what is free, divided into what the request may count on and what is closed to it, over what must
 * stay free. Undefined without the numbers for it. `id`: unique on the page, for the references from text to drawing.
 */
export function zoneSvg(zone: ZoneExplanation, id: string): Html | undefined {
  const { free, usable, floor, reserve } = zone;
  if (free === undefined || usable === undefined || floor === undefined || reserve === undefined) return undefined;
  const closed = Math.max(0, free - Math.max(0, usable));
  const cma = Math.min(zone.cma ?? 0, closed);
  const highatomic = Math.min(zone.highatomic ?? 0, closed - cma);
  const have: readonly Segment[] = [
    { kind: 'usable', kb: Math.max(0, usable), words: 'usable' },
    { kind: 'highatomic', kb: highatomic, words: 'high-atomic' },
    { kind: 'cma', kb: cma, words: 'CMA' },
    { kind: 'rest', kb: closed - cma - highatomic, words: 'rest of the block' },
  ];
  const keep: readonly Segment[] = [
    { kind: 'floor', kb: floor, words: 'watermark' },
    { kind: 'reserve', kb: reserve, words: 'lowmem reserve' },
  ];
  const scale = BAR / Math.max(free, floor + reserve, 1);
  const enough = usable > floor + reserve;
  const alternative = `${free} kB free: ${listed(have)}. ${floor + reserve} kB must stay free: ${listed(keep)}. ${enough ? 'Enough is free.' : 'Too little is free.'}`;
  const height = 2 * ROW;
  return drawing(`Free memory of zone ${zone.zone}`, alternative, id, height, [
    ...bar('free', have, `${free} kB`, 0, scale, id),
    ...bar('must stay', keep, `${floor + reserve} kB`, 1, scale, id),
    // The line that what is usable has to pass.
    html`<line class="limit" x1="${LABEL + (floor + reserve) * scale}" x2="${LABEL + (floor + reserve) * scale}" y1="0" y2="${height}"/>`,
  ]);
}

function listed(segments: readonly Segment[]): string {
  const words = segments.filter((one) => one.kb > 0).map((one) => `${one.kb} kB ${one.words}`);
  return words.length === 0 ? 'nothing' : words.join(', ');
}

function bar(label: string, segments: readonly Segment[], value: string, row: number, scale: number, id: string): readonly Html[] {
  let x = LABEL;
  const shown = segments.filter((one) => one.kb > 0);
  const pieces = shown.map((one) => {
    const width = Math.max(LEAST, Math.min(one.kb * scale, LABEL + BAR - x));
    const piece = piecePaint(one.kind, x, row, width, id);
    x += width;
    return piece;
  });
  return [...texts(label, value, row), ...pieces.flat()];
}

/** A piece of a bar; what is closed to the request is hatched as well, for eyes that do not tell the colours apart. */
function piecePaint(kind: string, x: number, row: number, width: number, id: string): readonly Html[] {
  const y = row * ROW + (ROW - THICK) / 2;
  const plain = html`<rect class="${kind}" x="${x}" y="${y}" width="${width}" height="${THICK}"/>`;
  if (!CLOSED.has(kind)) return [plain];
  return [plain, html`<rect x="${x}" y="${y}" width="${width}" height="${THICK}" fill="url(#${id}-hatch)"/>`];
}

const CLOSED: ReadonlySet<string> = new Set(['cma', 'highatomic', 'closed', 'reserve']);

function texts(label: string, value: string, row: number): readonly Html[] {
  const y = row * ROW + ROW / 2;
  return [
    html`<text class="label" x="${LABEL - 8}" y="${y}" text-anchor="end" dominant-baseline="central">${label}</text>`,
    html`<text class="value" x="${LABEL + BAR + 8}" y="${y}" dominant-baseline="central">${value}</text>`,
  ];
}

/**
 * The free blocks of a zone by order as bars of their memory. The orders that would serve the request stand on a band; blocks on lists that are closed to
 * it are hatched.
 */
export function buddySvg(zone: ZoneExplanation, order: number | undefined, id: string): Html | undefined {
  const { buddy } = zone;
  if (buddy.length === 0) return undefined;
  const largest = Math.max(1, ...buddy.map(memoryOf));
  const wanted = order === undefined ? [] : buddy.filter((one) => one.order >= order);
  const height = buddy.length * ROW;
  const alternative = [
    ...(order === undefined ? [] : [`The request needs a block of order ${order} or above.`]),
    ...buddy.map((one) => `Order ${one.order} (${sizeWords(one.blockKb)}): ${blockWords(one)}.`),
  ].join(' ');
  return drawing(`Free blocks of zone ${zone.zone} by order`, alternative, id, height, [
    ...(wanted.length === 0
      ? []
      : [html`<rect class="wanted" x="0" y="${wanted[0]!.order * ROW}" width="${WIDTH}" height="${wanted.length * ROW}"/>`]),
    ...buddy.flatMap((one) => {
      const memory = memoryOf(one);
      const piece =
        memory === 0 ? [] : piecePaint(one.open ? 'usable' : 'closed', LABEL, one.order, Math.max(LEAST, (memory * BAR) / largest), id);
      return [...texts(`order ${one.order}: ${sizeWords(one.blockKb)}`, countWords(one), one.order), ...piece];
    }),
  ]);
}

const memoryOf = (one: BuddyCount): number => one.count * one.blockKb;

function countWords({ count, types, open }: BuddyCount): string {
  if (count === 0) return '0';
  return `${count}${types === null ? '' : ` ${types}`}${open ? '' : ' closed'}`;
}

function blockWords({ count, types, open }: BuddyCount): string {
  if (count === 0) return 'none';
  const lists = types === null ? '' : ` on the lists ${listWords(types)}`;
  return `${count} free${lists}${open ? '' : ', closed to this request'}`;
}

/** A picture with its text alternative and the hatching that its pieces refer to. */
function drawing(title: string, alternative: string, id: string, height: number, content: readonly Html[]): Html {
  return html`<svg role="img" aria-labelledby="${id}-title ${id}-desc" viewBox="0 0 ${WIDTH} ${height}" xmlns="http://www.w3.org/2000/svg"><title id="${id}-title">${title}</title><desc id="${id}-desc">${alternative}</desc><defs><pattern id="${id}-hatch" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><line class="hatch" x1="0" y1="0" x2="0" y2="6"/></pattern></defs>${content}</svg>`;
}
