import type { LogLine } from '../line';
import { CUT } from '../line';
import type { StateReport } from '../record';
import { ZoneTable } from './zoneTable';

const BUDDYINFO = /^\s*Node\s+(\d+), zone\s+(\w+)((?:\s+\d+){4,})\s*$/;
const PAGETYPES = /^\s*Node\s+(\d+), zone\s+(\w+), type\s+(\w+)((?:\s+(?:>\s*)?\d+){4,})\s*$/;
const ZONEINFO = /^\s*Node\s+(\d+), zone\s+(\w+)\s*$/;
const ZONE_FIELD =
  /^\s+(?:pages )?(free|boost|min|low|high|present|managed|nr_free_cma|nr_free_highatomic|free_highatomic|reserved_highatomic)(?:\s+|:\s+)(\d+)\s*$/;
const PROTECTION = /^\s+protection: \((\d+(?:, \d+)*)\)\s*$/;
/** Other lines of a zone: counters of nodes, zones, processors. */
const ZONE_REST =
  /^\s+(?:per-node stats|pagesets|cpu: \d+|vm stats threshold: \d+|[a-z]\w*:?\s+-?\d+)\s*$|^\s*(?:Page block order:|Pages per block:|Free pages count|Number of (?:mixed )?blocks)|^\s*Node\s+\d+, zone\s+\w+(?:\s+\d+)+\s*$/;
