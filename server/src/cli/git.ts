import { execFileSync } from 'node:child_process';
import { parsePatch } from 'diff';
import { nameOf } from '../patch/patchText';
import { type ChangedLines, changedLines } from '../report/changedLines';
import { UserError } from './errors';

/** A diff of a whole release has some hundred megabytes. */
const MAX_OUTPUT = 400 << 20;

/**
 * What differs between a revision and the working tree below `root`: C files with their changed lines, by path relative to the root.
 * `REV...` means the point where the current branch left REV.
 */
export function changesSince(revision: string, root: string): ReadonlyMap<string, ChangedLines> {
  const { name, fork } = revisionParts(revision);
  const commit = resolve(name, revision, root);
  const base = fork ? git(root, ['merge-base', commit, 'HEAD'], `--diff ${revision}: it has no commit in common with HEAD`).trim() : commit;
  const options = ['--no-ext-diff', '--no-textconv', '--no-color', '--unified=0', '--find-renames', '--relative', '--ignore-submodules'];
  const prefixes = ['--src-prefix=a/', '--dst-prefix=b/'];
  const diff = [...withoutFilters(root), 'diff', ...options, ...prefixes, base, '--', '*.c', '*.h'];
  const text = git(root, diff, `--diff ${revision}`);
  const changes = new Map<string, ChangedLines>();
  for (const file of parsePatch(text)) {
    const path = nameOf(file.newFileName);
    if (path !== undefined) changes.set(path, changedLines(file.hunks));
  }
  return changes;
}

function revisionParts(revision: string): { readonly name: string; readonly fork: boolean } {
  const match = /^(.*?)(\.\.\.?)(.*)$/s.exec(revision);
  if (match === null) return { name: revision, fork: false };
  const [, name, dots, end] = match;
  if (dots === '...' && (end === '' || end === 'HEAD')) return { name: name!, fork: true };
  throw new UserError(
    `--diff ${revision}: give one revision to compare the working tree with, or REV... for what came since the branch left it`,
  );
}

function resolve(name: string, shown: string, root: string): string {
  try {
    git(root, ['rev-parse', '--git-dir'], '');
  } catch {
    throw new UserError(`--diff ${shown}: ${root} is not in a git repository, or git is not installed`);
  }
  return git(
    root,
    ['rev-parse', '--verify', '--quiet', '--end-of-options', `${name}^{commit}`],
    `--diff ${shown}: no such revision`,
  ).trim();
}

/**
 * Takes back the programs through which a repository's own configuration would have file contents piped (gitattributes(5), filter); those of the
 * user's configuration stay. Older versions of git cannot tell the two apart: there all of them are taken back.
 */
function withoutFilters(root: string): readonly string[] {
  const settings = filterSettings(root).filter(([scope]) => scope !== 'system' && scope !== 'global');
  return settings.flatMap(([, key]) => ['-c', `${key}=${key.endsWith('.required') ? 'false' : ''}`]);
}

/** Scope and key of each setting of a filter. */
function filterSettings(root: string): readonly (readonly [scope: string, key: string])[] {
  const list = ['config', '--null', '--name-only', '--get-regexp', '^filter\\.'];
  try {
    const words = git(root, [list[0]!, '--show-scope', ...list.slice(1)], '').split('\0');
    return words.flatMap((key, index) => (index % 2 === 1 ? [[words[index - 1]!, key] as const] : []));
  } catch {
    // Exit code 1 also says that there is none.
  }
  try {
    return git(root, list, '')
      .split('\0')
      .flatMap((key) => (key === '' ? [] : [['', key] as const]));
  } catch {
    return [];
  }
}

/** What git might start for a repository: a monitor of the file system, hooks. Without locks it does not write the index, which is what hooks wait for. */
const NOTHING_STARTED = ['-c', 'core.fsmonitor=false', '-c', 'core.hooksPath=/dev/null'];

/** Runs git without a shell and without what a repository's configuration could start; its output as latin-1, so that no byte is lost. */
function git(root: string, args: readonly string[], complaint: string): string {
  try {
    return execFileSync('git', ['-C', root, '-c', 'core.quotePath=true', ...NOTHING_STARTED, ...args], {
      env: { ...process.env, GIT_OPTIONAL_LOCKS: '0' },
      encoding: 'latin1',
      maxBuffer: MAX_OUTPUT,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  } catch (error) {
    const said = String((error as { stderr?: unknown }).stderr ?? '')
      .trim()
      .split('\n', 1)[0]!;
    throw new UserError(said === '' ? complaint : `${complaint}: ${said.replace(/^(fatal|error): /, '')}`);
  }
}
