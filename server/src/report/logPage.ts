import { type FailureExplanation, hasVerdict, TITLES, type ZoneExplanation } from '../log/index';
import { buddyBars, zoneBars } from './logBars';
import { eventLines } from './logEvents';
import { sourceSection } from './logSourcePage';
import type { LogSourceRecord } from './logSourceRecord';
import { hanging, wrapText } from './logText';
import type { Palette } from './maskPage';

const WIDTH = 80;

/** One failure on a page of at most 80 columns: summary, evidence, zones, the way to the failure, the caller in a tree, advice. Ends with a newline. */
export function logPage(failure: FailureExplanation, number: number, palette: Palette, source?: LogSourceRecord): string {
  const sections = [
    heading(failure, number, palette),
    wrapText(failure.summary, WIDTH - 2).map((line) => `  ${line}`),
    evidence(failure),
    request(failure, source, palette),
    ...failure.zones.filter((zone) => zone.allowed).map((zone) => zoneSection(zone, failure, palette)),
    excluded(failure, palette),
    failure.events === undefined ? [] : eventLines(failure.events, palette),
    path(failure, palette),
    context(failure, palette),
    trace(failure, palette),
    source === undefined ? [] : sourceSection(source, palette),
    beside(failure, palette),
    advice(failure, palette),
    missing(failure, palette),
  ];
  const text = sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n');
  return `${text}\n`;
}

/** A failure like one that was printed before, in one line. */
export function repeatedLine(failure: FailureExplanation, number: number, like: number): string {
  return hanging(`${number}. `, `line ${failure.record.line}: like number ${like} (${failure.verdict})`, WIDTH).join('\n').concat('\n');
}

function heading({ kind, verdict, record, kernel, kernelFrom }: FailureExplanation, number: number, palette: Palette): readonly string[] {
  const judged = hasVerdict(kind) ? `: ${verdict}` : '';
  const from = { log: '', mask: ' (guessed from the mask)', assumed: ' (assumed: the log names none)' }[kernelFrom];
  const suppressed = record.suppressed === undefined ? '' : `, ${record.suppressed.value} more not printed (rate limit)`;
  const lines = record.line === record.endLine ? `line ${record.line}` : `lines ${record.line}-${record.endLine}`;
  return [
    ...hanging(`${number}. `, `${TITLES[kind]}${judged}`, WIDTH).map(palette.bold),
    ...hanging('   ', kind === 'state' ? lines : `${lines}, Linux ${kernel}${from}${suppressed}`, WIDTH).map(palette.dim),
  ];
}

function evidence({ supports, contradicts }: FailureExplanation): readonly string[] {
  return [...supports.flatMap((text) => hanging('  + ', text, WIDTH)), ...contradicts.flatMap((text) => hanging('  - ', text, WIDTH))];
}

function request(failure: FailureExplanation, source: LogSourceRecord | undefined, palette: Palette): readonly string[] {
  const { mask, maskText, order, sizeKb, site, process } = failure;
  if (mask === undefined) return [];
  const rows: (readonly [label: string, text: string])[] = [
    ['process', process ?? 'not in the log'],
    [
      'size',
      order === undefined || sizeKb === undefined
        ? 'not in the log'
        : `order ${order}: ${order === 0 ? '1 page' : `${2 ** order} pages`}, ${sizeKb} kB`,
    ],
    ['mask', `${maskText ?? ''} (${mask.hex})`],
    ['may sleep', mask.mayBlock ? `yes${mask.mayFS ? '' : mask.mayIO ? ', but not call into filesystems' : ', but not start I/O'}` : 'no'],
    ['zones', `${mask.zone} and below, ${mask.migratetype} blocks`],
    ['floor', mask.reserveFloor === 1 ? 'the min watermark' : `${mask.reserveFloor * 100} % of the min watermark`],
    ['fails', mask.failure],
  ];
  if (site !== undefined) rows.push(['caller', callerText(site, source)]);
  return [palette.bold('Request'), ...rows.flatMap(([label, text]) => hanging(`  ${label.padEnd(10)}`, text, WIDTH))];
}

function callerText(site: NonNullable<FailureExplanation['site']>, source: LogSourceRecord | undefined): string {
  const module = site.module === undefined ? '' : ` [${site.module}]`;
  const { file, line } = source ?? site;
  const place = file === null ? '' : `, ${file}${line === null ? '' : `:${line}`}`;
  return `${site.function}()${module}${place} (line ${site.logLine} of the log)`;
}