const MEMINFO = /^\s*([A-Z][\w()]+):\s+(\d+)( kB)?\s*$/;
/** Without indentation: zoneinfo has the same names further in. */
const VMSTAT = /^ ?([a-z]\w+) (\d+)\s*$/;
const SLABINFO = /^\s*(\S+)\s+\d+\s+\d+\s+\d+\s+\d+\s+(\d+)\s+: tunables.*: slabdata\s+\d+\s+(\d+)\s+\d+\s*$/;
const SLAB_HEAD = /^\s*(?:slabinfo - version|# ?name +<active_objs>)/;
const SYSCTL = /^\s*(?:vm\.|\/proc\/sys\/vm\/)([a-z_]+)\s*[:=]\s*(-?\d+)(?:\s+-?\d+)*\s*$/;
/** `==> /proc/sys/vm/x <==` of head and tail, `$ cat /proc/sys/vm/x`: the value stands on the next line. */
const SYSCTL_NAME = /(?:^|[\s>$#])\/proc\/sys\/vm\/([a-z_]+)(?: <==)?\s*$/;
const NUMBER = /^\s*(-?\d+)(?:\s+-?\d+)*\s*$/;

/** Slab caches that are remembered. */
const MOST_SLABS = 10;
const MOST_VALUES = 1000;

type File = 'zones' | 'meminfo' | 'vmstat' | 'slabinfo' | 'sysctl';

/**
 * Reads files of /proc out of a text: buddyinfo, pagetypeinfo, zoneinfo, meminfo, vmstat, slabinfo, sys/vm. All of the input together describe one machine;
 * of a number that comes twice the first counts.
 */
export class StateReader {
  private readonly zones = new ZoneTable();
  private readonly meminfo = new Map<string, number>();
  private readonly vmstat = new Map<string, number>();
  private readonly sysctl = new Map<string, number>();
  private slabs: { name: string; pages: number }[] = [];
  private file: File | undefined;
  private awaited: string | undefined;
  private first: number | undefined;
  private last = 0;

  /** The last line was part of such a file: the next ones may be. */
  get isOpen(): boolean {
    return this.file !== undefined;
  }

  /** Reads a line; false when it belongs to no such file. */
  take(line: LogLine): boolean {
    const { text } = line;
    if (this.file === undefined && !MAY_BEGIN.test(text)) return false;
    // A number at a cut end is not believed.
    const file = text.endsWith(CUT) ? undefined : (this.begin(line) ?? this.proceed(line));
    if (file === undefined) {
      if (text.trim() !== '') this.file = undefined;
      return false;
    }
    this.file = file;
    this.first ??= line.number;
    this.last = line.number;
    return true;
  }

  /** Undefined when there was none of these files. */
  report(): StateReport | undefined {
    const { first, last, meminfo, vmstat, sysctl } = this;
    if (first === undefined) return undefined;
    const pageKb = this.pageKb();
    const slabs = this.slabs.map(({ name, pages }) => ({ name, kb: pages * pageKb }));
    return { line: first, endLine: last, pageKb, zones: this.zones.report(pageKb), meminfo, vmstat, sysctl, slabs };
  }

  /** Lines that say by themselves what they are. */
  private begin(line: LogLine): File | undefined {
    const { text } = line;
    const buddy = BUDDYINFO.exec(text);
    // The table of page blocks in pagetypeinfo has the same form with fewer numbers.
    if (buddy !== null && numbersOf(buddy[3]!).length > 6) return this.zones.blocks(zoneId(buddy), numbersOf(buddy[3]!), line.number);
    const types = PAGETYPES.exec(text);
    if (types !== null) return this.zones.typedBlocks(zoneId(types), types[3]!, numbersOf(types[4]!), line.number);
    const zone = ZONEINFO.exec(text);
    if (zone !== null) return this.zones.open(zoneId(zone), line.number);
    const value = SYSCTL.exec(text);
    if (value !== null) return put(this.sysctl, value[1]!, Number(value[2]), 'sysctl');
    const name = SYSCTL_NAME.exec(text);
    if (name !== null) {
      this.awaited = name[1]!;
      return 'sysctl';
    }
    const slab = SLABINFO.exec(text);
    if (slab !== null) return this.slab(slab[1]!, Number(slab[2]) * Number(slab[3]));
    if (SLAB_HEAD.test(text)) return 'slabinfo';
    return /^\s*MemTotal:/.test(text) || /^ ?nr_free_pages \d/.test(text) ? this.values(text) : undefined;
  }

  /** Lines that mean something only behind others of their file. */
  private proceed({ text }: LogLine): File | undefined {
    if (this.awaited !== undefined) {
      const value = NUMBER.exec(text);
      const name = this.awaited;
      this.awaited = undefined;
      if (value !== null) return put(this.sysctl, name, Number(value[1]), 'sysctl');
    }
    if (this.file === 'zones') {
      const field = ZONE_FIELD.exec(text);
      if (field !== null) return this.zones.field(field[1]!, Number(field[2]));
      const protection = PROTECTION.exec(text);
      if (protection !== null) return this.zones.protection(protection[1]!.split(', ').map(Number));
      return ZONE_REST.test(text) ? 'zones' : undefined;
    }
    return this.file === 'meminfo' || this.file === 'vmstat' ? this.values(text) : undefined;
  }

  private values(text: string): File | undefined {
    const meminfo = MEMINFO.exec(text);
    if (meminfo !== null) return put(this.meminfo, meminfo[1]!, Number(meminfo[2]), 'meminfo');
    const vmstat = VMSTAT.exec(text);
    return vmstat === null ? undefined : put(this.vmstat, vmstat[1]!, Number(vmstat[2]), 'vmstat');
  }

  private slab(name: string, pages: number): File {
    this.slabs.push({ name, pages });
    if (this.slabs.length > 2 * MOST_SLABS) this.slabs = largest(this.slabs);
    return 'slabinfo';
  }

  /** A page in kB: what meminfo counts in kB and vmstat or zoneinfo in pages. */
  private pageKb(): number {
    this.slabs = largest(this.slabs);
    const kb = this.meminfo.get('MemFree');
    const pages = this.vmstat.get('nr_free_pages') ?? this.zones.freePages();
    if (kb === undefined || pages === undefined || pages === 0) return 4;
    // Read one after the other, the two differ a little.
    return [4, 8, 16, 64].find((size) => Math.abs(kb / pages / size - 1) < 0.2) ?? 4;
  }
}

/** Words of which every first line of such a file has one. */
const MAY_BEGIN = /, zone |MemTotal:|nr_free_pages \d|vm\.[a-z_]+ ?=|\/proc\/sys\/vm\/|slabinfo - version|: slabdata|<active_objs>/;

function zoneId(match: RegExpExecArray): { readonly node: number; readonly name: string } {
  return { node: Number(match[1]), name: match[2]! };
}

function numbersOf(text: string): readonly number[] {
  return text.replace(/>\s*/g, '').trim().split(/\s+/).map(Number);
}

function put(values: Map<string, number>, name: string, value: number, file: File): File {
  if (!values.has(name) && values.size < MOST_VALUES) values.set(name, value);
  return file;
}

function largest(slabs: readonly { name: string; pages: number }[]): { name: string; pages: number }[] {
  return [...slabs].sort((a, b) => b.pages - a.pages).slice(0, MOST_SLABS);
}
