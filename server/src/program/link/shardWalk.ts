import { hasNamedSlot, hasReceiver, Via } from '../../facts/linkage/linkage';
import { CallBits, FUNCTION_FIELDS, MENTION_FIELDS, type Shard } from './shard';

/** What a number of a shard means, as far as it changes when text moves or shards are put together. */
export const enum Field {
  Plain = 0,
  Name = 1,
  Offset = 2,
}

const OF_FILE = [Field.Name, Field.Plain, Field.Plain, Field.Plain, Field.Plain, Field.Plain];
const OF_TYPE = [Field.Name, Field.Name, Field.Name];
const OF_MEMORY = [Field.Name, Field.Plain, Field.Plain];
const OF_FUNCTION = [Field.Name, Field.Offset, Field.Plain, Field.Plain, Field.Plain];
const OF_HOLDER = [Field.Name, Field.Name, Field.Offset, Field.Name];

/** Visits the numbers of the file that begins at `start`, in order; returns where it ends. */
export function walkFile(data: Int32Array, start: number, visit: (at: number, field: Field) => void): number {
  return new Walk(data, visit).file(start);
}

/** Where the file that begins at `start` ends. */
export function endOfFile(data: Int32Array, start: number): number {
  return walkFile(data, start, () => undefined);
}

class Walk {
  constructor(
    private readonly data: Int32Array,
    private readonly visit: (at: number, field: Field) => void,
  ) {}

  file(start: number): number {
    const { data } = this;
    let at = this.fields(start, OF_FILE);
    for (let left = data[start + 1]!; left > 0; left--) at = this.function(at);
    for (let left = data[start + 2]!; left > 0; left--) at = this.mention(at);
    for (let left = data[start + 3]!; left > 0; left--) at = this.fields(at, OF_MEMORY);
    for (let left = data[start + 4]!; left > 0; left--) this.visit(at++, Field.Offset);
    for (let left = data[start + 5]!; left > 0; left--) at = this.fields(at, OF_TYPE);
    return at;
  }

  private function(start: number): number {
    const { data } = this;
    let at = this.fields(start, OF_FUNCTION);
    for (let left = data[start + FUNCTION_FIELDS - 2]!; left > 0; left--) at = this.call(at);
    for (let left = data[start + FUNCTION_FIELDS - 1]!; left > 0; left--) at = this.mention(at);
    return at;
  }

  private call(start: number): number {
    const flags = this.data[start + 2]!;
    const via = (flags >> CallBits.via.shift) & CallBits.via.mask;
    this.visit(start, via === Via.Parameter ? Field.Plain : Field.Name);
    this.visit(start + 1, Field.Offset);
    this.visit(start + 2, Field.Plain);
    let at = start + 3;
    if (hasReceiver(via)) this.visit(at++, Field.Name);
    if ((flags & CallBits.hasHolder) !== 0) at = this.fields(at, OF_HOLDER);
    if ((flags & CallBits.hasGuards) !== 0) at = this.list(at);
    if ((flags & CallBits.hasConstants) !== 0) this.visit(at++, Field.Plain);
    return (flags & CallBits.hasPassedOn) === 0 ? at : this.list(at);
  }

  private list(start: number): number {
    const end = start + this.data[start]! + 1;
    for (let at = start; at < end; at++) this.visit(at, Field.Plain);
    return end;
  }

  private mention(start: number): number {
    this.visit(start, Field.Name);
    this.visit(start + 1, Field.Offset);
    this.visit(start + 2, Field.Plain);
    this.visit(start + 3, Field.Name);
    this.visit(start + 4, hasNamedSlot(this.data[start + 2]!) ? Field.Name : Field.Plain);
    this.visit(start + 5, Field.Plain);
    return start + MENTION_FIELDS;
  }

  private fields(start: number, fields: readonly Field[]): number {
    for (const [index, field] of fields.entries()) this.visit(start + index, field);
    return start + fields.length;
  }
}

/** The spellings of a shard by number, as latin-1 text: equal bytes are equal texts. */
export function spellingsOf({ names, nameCount }: Pick<Shard, 'names' | 'nameCount'>): readonly string[] {
  const texts = [''];
  let at = 0;
  for (let n = 1; n <= nameCount; n++) {
    const length = names[at]! | (names[at + 1]! << 8);
    at += 2;
    texts.push(String.fromCharCode(...names.subarray(at, at + length)));
    at += length;
  }
  return texts;
}

/** The shard with these files only. */
export function keepFiles(shard: Shard, starts: readonly number[]): Shard {
  const sorted = [...starts].sort((a, b) => a - b);
  const ends = sorted.map((start) => endOfFile(shard.data, start));
  const data = new Int32Array(sorted.reduce((sum, start, index) => sum + ends[index]! - start, 0));
  const kept: number[] = [];
  let to = 0;
  for (const [index, start] of sorted.entries()) {
    kept.push(to);
    data.set(shard.data.subarray(start, ends[index]), to);
    to += ends[index]! - start;
  }
  return { names: shard.names, nameCount: shard.nameCount, data, starts: kept };
}