function zoneSection(zone: ZoneExplanation, { order, kind }: FailureExplanation, palette: Palette): readonly string[] {
  const node = zone.node === undefined ? '' : ` of node ${zone.node}`;
  const marks = (['min', 'low', 'high'] as const).flatMap((name) => (zone[name] === undefined ? [] : [`${name} ${zone[name]}`]));
  const boost = (zone.boost ?? 0) > 0 ? [`boost ${zone.boost} (in min, low and high)`] : [];
  const extra = [
    ...((zone.cma ?? 0) > 0 ? [`free CMA ${zone.cma}`] : []),
    ...((zone.highatomic ?? 0) > 0 ? [`high-atomic ${zone.highatomic}`] : []),
  ];
  const numbers = [...marks, ...boost, ...extra];
  // Without a request no order stands out.
  const wanted = kind === 'state' || kind === 'memory' ? Number.POSITIVE_INFINITY : order;
  const blocks = wanted === undefined || wanted === 0 ? [] : buddyBars(zone.buddy, wanted);
  return [
    palette.bold(`Zone ${zone.zone}${node}${kind === 'state' || kind === 'memory' ? '' : `: ${zone.verdict}`}`),
    ...hanging('  ', zone.reason, WIDTH),
    ...zoneBars(zone),
    ...(numbers.length === 0 ? [] : hanging('  ', `${numbers.join(', ')} kB`, WIDTH)),
    ...(blocks.length === 0 ? [] : [palette.dim('  order   block    count memory'), ...blocks]),
  ];
}

function excluded({ zones }: FailureExplanation, palette: Palette): readonly string[] {
  const names = zones
    .filter((zone) => !zone.allowed)
    .map((zone) => (zone.node === undefined ? zone.zone : `node ${zone.node} ${zone.zone}`));
  return names.length === 0 ? [] : hanging('', `Not for this request: ${names.join(', ')}.`, WIDTH).map(palette.dim);
}

function path({ path: steps }: FailureExplanation, palette: Palette): readonly string[] {
  if (steps.length === 0) return [];
  return [palette.bold('What the allocator tried'), ...steps.flatMap(({ step, outcome }) => hanging('  ', `${step}: ${outcome}`, WIDTH))];
}

function context({ record }: FailureExplanation, palette: Palette): readonly string[] {
  const locks = record.context?.locks ?? [];
  if (locks.length === 0) return [];
  return [
    palette.bold('Locks held'),
    ...locks.flatMap((lock) => hanging('  ', `${lock.name}, taken in ${lock.at}() (line ${lock.line})`, WIDTH)),
  ];
}

/** The certain part of the trace from the caller on; long ones are cut. */
function trace({ record, site }: FailureExplanation, palette: Palette): readonly string[] {
  const frames = record.trace.filter((frame) => !frame.unsure && (site === undefined || frame.line >= site.logLine)).slice(0, 6);
  if (frames.length === 0) return [];
  return [
    palette.bold('Called from'),
    ...frames.flatMap((frame) => hanging('  ', `${frame.name}()${frame.module === undefined ? '' : ` [${frame.module}]`}`, WIDTH)),
  ];
}

function beside({ kind, beside: sentences }: FailureExplanation, palette: Palette): readonly string[] {
  if (sentences.length === 0) return [];
  return [
    palette.bold(kind === 'state' ? 'The requests of the log' : 'From /proc beside the log'),
    ...sentences.flatMap((text) => hanging('  ', text, WIDTH)),
  ];
}

const READERS = { developer: 'In the code', operator: 'On the machine', nobody: 'Or nothing' } as const;

function advice({ advice: list }: FailureExplanation, palette: Palette): readonly string[] {
  if (list.length === 0) return [];
  return [palette.bold('What to do'), ...list.flatMap((one) => hanging('  * ', `${READERS[one.for]}: ${one.text}`, WIDTH))];
}

function missing({ missing: names }: FailureExplanation, palette: Palette): readonly string[] {
  return names.length === 0 ? [] : hanging('', `Not in the log: ${names.join(', ')}.`, WIDTH).map(palette.dim);
}
