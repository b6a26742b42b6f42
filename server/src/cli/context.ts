import { readFileSync } from 'node:fs';
import type { IncludeNotes } from '../facts/headers/includeNotes';
import { parseAutoconf, parseConfig, parseRelease, whyUnknown } from '../kernel/index';
import type { AnalysisContext } from '../program/analyseSource';
import { treeContext } from '../program/treeContext';
import type { RuleSettings } from '../rules/run';
import { reasonOf, UserError } from './errors';
import { treeOnDisk } from './tree';

/** What an analysis context is made from: plain values, so that each worker makes its own. */
export interface ContextSetup {
  /** Absolute path of the kernel tree. */
  readonly tree: string | undefined;
  /** `X.Y[.Z]` in place of the tree's release; checked before. */
  readonly kernel: string | undefined;
  /** Text of a `.config` or `autoconf.h` in place of the tree's. */
  readonly config: string | undefined;
  readonly rules: RuleSettings;
}

/** `notes` hears which headers the analysis of files rests on. */
export function analysisContext({ tree, kernel, config, rules }: ContextSetup, notes?: IncludeNotes): AnalysisContext {
  return treeContext({
    tree: tree === undefined ? undefined : treeOnDisk(tree),
    release: kernel === undefined ? undefined : parseRelease(kernel),
    config: config === undefined ? undefined : readConfig(config),
    rules,
    notes,
  });
}

function readConfig(text: string): ReturnType<typeof parseConfig> {
  return /^#define CONFIG_/m.test(text) ? parseAutoconf(text) : parseConfig(text);
}

/** Checks the value of `--kernel`. */
export function checkedKernel(text: string): string {
  const release = parseRelease(text);
  if (release === undefined) throw new UserError(`--kernel ${text}: not a kernel release; write it like 6.1 or 6.12.117`);
  const unknown = whyUnknown(release);
  if (unknown !== undefined) throw new UserError(`--kernel ${text}: ${unknown}`);
  return text;
}

/** The text of the file given with `--config`, which may be a pipe, or named by a project file, which may not. */
export function configText(path: string, read: (path: string) => Buffer = readFileSync): string {
  let text: string;
  try {
    text = read(path).toString('utf8');
  } catch (error) {
    throw new UserError(`--config ${path}: ${reasonOf(error)}`);
  }
  if (!/CONFIG_\w+/.test(text)) throw new UserError(`--config ${path}: is not a kernel configuration (it names no CONFIG_ option)`);
  return text;
}
