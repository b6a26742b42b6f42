import type { MaskExplanation, MaskProblem, MaskReading } from '../kernel/explain/explanation';

/**
 * The JSON text of an explanation, the same as JSON.stringify() gives but several times as fast: `gfp-lens mask --stdin` answers a million questions. Few long
 * pieces are put together, because a text of many short ones has to be collected again when it is written. Only texts that a user can choose are escaped;
 * the other ones are names and sentences of this program.
 */
export function explanationJson(one: MaskExplanation): string {
  return (
    `${opening(one.kernel)}${quoted(one.input)},"hex":"${one.hex}",${readingsPart(one.readings)}"flags":${list(one.flags)},"canonical":"${one.canonical}",` +
    `${rare('note', one.note)}${rare('names', one.names)}"unknownBits":"${one.unknownBits}","mayBlock":${answerPart(one)}` +
    `"effective":${scopesJson(one.effective)}${sizedPart(one)}${rare('nested', one.nested)}${rare('path', one.path)}"problems":${problemsJson(one.problems)}}`
  );
}

const openings = new Map<string, string>();

function opening(kernel: string): string {
  const ready = openings.get(kernel);
  if (ready !== undefined) return ready;
  const text = `{"kernel":"${kernel}","input":`;
  openings.set(kernel, text);
  return text;
}

/** The same text in one piece of memory: what is kept is read many times, and a text that was put together stays a tree of its parts. */
function inOnePiece(text: string): string {
  return [text.slice(0, 1), text.slice(1)].join('');
}

const bit = (value: boolean, weight: number) => (value ? weight : 0);

const ZONES: readonly MaskExplanation['zone'][] = ['DMA', 'DMA32', 'Normal', 'HighMem', 'Movable'];
const TYPES: readonly MaskExplanation['migratetype'][] = ['Unmovable', 'Movable', 'Reclaimable', 'HighAtomic'];

/** From `mayBlock` to `failure`. A million answers have some thousand different texts here, so that each is made once. */
function answerPart(one: MaskExplanation): string {
  if (one.inContext !== undefined || one.entitlement !== undefined || one.slowPathFloor !== undefined) return answerText(one);
  const key = answerKey(one);
  const ready = answers.get(key);
  if (ready !== undefined) return ready;
  const text = inOnePiece(answerText(one));
  if (answers.size >= MOST_ANSWERS) answers.clear();
  answers.set(key, text);
  return text;
}

const answers = new Map<number, string>();
const MOST_ANSWERS = 1 << 14;

/** A number that is another one for each combination of what {@link answerText} prints. Floors are multiples of an eighth. */
function answerKey(one: MaskExplanation): number {
  const sleep = bit(one.mayBlock, 1) | bit(one.wakesKswapd, 2) | bit(one.mayIO, 4) | bit(one.mayFS, 8);
  const place = ZONES.indexOf(one.zone) | (TYPES.indexOf(one.migratetype) << 3) | bit(one.zoneLegal, 32);
  const end = bit(one.highatomic, 1) | bit(one.cma, 2) | bit(one.oomKiller, 4) | bit(one.canFail, 8);
  const low = sleep | (place << 4) | (end << 10) | ((one.reserveFloor * 8) << 14);
  return low + 2 ** 18 * (idOf(one.fallback) + 2 ** 8 * (idOf(one.allocFlags) + 2 ** 10 * idOf(one.failure)));
}

const ids = new Map<string | readonly string[], number>();

/** Lists that answers share, and sentences, by a number of their own. */
function idOf(one: string | readonly string[]): number {
  const known = ids.get(one);
  if (known !== undefined) return known;
  ids.set(one, ids.size);
  return ids.size - 1;
}

function answerText(one: MaskExplanation): string {
  const { mayBlock, wakesKswapd, mayIO, mayFS, zone, zoneLegal, migratetype, reserveFloor, highatomic, cma, oomKiller, canFail } = one;
  return (
    `${mayBlock},"wakesKswapd":${wakesKswapd},"mayIO":${mayIO},"mayFS":${mayFS},"zone":"${zone}","zoneLegal":${zoneLegal},"migratetype":"${migratetype}",` +
    `"fallback":${list(one.fallback)},${rare('inContext', one.inContext)}"allocFlags":${list(one.allocFlags)},${rare('entitlement', one.entitlement)}` +
    `"reserveFloor":${reserveFloor},${rare('slowPathFloor', one.slowPathFloor)}"highatomic":${highatomic},"cma":${cma},"oomKiller":${oomKiller},` +
    `"canFail":${canFail},"failure":"${one.failure}",`
  );
}

function scopesJson(effective: MaskExplanation['effective']): string {
  const { nofs, noio, pin, nocma, noreclaim } = effective;
  if (nocma !== undefined || noreclaim !== undefined) return `${JSON.stringify(effective)},`;
  return `{"nofs":"${nofs}","noio":"${noio}","pin":"${pin}"},`;
}

const problemTexts = new WeakMap<readonly MaskProblem[], string>();

function problemsJson(problems: readonly MaskProblem[]): string {
  if (problems.length === 0) return '[]';
  const ready = problemTexts.get(problems);
  if (ready !== undefined) return ready;
  const text = inOnePiece(`[${problems.map(problemJson).join(',')}]`);
  problemTexts.set(problems, text);
  return text;
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

function list(names: readonly string[]): string {
  return names.length === 0 ? '[]' : `["${names.join('","')}"]`;
}

/** Text that JSON takes as it is. */
const PLAIN = /^[\w |&~(),.:=-]*$/;

function quoted(text: string): string {
  return PLAIN.test(text) ? `"${text}"` : JSON.stringify(text);
}

function readingsPart(readings: MaskExplanation['readings']): string {
  return readings === undefined ? '' : `"readings":[${readings.map(readingJson).join(',')}],`;
}

function readingJson({ config, hex, flags }: MaskReading): string {
  const number = hex === undefined ? '' : `,"hex":"${hex}"`;
  return flags === undefined ? `{"config":"${config}"${number}}` : `{"config":"${config}"${number},"flags":${list(flags)}}`;
}

/** A property and a comma, or nothing. */
function rare(key: string, value: unknown): string {
  return value === undefined ? '' : `"${key}":${JSON.stringify(value)},`;
}
