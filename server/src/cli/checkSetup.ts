import type { Baseline } from '../program/baseline';
import type { Project } from '../program/project';
import { readBaseline } from './baseline';
import type { CheckOptions } from './checkOptions';
import { type ContextSetup, checkedKernel, configText } from './context';
import { UserError } from './errors';
import { realPath, shownPath } from './paths';
import { foldersOf, loadProject } from './project';
import { readRegular } from './readRegular';
import { rootOf } from './tree';

/** What a run of `check` is to do. */
export interface CheckSetup {
  readonly context: ContextSetup;
  /** The kernel tree, or the current folder: the paths of findings are relative to it. */
  readonly root: string;
  readonly baselinePath: string | undefined;
  /** Findings to leave out; undefined when there is no baseline, or when it is to be made anew. */
  readonly known: Baseline | undefined;
}

/** Reads the tree and its project file; what the options say goes before both. Throws {@link UserError} for a wrong request. */
export function checkSetup(given: readonly string[], options: CheckOptions): CheckSetup {
  const around = rootOf(options.tree, given);
  const project = options.project === false ? undefined : loadProject(around && realPath(around), given[0]!, shownPath);
  const outside = project?.tree === undefined ? undefined : rootOf(project.tree, [], `${shownPath(project.path)}: "tree"`);
  const tree = around ?? outside;
  const kernel = options.kernel === undefined ? project?.kernel : checkedKernel(options.kernel);
  const config = options.config ?? project?.config;
  const root = tree === undefined ? realPath('.') : realPath(tree);
  const rules = {
    severities: new Map(),
    folders: project === undefined ? [] : foldersOf(project, root),
    enabled: options.rule === undefined ? undefined : new Set(options.rule),
    possible: options.possible ?? project?.possible ?? false,
    suppressed: options.format === 'sarif',
  };
  const context = {
    tree: tree && root,
    kernel,
    config: config === undefined ? undefined : configText(config, options.config === undefined ? readRegular : undefined),
    rules,
  };
  const baselinePath = options.baseline ?? project?.baselinePath;
  if (options.updateBaseline === true && baselinePath === undefined) throw new UserError('--update-baseline needs --baseline FILE');
  const known = options.updateBaseline === true ? undefined : knownFindings(options.baseline, project);
  return { context, root, baselinePath, known };
}

function knownFindings(path: string | undefined, project: Project | undefined): Baseline | undefined {
  return path === undefined ? project?.baseline : readBaseline(path);
}
