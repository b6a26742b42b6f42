import assert from 'node:assert/strict';
import { homedir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { treeOnDisk } from '../../server/src/cli/tree';
import {
  type ContextWord,
  checkWatermark,
  configOf,
  explainMask,
  type FreeArea,
  type KernelModel,
  loadModel,
  modelOfTree,
  parseRelease,
} from '../../server/src/kernel/index';
import { FLOOR_MARK, oracleProgram } from './oracle/program';
import { compiledAnswers } from './oracle/run';

/**
 * The model against functions of the kernel itself, compiled from the sources of a tree for the time of the test: random masks, orders, sizes,
 * contexts, zones and configurations.
 */
const kernels = process.env.GFP_KERNELS || path.join(homedir(), '.cache/kernels');
const QUESTIONS = 25_000;

const COMMON = ['CONFIG_64BIT', 'CONFIG_MMU', 'CONFIG_SMP', 'CONFIG_NUMA', 'CONFIG_COMPACTION', 'CONFIG_SLUB', 'CONFIG_MEMORY_ISOLATION'];
const CONFIGURATIONS: Readonly<Record<string, readonly string[]>> = {
  distribution: ['ZONE_DMA', 'ZONE_DMA32', 'ZONE_DEVICE', 'CMA', 'MEMCG', 'MEMCG_KMEM', 'SLAB_OBJ_EXT'].map((name) => `CONFIG_${name}`),
  debug: ['ZONE_DMA32', 'CMA', 'LOCKDEP', 'KASAN_HW_TAGS', 'SLAB_OBJ_EXT'].map((name) => `CONFIG_${name}`),
  highmem: ['ZONE_DMA', 'HIGHMEM', 'CMA', 'MEMCG', 'MEMCG_KMEM'].map((name) => `CONFIG_${name}`),
  small: ['CMA'].map((name) => `CONFIG_${name}`),
};

interface Question {
  readonly mask: number;
  readonly order: number;
  readonly size: number;
  readonly context: readonly ContextWord[];
  readonly free: number;
  readonly mark: number;
  readonly lowmemReserve: number;
  readonly highatomic: number;
  readonly freeCma: number;
  /** Free blocks of the order by type: unmovable, movable, reclaimable, high-atomic, CMA. */
  readonly blocks: readonly [number, number, number, number, number];
}

type Answer = readonly [
  zone: number,
  illegal: number,
  migratetype: number,
  blocking: number,
  text: string,
  floor: number,
  nofs: number,
  noio: number,
  pin: number,
  watermark: number,
  index: number,
  family: string,
];

for (const release of ['6.1', '6.12']) {
  for (const [name, options] of Object.entries(CONFIGURATIONS)) {
    const tree = path.join(kernels, `linux-source-${release}`);
    const config = configOf(Object.fromEntries([...COMMON, ...options].map((option) => [option, true])));
    for (const model of [loadModel({ release: parseRelease(release)!, config }), modelOfTree(treeOnDisk(tree), config)]) {
      test(`${model.label}, ${name}: compiled kernel code gives the answers of the model`, () => {
        const questions = randomQuestions(model);
        const answers = ask(oracleProgram(tree, [...COMMON, ...options]), questions);
        assert.equal(answers.length, questions.length);
        for (const [index, question] of questions.entries()) compare(model, options, question, answers[index]!);
      });
    }
  }
}

function ask(program: string, questions: readonly Question[]): readonly Answer[] {
  return compiledAnswers(program, questions.map(line).join('')).map((answer) => JSON.parse(answer) as Answer);
}

function line(one: Question): string {
  const has = (word: ContextWord, value = 1) => (one.context.includes(word) ? value : 0);
  const scopes = has('nofs') | has('noio', 2) | has('pin', 4);
  const place = has('hardirq') ? 2 : has('softirq');
  const request = [one.mask, one.order, one.size, scopes, place, has('rt'), has('memalloc'), has('oom')];
  // The kernel numbers high-atomic blocks after the movable types, and CMA after them.
  return `${[...request, one.free, one.mark, one.lowmemReserve, one.highatomic, one.freeCma, ...one.blocks].join(' ')}\n`;
}

function compare(model: KernelModel, options: readonly string[], question: Question, answer: Answer): void {
  const [zone, illegal, migratetype, blocking, text, floor, nofs, noio, pin, watermark, index, family] = answer;
  const { preferred } = model.numbers;
  const bits = preferred.fromNumber(question.mask);
  const { mask: number, order, size, context } = question;
  const ours = explainMask(model, {
    input: '',
    bits,
    number,
    unknownBits: preferred.unknownBits(number),
    order,
    size,
    context,
    path: false,
  });
  const areas: FreeArea[] = Array.from({ length: order }, () => ({}));
  const [unmovable, movable, reclaimable, highatomic, cma] = question.blocks;
  areas.push({ unmovable, movable, reclaimable, highatomic, cma });
  const told = {
    zone: ours.zone,
    legal: ours.zoneLegal,
    migratetype: ours.migratetype,
    blocking: ours.mayBlock,
    text: ours.canonical,
    floor: ours.reserveFloor,
    scopes: ours.effective,
    watermark: checkWatermark(model, { ...question, areas }, { order, allocFlags: ours.allocFlags }).ok,
    bucket: ours.kmalloc!.bucket,
    family:
      /^(dma)-|^kmalloc-(rcl|cg)-/
        .exec(ours.kmalloc!.cache ?? '')
        ?.slice(1)
        .find((part) => part !== undefined) ?? '',
  };
  const hex = (value: number) => `0x${value.toString(16)}`;
  const kernel = {
    zone: zoneNames(options)[zone],
    legal: illegal === 0,
    migratetype: ['Unmovable', 'Movable', 'Reclaimable', 'HighAtomic'][migratetype],
    blocking: blocking === 1,
    text,
    // Entitled requests that ignore watermarks are not measured.
    floor: floor / FLOOR_MARK,
    scopes: { nofs: hex(nofs), noio: hex(noio), pin: hex(pin) },
    watermark: watermark === 1,
    bucket: index === 0 ? null : index < 3 ? 96 * index : 2 ** index,
    family,
  };
  assert.deepEqual(told, kernel, `${hex(number)} ${JSON.stringify(question)}`);
}

function zoneNames(options: readonly string[]): readonly string[] {
  const names = { CONFIG_ZONE_DMA: 'DMA', CONFIG_ZONE_DMA32: 'DMA32', '': 'Normal', CONFIG_HIGHMEM: 'HighMem', always: 'Movable' };
  return Object.entries(names).flatMap(([option, name]) => (!option.startsWith('CONFIG') || options.includes(option) ? [name] : []));
}

/** Half of the masks are a composite with some more flags, because random bits alone hardly ever make one. */
function randomQuestions(model: KernelModel): readonly Question[] {
  let seed = 20_240_229;
  const random = (below: number) => {
    seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((seed / 2 ** 32) * below);
  };
  const composites = model.flags.composites.map((composite) => model.numbers.preferred.toNumber(composite.bits));
  const words: readonly ContextWord[] = ['nofs', 'noio', 'pin', 'softirq', 'hardirq', 'rt', 'memalloc', 'oom'];
  const some = (below: number) => (random(2) === 0 ? 0 : random(below));
  return Array.from({ length: QUESTIONS }, () => {
    let mask = random(2) === 0 ? composites[random(composites.length)]! : random(2) === 0 ? random(2 ** 32) : 0;
    for (let more = random(6); more > 0; more--) mask |= 1 << random(28);
    return {
      mask: mask >>> 0,
      order: random(11),
      size: some(2 ** (3 + random(12))),
      context: words.filter(() => random(5) === 0),
      free: random(4000),
      mark: random(3000),
      lowmemReserve: some(1000),
      highatomic: some(500),
      // A kernel without CMA has no such pages.
      freeCma: some(800),
      blocks: [some(3), some(3), some(3), some(3), some(3)] as const,
    };
  });
}
