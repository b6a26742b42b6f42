import { type FailureExplanation, fieldWords, hasVerdict, listWords, roleOf, sizeWords, TITLES, type ZoneExplanation } from '../log/index';
import type { FailureRecord, Read, ZoneReport } from '../log/record';
import { exactly } from '../mask/mask';
import { maskTextHover } from './decodeMask';
import type { Hover, HoverLine } from './hover';
import { maskHover } from './hoverAt';
import type { KernelContext } from './kernels';
import { failureAt, type LogDocument, lineText } from './logDocument';
import { code, type Span, type Text } from './text';

/** The place of a hover: a line of the log (1-based) and a column in it, UTF-16 units. */
interface Place {
  readonly line: number;
  readonly text: string;
  readonly column: number;
}

/** What the hover shows, and the columns it is about. */
interface Answer {
  readonly columns: readonly [start: number, end: number];
  readonly hover: Hover;
}

/** A mask as logs and traces print it: behind a label, with names in parentheses, or names alone. */
const MASK =
  /\b(?:mode[:=]|gfp_mask=|gfp_flags=|gfp=)(0x[0-9a-f]+(?:\([A-Z_|a-z0-9]*\))?|_{0,3}GFP_\w+(?:\|_{0,3}\w+)*)|\b_{0,2}GFP_[A-Z_0-9]+(?:\|_{0,2}GFP_[A-Z_0-9]+)*/g;
const FIELD = /([A-Za-z_]+(?:\([a-z]+\))?):\s?(\d+)(kB)?/g;
const CELL = /(\d+)[*_](\d+)kB(?: \(([UMERHCI]+)\))?/g;

/** Explains the place of a log at a byte offset; undefined where nothing is known. `context`: the kernel for masks outside of any failure. */
export function logHoverAt(document: LogDocument, offset: number, context: KernelContext): Hover | undefined {
  const line = document.lines.lineOf(offset);
  const text = lineText(document, line);
  const place: Place = { line: line + 1, text, column: document.lines.position(offset).column };
  const failure = failureAt(document, line);
  const answer = maskAnswer(place, failure, context) ?? (failure === undefined ? undefined : answerIn(failure, place));
  if (answer === undefined) return undefined;
  const [start, end] = answer.columns;
  const range = { start: document.lines.offset({ line, column: start }), end: document.lines.offset({ line, column: end }) };
  return { ...answer.hover, range };
}

/** A mask under the cursor, by the kernel that printed it. */
function maskAnswer(place: Place, failure: FailureExplanation | undefined, context: KernelContext): Answer | undefined {
  const match = tokenAt(place, MASK);
  if (match === undefined) return undefined;
  const columns = [match.index, match.index + match[0].length] as const;
  const text = match[1] ?? match[0];
  const { record, mask, model } = failure ?? {};
  if (mask !== undefined && record?.header.mode?.line === place.line && /^0x/.test(text)) {
    const bits = mask.flags.reduce((sum, name) => sum | model!.flags.bitsOf(name), 0);
    return { columns, hover: maskHover(model!, failure?.maskText ?? text, exactly(bits), [], failure?.order) };
  }
  const hover = maskTextHover(text, model === undefined ? context : { ...context, model });
  return hover === undefined ? undefined : { columns, hover };
}

function answerIn(failure: FailureExplanation, place: Place): Answer | undefined {
  const { memory } = failure.record;
  for (const zone of memory?.zones ?? []) {
    const explained = failure.zones.find((one) => one.line === zone.line);
    if (explained === undefined) continue;
    if (zone.buddy !== undefined && onLine(zone.buddy, place)) return buddyAnswer(failure, explained, place);
    if (zone.lowmemReserve?.line === place.line) return whole(place, reserveHover(failure, explained, zone));
    if (onLine(zone, place) || fieldOnLine(zone.fields, place)) return zoneAnswer(failure, explained, place);
  }
  return countersAnswer(failure, place) ?? frameAnswer(failure, place) ?? otherAnswer(failure, place);
}

const onLine = (one: { readonly line: number }, place: Place): boolean => one.line === place.line;
const fieldOnLine = (fields: ReadonlyMap<string, Read<number>>, place: Place): boolean =>
  [...fields.values()].some((read) => onLine(read, place));

// ── memory ───────────────────────────────────────────────────────────────────────────────────────

