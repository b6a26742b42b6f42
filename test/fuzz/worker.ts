import { parentPort, workerData } from 'node:worker_threads';
import { fuzz } from './loop';
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
  readonly inputs: number;
  /** A number that is raised with each input, its length, and the input itself: what hung is read from here. */
  readonly current: SharedArrayBuffer;
  readonly blocks: number;
}

const setup: FuzzSetup = workerData;
const target = TARGETS.find((one) => one.name === setup.target);
if (target === undefined) throw new Error(`no target ${setup.target}; there are ${TARGETS.map((one) => one.name).join(', ')}`);
const [head, body] = [new Int32Array(setup.current, 0, 2), new Uint8Array(setup.current, 8)];
const hits: Uint8Array = (globalThis as { __hits?: Uint8Array }).__hits!;
const begin = process.cpuUsage();

const spent = (): number => {
  const { user, system } = process.cpuUsage(begin);
  return (user + system) / 1e6;
};

fuzz({
  target,
  seed: setup.seed,
  corpus: [...seedsOf(target.name, setup.project), ...setup.corpus],
  hits,
  timed: true,
  starting: (input) => {
    const shown = input.subarray(0, body.length);
    body.set(shown);
    head[1] = shown.length;
    Atomics.add(head, 0, 1);
  },
  found: (finding) => parentPort!.postMessage({ finding }),
  kept: (input) => parentPort!.postMessage({ kept: input }),
  proceed: (inputs) => inputs < setup.inputs && (inputs % 64 !== 0 || spent() < setup.seconds),
}).then((result) => parentPort!.postMessage({ done: { ...result, seconds: spent() } }));
