import type { SizeInterval } from '../site';
import type { CType, Member, RecordDefinition } from './ctype';
import { ANY, add, alignUp, exactly, interval, join, maximum, monotone, multiply } from './interval';
import { ANY_ALIGNMENT } from './knownTypes';

/** Size and alignment of a type in bytes (LP64). Where a member is unknown, `size.min` still holds what the known ones prove. */
export interface Layout {
  readonly size: SizeInterval;
  readonly align: SizeInterval;
}

const UNKNOWN_LAYOUT: Layout = { size: ANY, align: ANY_ALIGNMENT };
const WORD: Layout = { size: exactly(8), align: exactly(8) };
const BITS = exactly(8);

/** Computes layouts as the System V ABI lays C types out; remembers each record. */
export class Layouts {
  private readonly known = new Map<RecordDefinition, Layout>();
  private readonly open = new Set<RecordDefinition>();

  of(type: CType): Layout {
    switch (type.kind) {
      case 'scalar':
      case 'named':
        return { size: type.size, align: type.align };
      case 'pointer':
        return WORD;
      case 'array': {
        const element = this.of(type.of);
        return { size: multiply(element.size, type.count), align: element.align };
      }
      case 'record': {
        const layouts = type.definitions.map((definition) => this.ofRecord(definition));
        return layouts.length === 0
          ? UNKNOWN_LAYOUT
          : layouts.reduce((a, b) => ({ size: join(a.size, b.size), align: join(a.align, b.align) }));
      }
      case 'function':
      case 'unknown':
        return UNKNOWN_LAYOUT;
    }
  }

  private ofRecord(definition: RecordDefinition): Layout {
    const known = this.known.get(definition);
    if (known !== undefined) return known;
    // A record that holds itself is not C; the file is being edited.
    if (this.open.has(definition)) return UNKNOWN_LAYOUT;
    this.open.add(definition);
    const layout = definition.union ? this.unionLayout(definition) : this.structLayout(definition);
    this.open.delete(definition);
    this.known.set(definition, layout);
    return layout;
  }

  private structLayout(definition: RecordDefinition): Layout {
    let bits = exactly(0);
    let align = definition.aligned ?? exactly(1);
    for (const member of definition.members()) {
      const part = this.memberLayout(member, definition.packed);
      const behind =
        member.bits === undefined ? placeMember(bits, part) : placeBits(bits, member.bits, part, definition.packed || member.packed);
      bits = member.optional ? interval(bits.min, behind.max) : behind;
      align = maximum(align, alignmentOf(member, part));
    }
    return { size: alignUp(bytesOf(bits), align), align };
  }

  private unionLayout(definition: RecordDefinition): Layout {
    let size = exactly(0);
    let align = definition.aligned ?? exactly(1);
    for (const member of definition.members()) {
      const part = this.memberLayout(member, definition.packed);
      const own = member.bits === undefined ? part.size : bytesOf(member.bits);
      size = maximum(size, member.optional ? interval(0, own.max) : own);
      align = maximum(align, alignmentOf(member, part));
    }
    return { size: alignUp(size, align), align };
  }

  private memberLayout(member: Member, packed: boolean): Layout {
    const layout = this.of(member.type);
    const natural = packed || member.packed ? exactly(1) : layout.align;
    return { size: layout.size, align: member.aligned === undefined ? natural : maximum(natural, member.aligned) };
  }
}

/** What a member asks of its record: an unnamed bit field nothing, one that may be missing perhaps nothing. */
function alignmentOf(member: Member, part: Layout): SizeInterval {
  if (member.bits !== undefined && member.name === '') return exactly(1);
  return member.optional ? join(exactly(1), part.align) : part.align;
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
