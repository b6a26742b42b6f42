import { parentPort, workerData } from 'node:worker_threads';
import { fuzz } from './loop';
import { Random } from './random';
import { seedsOf } from './seeds';
import { TARGETS } from './targets';

/** What a run is started with. */
export interface FuzzSetup {
  readonly target: string;
  readonly seed: number;
  /** CPU time, seconds; with `inputs` whichever comes first. */
  readonly seconds: number;
  /** The folder of the project. */
  readonly project: string;
  /** First inputs beside those of the project. */
  readonly corpus: readonly Uint8Array[];
  /** The words of the program's sources, by file. */
  readonly words: ReadonlyMap<string, readonly string[]>;
  readonly inputs: number;
  /** How many blocks the program has counters for. */
  readonly blocks: number;
  /** A number that is raised with each input, its length, and the input itself: what hung is read from here. */
  readonly current: SharedArrayBuffer;
  /** Only this input, again and again, instead of a search. */
  readonly replayed?: Uint8Array;
}

const setup: FuzzSetup = workerData;
const target = TARGETS.find((one) => one.name === setup.target);
if (target === undefined) throw new Error(`no target ${setup.target}; there are ${TARGETS.map((one) => one.name).join(', ')}`);
const [head, body] = [new Int32Array(setup.current, 0, 2), new Uint8Array(setup.current, 8)];
const hits = (globalThis as { __hits?: Uint8Array }).__hits!.subarray(0, (setup.blocks + 3) & ~3);
const begin = process.cpuUsage();

const spent = (): number => {
  const { user, system } = process.cpuUsage(begin);
  return (user + system) / 1e6;
};

const starting = (input: Uint8Array): void => {
  const shown = input.subarray(0, body.length);
  body.set(shown);
  head[1] = shown.length;
  Atomics.add(head, 0, 1);
};

const { replayed } = setup;
if (replayed !== undefined) void again(replayed);
else
  fuzz({
    target,
    seed: setup.seed,
    corpus: [...seedsOf(target.name, setup.project), ...setup.corpus],
    words: [...setup.words].flatMap(([file, words]) => (target.sources?.some((source) => file.startsWith(source)) ? words : [])),
    hits,
    timed: true,
    starting,
    found: (finding) => parentPort!.postMessage({ finding }),
    kept: (input) => parentPort!.postMessage({ kept: input }),
    proceed: (inputs) => inputs < setup.inputs && (inputs % 64 !== 0 || spent() < setup.seconds),
  }).then((result) => parentPort!.postMessage({ done: result }));

/** The quickest of several runs, milliseconds of processor time. */
async function again(input: Uint8Array): Promise<void> {
  let best = Number.POSITIVE_INFINITY;
  for (let inputs = 0; inputs < setup.inputs && spent() < setup.seconds; inputs++) {
    starting(input);
    const from = spent();
    try {
      await target!.run(input, new Random(setup.seed + inputs));
    } catch (error) {
      parentPort!.postMessage({ finding: { kind: 'throws', input, message: error instanceof Error ? error.stack : String(error) } });
      break;
    }
    best = Math.min(best, (spent() - from) * 1000);
  }
  parentPort!.postMessage({ done: { best } });
}
