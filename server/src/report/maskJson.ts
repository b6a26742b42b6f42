import type { MaskExplanation, MaskProblem } from '../kernel/explain/explanation';

/**
 * The JSON text of an explanation, the same as JSON.stringify() gives but several times as fast: `gfp-lens mask --stdin` answers a million questions. Few long
 * pieces are put together, because a text of many short ones has to be collected again when it is written. Only texts that a user can choose are escaped;
 * the other ones are names and sentences of this program.
 */
export function explanationJson(one: MaskExplanation): string {
  return (
    `${opening(one.kernel)}${quoted(one.input)},"hex":"${one.hex}",${rare('readings', one.readings)}"flags":${list(one.flags)},"canonical":"${one.canonical}",` +
    `${rare('note', one.note)}${rare('names', one.names)}"unknownBits":"${one.unknownBits}${sleepPart(one)}${zonePart(one)}${shared(one.fallback)},` +
    `${rare('inContext', one.inContext)}"allocFlags":${shared(one.allocFlags)},${rare('entitlement', one.entitlement)}${reservePart(one)}${one.failure}` +
    `","effective":${scopesJson(one.effective)}${sizedPart(one)}${rare('nested', one.nested)}${rare('path', one.path)}"problems":${problemsJson(one.problems)}}`
  );
}

/** Texts by a small number, each made once. */
function table(make: (one: MaskExplanation) => string): (key: number, one: MaskExplanation) => string {
  const texts: string[] = [];
  return (key, one) => {
    texts[key] ??= make(one);
    return texts[key];
  };
}

const openings = new Map<string, string>();

function opening(kernel: string): string {
  const ready = openings.get(kernel);
  if (ready !== undefined) return ready;
  const text = `{"kernel":"${kernel}","input":`;
  openings.set(kernel, text);
  return text;
}

const bit = (value: boolean, weight: number) => (value ? weight : 0);

const sleepTexts = table(
  (one) => `","mayBlock":${one.mayBlock},"wakesKswapd":${one.wakesKswapd},"mayIO":${one.mayIO},"mayFS":${one.mayFS},"zone":"`,
);

function sleepPart(one: MaskExplanation): string {
  return sleepTexts(bit(one.mayBlock, 1) | bit(one.wakesKswapd, 2) | bit(one.mayIO, 4) | bit(one.mayFS, 8), one);
}

const ZONES: readonly MaskExplanation['zone'][] = ['DMA', 'DMA32', 'Normal', 'HighMem', 'Movable'];
const TYPES: readonly MaskExplanation['migratetype'][] = ['Unmovable', 'Movable', 'Reclaimable', 'HighAtomic'];
const zoneTexts = table((one) => `${one.zone}","zoneLegal":${one.zoneLegal},"migratetype":"${one.migratetype}","fallback":`);

function zonePart(one: MaskExplanation): string {
  return zoneTexts(ZONES.indexOf(one.zone) | (TYPES.indexOf(one.migratetype) << 3) | bit(one.zoneLegal, 32), one);
}

const reserveText = (one: MaskExplanation) =>
  `"reserveFloor":${one.reserveFloor},${rare('slowPathFloor', one.slowPathFloor)}"highatomic":${one.highatomic},"cma":${one.cma},` +
  `"oomKiller":${one.oomKiller},"canFail":${one.canFail},"failure":"`;
const reserveTexts = table(reserveText);

/** Floors are multiples of an eighth. */
function reservePart(one: MaskExplanation): string {
  const flags = bit(one.highatomic, 1) | bit(one.cma, 2) | bit(one.oomKiller, 4) | bit(one.canFail, 8);
  if (one.slowPathFloor !== undefined) return reserveText(one);
  return reserveTexts(((one.reserveFloor * 8) << 4) | flags, one);
}

function scopesJson(effective: MaskExplanation['effective']): string {
  const { nofs, noio, pin, nocma, noreclaim } = effective;
  if (nocma !== undefined || noreclaim !== undefined) return `${JSON.stringify(effective)},`;
  return `{"nofs":"${nofs}","noio":"${noio}","pin":"${pin}"},`;
}

function problemsJson(problems: readonly MaskProblem[]): string {
  return problems.length === 0 ? '[]' : `[${problems.map(problemJson).join(',')}]`;
}

function problemJson({ rule, severity, message }: MaskProblem): string {
  return `{"rule":"${rule}","severity":"${severity}","message":"${message}"}`;
}

function sizedPart({ kmalloc, kvmalloc }: MaskExplanation): string {
  if (kmalloc === undefined) return '';
  const cache = kmalloc.cache === null ? 'null' : `"${kmalloc.cache}"`;
  const text = `"kmalloc":{"bytes":${kmalloc.bytes},"bucket":${kmalloc.bucket},"cache":${cache},"order":${kmalloc.order}},`;
  return kvmalloc === undefined ? text : `${text}"kvmalloc":{"firstTry":"${kvmalloc.firstTry}","vmalloc":${kvmalloc.vmalloc}},`;
}

/** Lists that answers share, with their text. */
const printed = new WeakMap<readonly string[], string>();

function shared(names: readonly string[]): string {
  const ready = printed.get(names);
  if (ready !== undefined) return ready;
  const text = list(names);
  printed.set(names, text);
  return text;
}

function list(names: readonly string[]): string {
  return names.length === 0 ? '[]' : `["${names.join('","')}"]`;
}

/** Text that JSON takes as it is. */
const PLAIN = /^[\w |&~(),.:=-]*$/;

function quoted(text: string): string {
  return PLAIN.test(text) ? `"${text}"` : JSON.stringify(text);
}

/** A property and a comma, or nothing. */
function rare(key: string, value: unknown): string {
  return value === undefined ? '' : `"${key}":${JSON.stringify(value)},`;
}
