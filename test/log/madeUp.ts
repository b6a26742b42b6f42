import assert from 'node:assert/strict';
import { type FailureRecord, readLog } from '../../server/src/log/index';

/** A zone as a report prints it, in kB; `blocks` from order 0 upward, with the lists they are on. */
export interface Zone {
  readonly name: string;
  readonly free: number;
  readonly min: number;
  readonly low: number;
  readonly high?: number;
  readonly managed?: number;
  readonly boost?: number;
  /** 0 when absent. */
  readonly node?: number;
  readonly cma?: number;
  readonly highatomic?: number;
  readonly blocks: readonly (readonly [count: number, lists: string])[];
  /** Four zeros when absent; none at all with `[]`. */
  readonly reserves?: readonly number[];
}

export interface Machine {
  /** Pages of the whole machine, by the counters. */
  readonly counters?: Readonly<Record<string, number>>;
  readonly release?: string;
  /** The functions of the trace, the innermost first. */
  readonly trace?: readonly string[];
  /** Lines behind the zones. */
  readonly totals?: readonly string[];
  /** What stands behind the mask. */
  readonly nodes?: string;
}

const COUNTERS = { active_anon: 56, inactive_anon: 3262, free: 1000, free_pcp: 34, free_cma: 0 };

/** The report of a page allocation failure as a 6.12 kernel with 4 kB pages prints it. `request`: `order:0, mode:0xcc0(GFP_KERNEL)`. */
export function report(request: string, zones: readonly Zone[], machine: Machine = {}): string {
  const {
    counters = {},
    release = '6.12.0',
    trace = [],
    totals = ['2061312 pages RAM'],
    nodes = 'nodemask=(null),cpuset=/,mems_allowed=0',
  } = machine;
  const place = ({ node = 0, name }: Zone): string => `Node ${node} ${name}`;
  return [
    `[    1.000000] probe: page allocation failure: ${request}, ${nodes}`,
    `[    1.000001] CPU: 0 UID: 0 PID: 9 Comm: probe Not tainted ${release} #1`,
    ...(trace.length === 0 ? [] : ['Call Trace:', ...trace.map((name) => ` ${name}+0x1/0x2`)]),
    'Mem-Info:',
    Object.entries({ ...COUNTERS, ...counters })
      .map(([name, pages]) => `${name}:${pages}`)
      .join(' '),
    ...zones.flatMap((zone) => [
      `${place(zone)} free:${zone.free}kB boost:${zone.boost ?? 0}kB min:${zone.min}kB low:${zone.low}kB${zone.high === undefined ? '' : ` high:${zone.high}kB`} reserved_highatomic:${zone.highatomic ?? 0}KB free_highatomic:${zone.highatomic ?? 0}KB active_anon:0kB inactive_anon:0kB present:970752kB managed:${zone.managed ?? 880_012}kB free_cma:${zone.cma ?? 0}kB`,
      ...(zone.reserves?.length === 0 ? [] : [`lowmem_reserve[]: ${(zone.reserves ?? [0, 0, 0, 0]).join(' ')}`]),
    ]),
    ...zones.map((zone) => {
      const cells = Array.from({ length: 11 }, (_, order) => {
        const [count, lists] = zone.blocks[order] ?? [0, ''];
        return `${count}*${4 << order}kB${count > 0 && lists !== '' ? ` (${lists})` : ''}`;
      });
      return `${place(zone)}: ${cells.join(' ')} = ${zone.free}kB`;
    }),
    '1909321 total pagecache pages',
    ...totals,
    '',
  ].join('\n');
}

/** The lines that the reports of each kind begin with. */
export const PAGE = 'a: page allocation failure: order:2, mode:0xcc0(GFP_KERNEL), nodemask=(null)';
export const OOM = 'java invoked oom-killer: gfp_mask=0x100cca(GFP_HIGHUSER_MOVABLE), order=0, oom_score_adj=0';
export const SLEEP = 'BUG: sleeping function called from invalid context at mm/slab.h:565';
export const SLUB = 'SLUB: Unable to allocate memory on node -1, gfp=0x820(GFP_ATOMIC)';
export const CYCLE = 'WARNING: possible circular locking dependency detected';

export function text(...lines: readonly string[]): string {
  return `${lines.join('\n')}\n`;
}

/** The record of a text that holds just one. */
export function only(...lines: readonly string[]): FailureRecord {
  const records = readLog(text(...lines));
  assert.equal(records.length, 1);
  return records[0]!;
}

/** The function that asked for the memory in page-5.15.0-order6-veth.log. */
export const VETH_ALLOCATES = [
  'static int veth_alloc_queues(struct net_device *dev)',
  '{',
  '\tstruct veth_priv *priv = netdev_priv(dev);',
  '',
  '\tpriv->rq = kcalloc(dev->num_rx_queues, sizeof(*priv->rq), GFP_KERNEL);',
  '\treturn priv->rq ? 0 : -ENOMEM;',
  '}',
  '',
].join('\n');
