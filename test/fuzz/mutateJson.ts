import type { Random } from './random';

/** Changes a text that stands in a message. */
type TextChange = (text: string, random: Random) => string;

/** A place in a tree of JSON values: what holds it, and under which key. */
interface Slot {
  readonly holder: Record<string, unknown>;
  readonly key: string;
}

/** A function, because arrays and objects in it are changed later. */
const ODD_VALUES = (): readonly unknown[] => [
  null,
  true,
  0,
  -1,
  1e308,
  2 ** 53,
  0.5,
  '',
  'x',
  '\u0000',
  '__proto__',
  '../../../etc/passwd',
  'file:///%ZZ',
  'GFP_KERNEL',
  '\ud800',
  'a'.repeat(10_000),
  [],
  {},
  [[[[]]]],
  { __proto__: null, toString: 1 },
  { length: 1e9 },
];

/** Texts of this length are sources, logs, patches: they are changed as such. */
const LONG_TEXT = 24;

/**
 * Takes one line of JSON apart, changes a value in it, and puts it back. Text that is no JSON stays as it is.
 *
 * @param words names that mean something as a key or a value
 * @param inText changes a long text within a value
 */
export function mutateJson(text: string, random: Random, words: readonly string[], inText: TextChange): string {
  const lines = text.split('\n');
  const index = random.below(lines.length);
  const whole = parsed(text);
  const tree = { '': whole ?? parsed(lines[index]!) };
  const slots = slotsOf(tree);
  if (tree[''] === undefined || slots.length === 0) return text;
  change(random.pick(slots), slots, random, words, inText);
  const written = JSON.stringify(tree['']) ?? '';
  if (whole !== undefined) return latin1(written);
  return lines.with(index, latin1(written)).join('\n');
}

function change({ holder, key }: Slot, slots: readonly Slot[], random: Random, words: readonly string[], inText: TextChange): void {
  const other = random.pick(slots);
  const value = holder[key];
  if (typeof value === 'string' && value.length >= LONG_TEXT && !random.once(5)) {
    holder[key] = Buffer.from(inText(latin1(value), random), 'latin1').toString('utf8');
    return;
  }
  if (typeof value === 'number' && random.once(2)) {
    holder[key] = value + random.below(9) - 4;
    return;
  }
  switch (random.below(7)) {
    case 0:
      delete holder[key];
      return;
    case 1:
      holder[key] = structuredClone(other.holder[other.key]);
      return;
    case 2:
      holder[random.once(2) ? wordOf(random, words) : random.pick(['id', 'uri', 'range', 'x', '__proto__', 'constructor'])] = random.pick(
        ODD_VALUES(),
      );
      return;
    case 3:
      if (Array.isArray(holder[key])) holder[key] = Array.from({ length: random.size(200) }, () => (holder[key] as unknown[])[0]);
      else holder[key] = [holder[key]];
      return;
    case 4:
      holder[key] = wordOf(random, words);
      return;
    default:
      holder[key] = random.pick(ODD_VALUES());
  }
}

/** Without the quotation marks that it may be written with. */
function wordOf(random: Random, words: readonly string[]): string {
  return random.pick(words).replace(/^"(.*)"$/s, '$1');
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(Buffer.from(text, 'latin1').toString('utf8'));
  } catch {
    return undefined;
  }
}

function slotsOf(tree: Record<string, unknown>): readonly Slot[] {
  const slots: Slot[] = [];
  const stack: unknown[] = [tree];
  for (let value = stack.pop(); value !== undefined; value = stack.pop()) {
    if (typeof value !== 'object' || value === null) continue;
    for (const key of Object.keys(value)) {
      const holder = value as Record<string, unknown>;
      slots.push({ holder, key });
      stack.push(holder[key]);
    }
  }
  return slots;
}

function latin1(text: string): string {
  return Buffer.from(text, 'utf8').toString('latin1');
}
