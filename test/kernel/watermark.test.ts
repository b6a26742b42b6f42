import assert from 'node:assert/strict';
import { homedir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { treeOnDisk } from '../../server/src/cli/tree';
import { configOf, formatRelease, isBefore, type KernelModel, modelOfTree } from '../../server/src/kernel/index';
import { explainFailure, readLog } from '../../server/src/log/index';
import { oracleProgram } from './oracle/program';
import { compiledAnswers } from './oracle/run';

/**
 * The whole way from the text of a failure report to the verdict of a zone, against the watermark test of the kernel itself, compiled from the sources of a
 * tree: random zones, masks and orders, printed as that kernel prints them.
 */
const kernels = process.env.GFP_KERNELS || path.join(homedir(), '.cache/kernels');
const ZONES = 10_000;
const ORDERS = 11;
const PAGE_KB = 4;
/** x86-64 without ZONE_DEVICE: four zones. */
const OPTIONS = ['64BIT', 'MMU', 'SMP', 'NUMA', 'COMPACTION', 'SLUB', 'MEMORY_ISOLATION', 'ZONE_DMA', 'ZONE_DMA32', 'CMA'].map(
  (name) => `CONFIG_${name}`,
);
/** In the order of enum migratetype. */
const LETTERS = ['U', 'M', 'E', 'H', 'C', 'I'];

/** All sizes in pages. */
interface Zone {
  readonly mask: number;
  readonly order: number;
  readonly free: number;
  readonly min: number;
  readonly lowmemReserve: readonly number[];
  readonly reservedHighatomic: number;
  readonly freeHighatomic: number;
  readonly freeCma: number;
  /** Free blocks by order, and by type in the order of the letters. */
  readonly blocks: readonly (readonly number[])[];
}

const MAIN = `
int main(void)
{
	unsigned int mask, order; long free, mark, reserved, freehigh, cma;
	while (scanf("%u %u %ld %ld %ld %ld %ld", &mask, &order, &free, &mark, &reserved, &freehigh, &cma) == 7) {
		struct zone zone;
		memset(&zone, 0, sizeof(zone));
		for (int i = 0; i < MAX_NR_ZONES; i++) if (scanf("%ld", &zone.lowmem_reserve[i]) != 1) return 1;
		for (int o = 0; o < ${ORDERS}; o++)
			for (int type = 0; type < MIGRATE_TYPES; type++) {
				long blocks;
				if (scanf("%ld", &blocks) != 1) return 1;
				zone.free_area[o].count[type] = blocks;
				zone.free_area[o].nr_free += blocks;
			}
		zone.nr_reserved_highatomic = reserved;
		zone.nr_free_highatomic = freehigh;
		zone.cma = cma;
		bugs = 0;
		int highest = gfp_zone(mask);
		unsigned int alloc = gfp_to_alloc_flags(mask, order);
		printf("%d %d\\n", bugs, __zone_watermark_ok(&zone, order, mark, highest, alloc, free));
	}
	return 0;
}
`;

for (const release of ['6.1', '6.12']) {
  test(`Linux ${release}: ${ZONES} random zones in reports are judged as the kernel judges them`, () => {
    const config = configOf(Object.fromEntries(OPTIONS.map((option) => [option, true])));
    const tree = path.join(kernels, `linux-source-${release}`);
    const model = modelOfTree(treeOnDisk(tree), config);
    const zones = randomZones(model);
    const program = oracleProgram(tree, OPTIONS, MAIN);
    const answers = compiledAnswers(program, zones.map(question).join(''));
    assert.equal(answers.length, ZONES);
    let passing = 0;
    for (const [index, zone] of zones.entries()) {
      const [illegal, passes] = answers[index]!.split(' ');
      if (illegal !== '0') continue;
      const text = report(zone, model);
      const [record] = readLog(text);
      const [judged] = explainFailure(record!).zones;
      assert.equal(judged?.verdict === 'passes', passes === '1', `${judged?.verdict}: ${judged?.reason}\n${text}`);
      if (passes === '1') passing++;
    }
    // Both answers must be frequent, or nothing was compared.
    assert.ok(passing > ZONES / 10 && passing < (ZONES * 9) / 10, `${passing} pass`);
  });
}

function question(zone: Zone): string {
  const { mask, order, free, min, reservedHighatomic, freeHighatomic, freeCma, lowmemReserve, blocks } = zone;
  return `${[mask, order, free, min, reservedHighatomic, freeHighatomic, freeCma, ...lowmemReserve, ...blocks.flat()].join(' ')}\n`;
}

/** The report as the kernel prints it (warn_alloc() and show_free_areas()). */
function report(zone: Zone, model: KernelModel): string {
  const kb = (pages: number) => pages * PAGE_KB;
  const { preferred } = model.numbers;
  const counted = isBefore(model.release, 6, 12) ? '' : ` free_highatomic:${kb(zone.freeHighatomic)}KB`;
  const cells = zone.blocks.map((counts, order) => {
    const letters = LETTERS.filter((_, type) => counts[type]! > 0).join('');
    return `${counts.reduce((sum, one) => sum + one, 0)}*${kb(2 ** order)}kB${letters === '' ? '' : ` (${letters})`}`;
  });
  const total = zone.blocks.reduce((sum, counts, order) => sum + counts.reduce((all, one) => all + one, 0) * kb(2 ** order), 0);
  return [
    `sample: page allocation failure: order:${zone.order}, mode:0x${zone.mask.toString(16)}(${preferred.print(zone.mask)}), nodemask=(null),cpuset=/,mems_allowed=0`,
    `CPU: 0 PID: 1 Comm: sample Not tainted ${formatRelease(model.release)}-sample #1`,
    'Mem-Info:',
    `Node 0 DMA32 free:${kb(zone.free)}kB boost:0kB min:${kb(zone.min)}kB low:${kb(zone.min + 10)}kB high:${kb(zone.min + 20)}kB reserved_highatomic:${kb(zone.reservedHighatomic)}KB${counted} active_anon:0kB present:800000kB managed:700000kB mlocked:0kB bounce:0kB free_pcp:0kB local_pcp:0kB free_cma:${kb(zone.freeCma)}kB`,
    `lowmem_reserve[]: ${zone.lowmemReserve.join(' ')}`,
    `Node 0 DMA32: ${cells.join(' ')} = ${total}kB`,
    '',
  ].join('\n');
}

function randomZones(model: KernelModel): readonly Zone[] {
  let seed = 19_910_825;
  const random = (below: number): number => {
    seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((seed / 2 ** 32) * below);
  };
  const some = (below: number): number => (random(2) === 0 ? 0 : random(below));
  const { preferred } = model.numbers;
  // A request for ZONE_DMA never gets to this zone, and one with __GFP_MEMALLOC is not tested at all.
  const usable = model.flags.names.filter((name) => !['__GFP_DMA', '__GFP_MEMALLOC'].includes(name)).map((name) => model.flags.bits(name)!);
  const composites = model.flags.composites.map(({ bits }) => bits & ~model.flags.bitsOf('__GFP_DMA'));
  return Array.from({ length: ZONES }, () => {
    let bits = composites[random(composites.length)]!;
    for (let more = random(5); more > 0; more--) bits |= usable[random(usable.length)]!;
    const order = random(ORDERS);
    const freeHighatomic = some(500);
    return {
      mask: preferred.toNumber(bits),
      order,
      free: random(4000),
      min: random(2500),
      lowmemReserve: [0, 0, some(800), some(1600)],
      reservedHighatomic: freeHighatomic + some(500),
      freeHighatomic,
      freeCma: some(800),
      blocks: Array.from({ length: ORDERS }, () => LETTERS.map(() => (random(12) === 0 ? random(4) : 0))),
    };
  });
}