function zoneTitle(zone: ZoneExplanation): string {
  return `Zone ${zone.zone}${zone.node === undefined ? '' : ` of node ${zone.node}`}`;
}

function zoneAnswer(failure: FailureExplanation, zone: ZoneExplanation, place: Place): Answer {
  const field = tokenAt(place, FIELD);
  const words = field === undefined ? undefined : fieldWords('zone', field[1]!);
  const verdict = failure.kind === 'state' ? [] : [row('Verdict', zone.verdict)];
  if (field === undefined || words === undefined)
    return whole(place, about(failure, zoneTitle(zone), [zone.reason], [...verdict, ...zoneRows(zone)]));
  const value: Text = [code(`${field[1]} ${field[2]} kB`), ': ', words];
  return {
    columns: [field.index, field.index + field[0].length],
    hover: about(failure, zoneTitle(zone), value, [...verdict, row('Why', zone.reason)]),
  };
}

function zoneRows(zone: ZoneExplanation): readonly HoverLine[] {
  const rows: (readonly [label: string, kb: number | undefined])[] = [
    ['Usable', zone.usable],
    ['Must stay', zone.floor],
    ['Lowmem reserve', zone.reserve],
  ];
  return rows.flatMap(([label, kb]) => (kb === undefined ? [] : [row(label, `${kb} kB`)]));
}

function reserveHover(failure: FailureExplanation, zone: ZoneExplanation, report: ZoneReport): Hover {
  const against = zone.reserve === undefined ? [] : [row('Against this request', `${zone.reserve} kB`)];
  const numbers = report.lowmemReserve?.value.join(' ') ?? '';
  return about(
    failure,
    `lowmem_reserve of ${zoneTitle(zone).toLowerCase()}`,
    ['Pages kept back from requests that could also use a higher zone, one number for each highest zone of a request.'],
    [row('Pages', numbers), ...against],
  );
}

function buddyAnswer(failure: FailureExplanation, zone: ZoneExplanation, place: Place): Answer {
  const cell = tokenAt(place, CELL);
  const found = cell === undefined ? undefined : zone.buddy.find((one) => one.blockKb === Number(cell[2]));
  if (cell === undefined || found === undefined) {
    const sum = zone.buddy.reduce((total, one) => total + one.count * one.blockKb, 0);
    const largest = zone.buddy.findLast((one) => one.count > 0 && one.open);
    const rows = [row('Largest usable', largest === undefined ? 'none' : `order ${largest.order}, ${sizeWords(largest.blockKb)}`)];
    return whole(
      place,
      about(failure, `Free blocks of ${zoneTitle(zone).toLowerCase()}`, [`${sum} kB in blocks of powers of two pages.`], rows),
    );
  }
  const words = `${found.count} free ${found.count === 1 ? 'block' : 'blocks'} of order ${found.order} (${sizeWords(found.blockKb)} each, ${found.count * found.blockKb} kB together)`;
  const lists = cell[3] === undefined ? [] : [row('Lists', listWords(cell[3]))];
  const serves =
    failure.order === undefined || found.count === 0 ? [] : [row('This request', servesWords(found.order, failure.order, found.open))];
  return {
    columns: [cell.index, cell.index + cell[0].length],
    hover: about(failure, zoneTitle(zone), [words], [...lists, ...serves]),
  };
}

function servesWords(order: number, wanted: number, open: boolean): string {
  if (!open) return 'may not use these lists';
  return order >= wanted ? 'would be served by one' : `needs order ${wanted}: too small`;
}

function countersAnswer(failure: FailureExplanation, place: Place): Answer | undefined {
  const { memory } = failure.record;
  if (memory === undefined) return undefined;
  const node = memory.nodes.find((one) => onLine(one, place));
  const counters = [...memory.counters].some(([, read]) => onLine(read, place));
  const field = tokenAt(place, FIELD);
  const words = field === undefined ? undefined : fieldWords(node === undefined ? 'counter' : 'node', field[1]!);
  if (field !== undefined && words !== undefined && (counters || node !== undefined)) {
    const unit = field[3] === undefined ? 'pages' : 'kB';
    const name = node === undefined ? 'The machine' : `Node ${node.node}`;
    return {
      columns: [field.index, field.index + field[0].length],
      hover: about(failure, name, [code(`${field[1]} ${field[2]} ${unit}`), ': ', words], []),
    };
  }
  const total = [...memory.totals].find(([, read]) => onLine(read, place));
  const totalWords = total === undefined ? undefined : fieldWords('total', total[0]);
  if (totalWords !== undefined) return whole(place, about(failure, 'The machine', [totalWords], []));
  const huge = memory.hugepages.find((one) => onLine(one, place));
  if (huge === undefined) return undefined;
  const text = `${huge.total} huge pages of ${sizeWords(huge.sizeKb)} on node ${huge.node}, ${huge.free} of them free: ${huge.total * huge.sizeKb} kB that nothing else can use`;
  return whole(place, about(failure, 'Huge pages', [text], []));
}

