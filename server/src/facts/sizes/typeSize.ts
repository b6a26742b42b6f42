import { type AnswersByObject, Questions } from '../../base/answers';
import type { SizeInterval } from '../sizeInterval';
import { type CType, isChoice, type LayoutItem, type Member, memberOf, type RecordDefinition } from './ctype';
import type { DataModel } from './dataModel';
import { ANY, add, alignUp, exactly, interval, join, maximum, monotone, multiply } from './interval';
import { ANY_ALIGNMENT, knownType } from './knownTypes';

/** Size and alignment of a type in bytes. Where a member is unknown, `size.min` still holds what the known ones prove. */
export interface Layout {
  readonly size: SizeInterval;
  readonly align: SizeInterval;
}

const UNKNOWN_LAYOUT: Layout = { size: ANY, align: ANY_ALIGNMENT };
/** Records within records; those of the kernel stay below 20. */
const MAX_NESTING = 100;
const NO_RECORDS: ReadonlySet<RecordDefinition> = new Set();
const BITS = exactly(8);
const ONE = exactly(1);

/** How far a layout has come: bits used so far (of a union: the largest member), and the alignment. */
interface Progress {
  readonly bits: SizeInterval;
  readonly align: SizeInterval;
}

/** A member that is looked for in a record, and the records around it, itself among them. */
interface Search {
  readonly record: RecordDefinition;
  readonly name: string;
  readonly around: ReadonlySet<RecordDefinition>;
}

/** Computes layouts as the System V ABI lays C types out; remembers each record. */
export class Layouts {
  private readonly known: AnswersByObject<RecordDefinition, Layout> = new WeakMap();
  private nesting = 0;
  private readonly word: Layout;

  /** `questions`: those that a layout may be part of, and that it may lead to. */
  constructor(
    private readonly data: DataModel,
    private readonly questions = new Questions(),
  ) {
    this.word = { size: exactly(data.word), align: exactly(data.word) };
  }

  of(type: CType): Layout {
    switch (type.kind) {
      case 'scalar':
      case 'named':
        return { size: type.size, align: type.align };
      case 'pointer':
        return this.word;
      case 'array': {
        const element = this.of(type.of);
        return { size: multiply(element.size, type.count), align: element.align };
      }
      case 'record':
        return this.ofDefinitions(type.definitions) ?? this.ofKnown(type.tag);
      case 'function':
      case 'unknown':
        return UNKNOWN_LAYOUT;
    }
  }

  /** Bytes in front of a member of a record, through anonymous records; `around`: the records that these stand in. */
  offsetOf(type: CType, name: string, around: ReadonlySet<RecordDefinition> = NO_RECORDS): SizeInterval | undefined {
    if (type.kind !== 'record' || around.size >= MAX_NESTING) return undefined;
    const offsets = type.definitions.flatMap((definition) =>
      around.has(definition) ? [] : (this.offsetIn(definition, name, around) ?? []),
    );
    return offsets.length === 0 ? undefined : offsets.reduce(join);
  }

  private ofDefinitions(definitions: readonly RecordDefinition[]): Layout | undefined {
    if (definitions.length === 0) return undefined;
    return definitions
      .map((definition) => this.ofRecord(definition))
      .reduce((a, b) => ({ size: join(a.size, b.size), align: join(a.align, b.align) }));
  }

  private ofKnown(tag: string): Layout {
    const type = knownType(tag, this.data);
    return type === undefined ? UNKNOWN_LAYOUT : this.of(type);
  }

  private ofRecord(definition: RecordDefinition): Layout {
    if (this.nesting >= MAX_NESTING) return UNKNOWN_LAYOUT;
    // A record that holds itself is not C; the file is being edited.
    return this.questions.answer(this.known, definition, UNKNOWN_LAYOUT, () => this.layOut(definition));
  }

  private layOut(definition: RecordDefinition): Layout {
    this.nesting++;
    try {
      const { bits, align } = this.walk(definition, definition.items(), { bits: exactly(0), align: definition.aligned ?? ONE });
      return { size: alignUp(bytesOf(bits), align), align };
    } finally {
      this.nesting--;
    }
  }

