import { readdirSync, realpathSync } from 'node:fs';
import { join, sep } from 'node:path';
import { logSource } from '../ide/logSource';
import type { FailureExplanation } from '../log/index';
import type { AnalysisContext } from '../program/analyseSource';
import { type FunctionPlace, findFunction, type SourceTree } from '../program/functionSearch';
import { type LogSourceRecord, logSourceRecord } from '../report/logSourceRecord';
import { DEFAULT_RULE_SETTINGS } from '../rules/run';
import { analysisContext } from './context';
import { readRegular } from './readRegular';

/** Finds the callers of failures in a kernel tree. The tree is listed once; its files are read only until a function is found. */
export class SourceFinder {
  private readonly files: SourceTree;
  private readonly known = new Map<string, FunctionPlace | undefined>();
  private context: AnalysisContext | undefined;

  constructor(private readonly root: string) {
    this.files = treeFiles(root);
  }

  /** Undefined when the trace names no caller, or the tree does not have it. */
  locate(failure: FailureExplanation): LogSourceRecord | undefined {
    const { site } = failure;
    if (site === undefined) return undefined;
    const key = `${site.module ?? ''} ${site.function}`;
    if (!this.known.has(key)) this.known.set(key, findFunction(this.files, site.function, site.module));
    const place = this.known.get(key);
    if (place === undefined) return undefined;
    this.context ??= analysisContext({ tree: this.root, kernel: undefined, config: undefined, rules: DEFAULT_RULE_SETTINGS });
    return logSourceRecord(logSource(failure, place, this.context), this.context.model);
  }
}

function treeFiles(root: string): SourceTree {
  let listed: readonly string[] | undefined;
  return {
    files: () => {
      listed ??= readdirSync(realpathSync(root), { recursive: true, encoding: 'utf8' })
        .filter((name) => name.endsWith('.c'))
        .map((name) => name.replaceAll(sep, '/'));
      return listed;
    },
    read: (path) => {
      try {
        return readRegular(join(root, path));
      } catch {
        return undefined;
      }
    },
  };
}
