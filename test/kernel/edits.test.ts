import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { Interner } from '../../server/src/base/interner';
import { finish } from '../../server/src/base/steps';
import { createHeaders } from '../../server/src/facts/headers/headers';
import { filesBelow } from '../../server/src/lsp/node/filesBelow';
import { analyseAmongNeighbours } from '../../server/src/program/analyseAmongNeighbours';
import { type AnalysisContext, analyseSource } from '../../server/src/program/analyseSource';
import { applyEdits } from '../../server/src/program/edits';
import { branchesOf } from '../../server/src/program/treeContext';
import type { Fix } from '../../server/src/rules/rule';
import { DEFAULT_RULE_SETTINGS } from '../../server/src/rules/run';
import { compilerArguments, configure, configuredTree, TREE } from './kbuild';

/**
 * Edits at random places of the tree, applied to copies and compiled: whatever a fix does, the file must still compile. Files that do not compile
 * in this configuration as they are (another architecture, generated headers of a subsystem) are passed over. GFP_BUILD names a folder that keeps
 * the configuration between runs.
 */
const scratch = mkdtempSync(path.join(tmpdir(), 'gfp-lens-edits-'));
after(() => rmSync(scratch, { recursive: true, force: true }));

const EDITS = 40;
/** So that one frequent rule does not crowd out the others. */
const MAX_PER_RULE = 10;
const FOLDERS = ['block', 'crypto', 'drivers', 'fs', 'ipc', 'kernel', 'lib', 'mm', 'net', 'security', 'sound'];
const SEED = 20240601;

interface Edit {
  readonly file: string;
  readonly rule: string;
  readonly fix: Fix;
}

/** Numbers in [0, 1) that are the same in every run. */
function randomNumbers(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

function sourcesBelow(folder: string): string[] {
  return readdirSync(path.join(TREE, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.c'))
    .map((name) => path.join(folder, name))
    .sort();
}

function shuffled(files: string[]): string[] {
  const random = randomNumbers(SEED);
  for (let at = files.length - 1; at > 0; at--) {
    const other = Math.floor(random() * (at + 1));
    [files[at], files[other]] = [files[other]!, files[at]!];
  }
  return files;
}

/** One fix from each file that has any, the files in random order. */
function* editsOf(context: AnalysisContext): Generator<Edit> {
  const random = randomNumbers(SEED + 1);
  const perRule = new Map<string, number>();
  for (const file of shuffled(FOLDERS.flatMap(sourcesBelow))) {
    const below = (folder: string) => filesBelow(TREE, folder)?.filter((one) => one.path !== file);
    const { facts } = analyseSource(file, readFileSync(path.join(TREE, file)), context);
    const { findings } = finish(analyseAmongNeighbours(facts, context, { verdicts: undefined, below }));
    const fixes = findings.flatMap(({ rule, fixes = [] }) => fixes.map((fix) => ({ file, rule, fix })));
    const open = fixes.filter(({ rule }) => (perRule.get(rule) ?? 0) < MAX_PER_RULE);
    if (open.length === 0) continue;
    const edit = open[Math.floor(random() * open.length)]!;
    perRule.set(edit.rule, (perRule.get(edit.rule) ?? 0) + 1);
    yield edit;
  }
}

/** The texts that an edit leaves, by file. */
function edited({ file, fix }: Edit): Map<string, Uint8Array> {
  const files = new Set(fix.edits.map((edit) => edit.path ?? file));
  return new Map(
    [...files].map((one) => [
      one,
      applyEdits(
        readFileSync(path.join(TREE, one)),
        fix.edits.filter((edit) => (edit.path ?? file) === one),
      ),
    ]),
  );
}

/** What gcc says against a text in the place of a file; empty when it compiles. */
function complaint(out: string, file: string, text: Uint8Array): string {
  const copy = path.join(scratch, 'copy', file);
  mkdirSync(path.dirname(copy), { recursive: true });
  writeFileSync(copy, text);
  const folder = path.join(TREE, path.dirname(file));
  const name = path.basename(file, '.c').replace(/\W/g, '_');
  const defines = [`-DKBUILD_MODNAME="${name}"`, `-DKBUILD_BASENAME="${name}"`, `-D__KBUILD_MODNAME=kmod_${name}`, '-DMODULE'];
  const above = [folder, path.dirname(folder), path.join(folder, 'include'), path.join(path.dirname(folder), 'include')].map(
    (one) => `-I${one}`,
  );
  const args = [...compilerArguments(out), '-w', '-fsyntax-only', '-iquote', folder, ...above, ...defines, copy];
  const { status, stderr } = spawnSync('gcc', args, { cwd: out, encoding: 'utf8', maxBuffer: 1 << 26 });
  return status === 0 ? '' : stderr;
}

test(`${EDITS} edits leave files that compile (allmodconfig, x86-64)`, (report) => {
  const out = configure(process.env.GFP_BUILD ?? path.join(scratch, 'allmodconfig'), 'allmodconfig');
  const { read, config, model, annotations } = configuredTree(out);
  const branches = branchesOf(config);
  const headers = createHeaders({ read, model, branches, annotations });
  const context = { model, interner: new Interner(), annotations, branches, headers, rules: { ...DEFAULT_RULE_SETTINGS, possible: true } };
  const broken: string[] = [];
  const tried = new Map<string, number>();
  let count = 0;
  for (const edit of editsOf(context)) {
    const worse = [...edited(edit)].flatMap(([file, text]) => {
      const after = file.endsWith('.c') ? complaint(out, file, text) : '';
      if (after === '') return [];
      return complaint(out, file, readFileSync(path.join(TREE, file))) === ''
        ? [`${edit.rule} "${edit.fix.title}" in ${file}\n${after}`]
        : [''];
    });
    if (worse.includes('')) continue;
    broken.push(...worse);
    tried.set(edit.rule, (tried.get(edit.rule) ?? 0) + 1);
    if (++count === EDITS) break;
  }
  report.diagnostic(`${count} edits: ${[...tried].map(([rule, times]) => `${rule} ${times}`).join(', ')}`);
  assert.deepEqual(broken, []);
  assert.equal(count, EDITS);
});