  private walk(record: RecordDefinition, items: readonly LayoutItem[], start: Progress): Progress {
    return items.reduce((at, item) => (isChoice(item) ? this.choose(record, item.arms, at) : this.step(record, item, at)), start);
  }

  private choose(record: RecordDefinition, arms: readonly (readonly LayoutItem[])[], at: Progress): Progress {
    return arms.map((arm) => this.walk(record, arm, at)).reduce((a, b) => ({ bits: join(a.bits, b.bits), align: join(a.align, b.align) }));
  }

  private step(record: RecordDefinition, member: Member, at: Progress): Progress {
    const part = this.memberLayout(member, record.packed);
    // An unnamed bit field asks for no alignment.
    const align = member.bits !== undefined && member.name === '' ? at.align : maximum(at.align, part.align);
    return { bits: this.behind(record, member, part, at.bits), align };
  }

  private behind(record: RecordDefinition, member: Member, part: Layout, bits: SizeInterval): SizeInterval {
    if (record.union) return maximum(bits, multiply(member.bits === undefined ? part.size : bytesOf(member.bits), BITS));
    if (member.bits === undefined) return placeMember(bits, part);
    return placeBits(bits, member.bits, part, record.packed || member.packed);
  }

  private offsetIn(record: RecordDefinition, name: string, around: ReadonlySet<RecordDefinition>): SizeInterval | undefined {
    // A record without the member is not looked through: most are, and anonymous ones may hold each other in many ways.
    if (memberOf({ kind: 'record', tag: record.name, definitions: [record] }, name) === undefined) return undefined;
    return this.offsetAmong({ record, name, around: new Set(around).add(record) }, record.items(), { bits: exactly(0), align: ONE });
  }

  private offsetAmong(search: Search, items: readonly LayoutItem[], start: Progress): SizeInterval | undefined {
    const { record, name, around } = search;
    let at = start;
    for (const item of items) {
      if (isChoice(item)) {
        for (const arm of item.arms) {
          const found = this.offsetAmong(search, arm, at);
          if (found !== undefined) return found;
        }
        at = this.choose(record, item.arms, at);
        continue;
      }
      const part = this.memberLayout(item, record.packed);
      const offset = record.union ? exactly(0) : bytesOf(alignUp(at.bits, multiply(part.align, BITS)));
      if (item.name === name) return offset;
      const inner = item.name === '' ? this.offsetOf(item.type, name, around) : undefined;
      if (inner !== undefined) return add(offset, inner);
      at = this.step(record, item, at);
    }
    return undefined;
  }

  private memberLayout(member: Member, packed: boolean): Layout {
    const layout = this.of(member.type);
    const natural = packed || member.packed ? ONE : layout.align;
    return { size: layout.size, align: member.aligned === undefined ? natural : maximum(natural, member.aligned) };
  }
}

function placeMember(bits: SizeInterval, part: Layout): SizeInterval {
  return add(alignUp(bits, multiply(part.align, BITS)), multiply(part.size, BITS));
}

/** A bit field starts a new unit of its type when it does not fit into the open one; width 0 closes the unit. */
function placeBits(bits: SizeInterval, width: SizeInterval, part: Layout, packed: boolean): SizeInterval {
  if (width.max === undefined || part.size.max === undefined) return interval(bits.min + width.min, undefined);
  const unit = part.size.min * 8;
  if (packed && width.min > 0) return add(bits, width);
  if (width.min !== width.max || part.size.min !== part.size.max || unit === 0) return add(bits, interval(width.min, width.max + unit));
  const place = (at: number) => {
    const open = Math.floor(at / unit) * unit;
    const next = Math.ceil(at / unit) * unit;
    if (width.min === 0) return next;
    return at + width.min <= open + unit ? at + width.min : next + width.min;
  };
  return monotone(bits, place);
}

function bytesOf(bits: SizeInterval): SizeInterval {
  return monotone(bits, (bound) => Math.ceil(bound / 8));
}
