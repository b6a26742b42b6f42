import { Interner } from '../base/interner';
import { createHeaders } from '../facts/headers/headers';
import type { IncludeNotes } from '../facts/headers/includeNotes';
import {
  type KernelConfig,
  type KernelModel,
  loadModel,
  modelOfTree,
  newestRelease,
  parseAutoconf,
  parseConfig,
  type Release,
  type SourceTree,
  type TreeReader,
} from '../kernel/index';
import type { RuleSettings } from '../rules/run';
import type { BranchOracle } from '../syntax/sourceFile';
import type { AnalysisContext } from './analyseSource';
import { ANNOTATION_HEADERS, annotationWords } from './annotations';

export interface TreeRequest {
  /** The kernel tree that the files belong to, if any. */
  readonly tree: SourceTree | undefined;
  /** The release to assume in place of the tree's own. */
  readonly release: Release | undefined;
  /** In place of the tree's own configuration. */
  readonly config: KernelConfig | undefined;
  readonly rules: RuleSettings;
  /** Hears which headers the analysis of files rests on. */
  readonly notes?: IncludeNotes | undefined;
}

/**
 * What the analysis of a tree's files needs: the model from its headers, its annotation words, its configuration. Without
 * a tree the newest release that is known.
 */
export function treeContext({ tree, release, config, rules, notes }: TreeRequest): AnalysisContext {
  const chosen = config ?? (tree === undefined ? undefined : configOfTree(tree));
  const headers = tree === undefined ? [] : ANNOTATION_HEADERS.flatMap((path) => tree.read(path) ?? []);
  const model = modelFor(tree, release, chosen);
  const annotations = annotationWords(headers);
  const branches = chosen === undefined ? undefined : branchesOf(chosen);
  return {
    model,
    interner: new Interner(),
    annotations,
    branches,
    headers: tree === undefined ? undefined : createHeaders({ read: (path) => tree.readBytes(path), model, branches, annotations, notes }),
    rules,
  };
}

function modelFor(tree: TreeReader | undefined, release: Release | undefined, config: KernelConfig | undefined): KernelModel {
  if (release !== undefined || tree === undefined) return loadModel({ release: release ?? newestRelease(), config });
  return modelOfTree(tree, config);
}

/** The configuration a tree was set up with, if it was: what the last build used, or `.config`. */
function configOfTree(tree: TreeReader): KernelConfig | undefined {
  const text = tree.read('.config');
  if (text !== undefined) return parseConfig(text);
  const autoconf = tree.read('include/generated/autoconf.h');
  return autoconf === undefined ? undefined : parseAutoconf(autoconf);
}

/** Decides `#ifdef CONFIG_X` as the preprocessor does: an option that the configuration does not name is not defined. */
export function branchesOf(config: KernelConfig): BranchOracle {
  return {
    configDefined: (name) => {
      const value = config.value(name);
      if (value !== undefined) return value !== 'n' && value !== 'm';
      return name.endsWith('_MODULE') && config.value(name.slice(0, -'_MODULE'.length)) === 'm';
    },
  };
}
