import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';
import { modelOfTree, parseConfig } from '../../server/src/kernel/index';
import { ANNOTATION_HEADERS, annotationWords } from '../../server/src/program/annotations';

/** The tree that is compiled; never written to. */
export const TREE = path.join(process.env.GFP_KERNELS ?? path.join(homedir(), '.cache/kernels'), 'linux-source-6.1');

export function run(command: string, args: readonly string[], cwd: string): string {
  const { status, stdout, stderr } = spawnSync(command, args, { cwd, encoding: 'utf8', maxBuffer: 1 << 28 });
  assert.equal(status, 0, `${command}: ${stderr.slice(-2000)}`);
  return stdout;
}

/** Makes a configuration with its generated headers in a folder of its own (make O=…), x86-64. A folder that has one is taken as it is. */
export function configure(out: string, config: string): string {
  if (existsSync(path.join(out, 'scripts/mod/.empty.o.cmd'))) return out;
  mkdirSync(out, { recursive: true });
  for (const target of [config, 'prepare0']) run('make', [`O=${out}`, 'ARCH=x86_64', target], TREE);
  return out;
}

/** The compiler's arguments for a file of this configuration, from what kbuild noted for one that it has built. */
export function compilerArguments(out: string): string[] {
  const note = readFileSync(path.join(out, 'scripts/mod/.empty.o.cmd'), 'utf8').split('\n')[0]!;
  const command = note.slice(note.indexOf(':=') + 2, note.indexOf(' -c -o '));
  const unwanted = /^(-Wp,|-Werror|-fsanitize|-fasan|-pg$|-mrecord-mcount|-mfentry|gcc$)/;
  const words = command
    .trim()
    .replace(/--param\s+\S+/g, '')
    .split(/\s+/);
  return words.filter((word) => !unwanted.test(word)).map((word) => word.replace(/'/g, ''));
}

/** What the analysis needs of a configured tree. */
export function configuredTree(out: string) {
  const read = (file: string) => {
    const found = [TREE, out].map((folder) => path.join(folder, file)).find((candidate) => existsSync(candidate));
    return found === undefined ? undefined : readFileSync(found);
  };
  const config = parseConfig(readFileSync(path.join(out, '.config'), 'utf8'));
  const text = (file: string) => read(file)?.toString('utf8');
  const annotations = annotationWords(ANNOTATION_HEADERS.flatMap((file) => text(file) ?? []));
  return { read, config, model: modelOfTree({ read: text }, config), annotations };
}
