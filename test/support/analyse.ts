import { Interner } from '../../server/src/base/interner';
import { analyseFile } from '../../server/src/facts/analyseFile';
import type { FileFacts } from '../../server/src/facts/site';
import { loadModel } from '../../server/src/kernel/load';
import type { KernelModel } from '../../server/src/kernel/model';
import { parseRelease } from '../../server/src/kernel/release';
import { parseFile } from '../../server/src/syntax/parseFile';

const models = new Map<string, KernelModel>();
const interner = new Interner();

/** The model of a release from the tables, made once per release and configuration. */
export function modelFor(kernel: string, config: ReadonlyMap<string, string> = new Map()): KernelModel {
  const key = [kernel, ...[...config].map(([name, value]) => `${name}=${value}`)].join(' ');
  let model = models.get(key);
  if (!model) {
    const release = parseRelease(kernel);
    if (!release) throw new Error(`not a kernel release: ${kernel}`);
    model = loadModel({ release, config: config.size === 0 ? undefined : { value: (name) => config.get(name) } });
    models.set(key, model);
  }
  return model;
}

/** The facts of a text that stands for a file at `path`; with `linked` also what the analysis of a whole tree needs. */
export function analyseText(text: string, path: string, model: KernelModel, linked = false): FileFacts {
  return analyseFile(parseFile(path, new TextEncoder().encode(text), { interner }), model, linked);
}