// ── the rest ─────────────────────────────────────────────────────────────────────────────────────

function frameAnswer(failure: FailureExplanation, place: Place): Answer | undefined {
  const frame = failure.record.trace.find((one) => onLine(one, place));
  if (frame === undefined) return undefined;
  const { site } = failure;
  const role = roleOf(frame);
  const asked = site?.logLine === place.line;
  const words = asked
    ? 'asked for the memory: the first function of the trace that is not the allocator'
    : frame.unsure
      ? 'found on the stack, but perhaps left over from an earlier call'
      : { report: 'takes part in this report', allocator: 'is part of the allocator', code: 'is on the way to the request' }[role];
  const rows = [
    ...(frame.module === undefined ? [] : [row('Module', frame.module)]),
    ...(frame.source === undefined ? [] : [row('Source', frame.source)]),
    ...(asked && site?.allocator !== undefined ? [row('Called', `${site.allocator}()`)] : []),
  ];
  return whole(place, about(failure, `${frame.name}()`, [words], rows));
}

/** Header, machine, locks, tasks: what the whole report says. */
function otherAnswer(failure: FailureExplanation, place: Place): Answer | undefined {
  const { record } = failure;
  const task = record.oom?.largestTasks.find((one) => onLine(one, place));
  if (task !== undefined) {
    const kb = task.rssPages * (failure.sizeKb === undefined || failure.order === undefined ? 4 : failure.sizeKb / 2 ** failure.order);
    const adjusted = task.oomScoreAdj === undefined ? [] : [row('oom_score_adj', `${task.oomScoreAdj}`)];
    return whole(place, about(failure, task.name, [`pid ${task.pid}, ${kb} kB of its memory resident`], adjusted));
  }
  const lock = record.context?.locks.find((one) => onLine(one, place));
  if (lock !== undefined) return whole(place, about(failure, lock.name, ['a lock that is held, taken in ', code(`${lock.at}()`)], []));
  return place.line === record.line || isAboutRequest(record, place) ? whole(place, headerHover(failure)) : undefined;
}

function isAboutRequest({ header, machine }: FailureRecord, place: Place): boolean {
  return [...Object.values(header), ...Object.values(machine)].some((read) => onLine(read, place));
}

function headerHover(failure: FailureExplanation): Hover {
  const { kind, verdict, advice, mask, summary } = failure;
  const [first] = advice;
  return about(
    failure,
    hasVerdict(kind) ? `${TITLES[kind]}: ${verdict}` : TITLES[kind],
    [summary],
    [
      ...(mask === undefined
        ? []
        : [row('Floor', mask.reserveFloor === 1 ? 'the min watermark' : `${mask.reserveFloor * 100} % of the min watermark`)]),
      ...(mask === undefined ? [] : [row('May sleep', mask.mayBlock ? 'yes' : 'no')]),
      ...(first === undefined ? [] : [row('To do', first.text)]),
    ],
  );
}

function about(failure: FailureExplanation, name: string, summary: Text, here: readonly HoverLine[]): Hover {
  const { kernel } = failure;
  return {
    range: { start: 0, end: 0 },
    subject: 'log',
    name,
    summary,
    value: undefined,
    here,
    findings: [],
    behaviour: [],
    details: [],
    kernel,
  };
}

function row(label: string, value: Span): HoverLine {
  return { label, value: [value] };
}

function whole({ text }: Place, hover: Hover): Answer {
  return { columns: [text.length - text.trimStart().length, text.trimEnd().length], hover };
}

/** The match of a global pattern that covers the column. */
function tokenAt({ text, column }: Place, pattern: RegExp): RegExpExecArray | undefined {
  for (const match of text.matchAll(pattern)) if (match.index <= column && column <= match.index + match[0].length) return match;
  return undefined;
}
