import { availableParallelism } from 'node:os';
import { InvalidArgumentError } from 'commander';
import { ruleById, rules } from '../rules/registry';
import type { Severity } from '../rules/rule';

/** The flags of `check` as the user gave them. */
export interface CheckOptions {
  readonly tree?: string;
  readonly kernel?: string;
  readonly config?: string;
  readonly format: (typeof FORMATS)[number];
  readonly jobs: number;
  readonly rule?: readonly string[];
  /** Absent: everything but hints, and hints too of rules that are asked for by name. */
  readonly minSeverity?: Severity;
  readonly possible?: boolean;
  /** Revision that the working tree is compared with. */
  readonly diff?: string;
  /** File with patches; `-` for standard input. */
  readonly patch?: string;
  readonly baseline?: string;
  readonly updateBaseline?: boolean;
  /** False: the project file is left aside. */
  readonly project?: boolean;
  /** False: nothing is taken from earlier runs, and nothing is left for later ones. */
  readonly cache?: boolean;
  readonly fix?: boolean;
  readonly fixDryRun?: boolean;
  readonly stats?: boolean;
}

export const FORMATS = ['text', 'json', 'sarif', 'github'] as const;
/** From the gravest to the least. */
export const SEVERITIES: readonly Severity[] = ['error', 'warning', 'info', 'hint'];

const MAX_JOBS = 256;

export function defaultJobs(): number {
  return availableParallelism();
}

export function parseJobs(text: string): number {
  const jobs = Number(text);
  if (!Number.isInteger(jobs) || jobs < 1 || jobs > MAX_JOBS) throw new InvalidArgumentError(`give a number from 1 to ${MAX_JOBS}.`);
  return jobs;
}

/** `id,id`, also given several times. */
export function parseRules(text: string, previous: readonly string[] = []): readonly string[] {
  const ids = text.split(',').map((id) => id.trim());
  const unknown = ids.find((id) => ruleById(id) === undefined);
  if (unknown !== undefined) {
    const near = rules.filter((rule) => unknown !== '' && (rule.id.includes(unknown) || unknown.includes(rule.id))).map((rule) => rule.id);
    const hint = near.length > 0 ? `did you mean ${near.join(' or ')}?` : '"gfp-lens rules" lists them.';
    throw new InvalidArgumentError(`there is no rule "${unknown}"; ${hint}`);
  }
  return [...previous, ...ids];
}

/** The least grave that is shown. */
export function leastSeverity({ minSeverity, rule }: Pick<CheckOptions, 'minSeverity' | 'rule'>): Severity {
  return minSeverity ?? (rule === undefined ? 'info' : 'hint');
}

export function isAtLeast(severity: Severity, least: Severity): boolean {
  return SEVERITIES.indexOf(severity) <= SEVERITIES.indexOf(least);
}
