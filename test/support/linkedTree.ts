import { Interner } from '../../server/src/base/interner';
import { analyseFile } from '../../server/src/facts/analyseFile';
import type { Verdicts } from '../../server/src/facts/linkage/verdict';
import { type FieldReport, fieldReports } from '../../server/src/facts/memory';
import type { FileFacts } from '../../server/src/facts/site';
import { analyseProgram } from '../../server/src/program/link/analyseProgram';
import { FieldInquiry, type OpenFile } from '../../server/src/program/link/fieldInquiry';
import { fieldQuestions } from '../../server/src/program/link/fieldQuestions';
import { type FieldVerdicts, fieldVerdicts, markFrees } from '../../server/src/program/link/fieldVerdicts';
import { ProgramGraph } from '../../server/src/program/link/graph';
import { handoverQuestions } from '../../server/src/program/link/handoverQuestions';
import { type Shard, ShardWriter } from '../../server/src/program/link/shard';
import type { Finding } from '../../server/src/rules/rule';
import { DEFAULT_RULE_SETTINGS, type RuleSettings, runRules } from '../../server/src/rules/run';
import { parseFile } from '../../server/src/syntax/parseFile';
import { modelFor } from './analyse';
import { readFixture } from './fixture';
import { compare } from './ruleRunner';

/** The files of a small kernel tree: path below its root to text. */
export type TreeFiles = Readonly<Record<string, string>>;

export interface TreeOptions {
  /** The files are the whole tree: what no file of it does, nobody does. True by default. */
  readonly complete?: boolean;
  /** Shards that the files are dealt to in turn, each with an interner of its own as threads have; 1 by default. */
  readonly shards?: number;
}

/** A tree after both rounds: its files' facts, and what is known of their calls from all of them. */
export interface LinkedTree {
  readonly facts: ReadonlyMap<string, FileFacts>;
  readonly verdicts: Verdicts;
  readonly fields: FieldVerdicts;
}

const KERNEL = '6.12';
/** One for each shard; made once, because the names of the model are added to every new one. */
const interners: Interner[] = [];

/** Analyses the files of a tree, in the order in which they are given, and puts them together. */
export function linkTree(files: TreeFiles, { complete = true, shards = 1 }: TreeOptions = {}): LinkedTree {
  const model = modelFor(KERNEL);
  const facts = new Map<string, FileFacts>();
  const graph = ProgramGraph.of(shardsOf(files, shards, facts));
  const reports = askForFields(graph, facts, complete);
  markFrees(graph, reports);
  const verdicts = analyseProgram(graph, model, complete);
  return { facts, verdicts, fields: fieldVerdicts(reports, { calls: verdicts, possible: true }) };
}

/** As the command line does: files are asked about the members that matter in them. */
function askForFields(graph: ProgramGraph, facts: ReadonlyMap<string, FileFacts>, complete: boolean): FieldReport[] {
  const inquiry = new FieldInquiry(
    [...fieldQuestions(graph, true), ...handoverQuestions(graph, complete)],
    { possible: true, complete },
    new Map(),
  );
  const ask = (open: readonly OpenFile[]): void => {
    for (const { path, members } of open) inquiry.hear(path, members, fieldReports(facts.get(path)!, modelFor(KERNEL), members));
  };
  ask(inquiry.first());
  ask(inquiry.rest(inquiry.doubtfulFolders(), facts.keys()));
  return [...inquiry.answers().values()].flatMap(({ reports }) => reports);
}

export function shardsOf(files: TreeFiles, count: number, facts: Map<string, FileFacts>): Shard[] {
  while (interners.length < count) interners.push(new Interner());
  const writers = interners.slice(0, count).map((interner) => new ShardWriter(interner));
  Object.entries(files).forEach(([path, text], index) => {
    const interner = interners[index % count]!;
    const found = analyseFile(parseFile(path, new TextEncoder().encode(text), { interner }), modelFor(KERNEL), true);
    facts.set(path, found);
    writers[index % count]!.add(path, found.linkage!);
  });
  return writers.map((writer) => writer.take());
}

/** Why calls of a tree could not be followed, once for each. */
export function gapsOf(files: TreeFiles): readonly string[] {
  const heard: string[] = [];
  analyseProgram(ProgramGraph.of(shardsOf(files, 1, new Map())), modelFor(KERNEL), true, (reason) => heard.push(reason));
  return heard;
}

/** The verdicts as lines: `fs/a.c:3 atomic definite: reason`, below each its steps; files and calls in order. */
export function verdictLines({ facts, verdicts }: LinkedTree): string[] {
  const place = (path: string, offset: number) => `${path}:${facts.get(path)!.file.lines.lineOf(offset) + 1}`;
  return [...verdicts.keys()]
    .sort()
    .flatMap((path) =>
      [...verdicts.get(path)!]
        .sort((a, b) => a.offset - b.offset || a.kind.localeCompare(b.kind))
        .flatMap(({ kind, offset, certainty, reason, steps }) => [
          `${place(path, offset)} ${kind} ${certainty}: ${reason}`,
          ...steps.map((step) => `  ${place(step.path, step.start)} ${step.message}`),
        ]),
    );
}

/** Style that this release brings macros for is not what a tree is put together for. */
const SETTINGS: RuleSettings = { ...DEFAULT_RULE_SETTINGS, possible: true, severities: new Map([['object-macro', 'off']]) };

/** All findings in a file of the tree, possible ones too. */
export function findingsIn({ facts, verdicts, fields }: LinkedTree, path: string): readonly Finding[] {
  const known = { verdicts: verdicts.get(path) ?? [], fields: fields.get(path) ?? [] };
  return runRules(facts.get(path)!, modelFor(KERNEL), SETTINGS, known).findings;
}

/** Holds the `want` comments of all files against the findings in them; empty when they agree. */
export function treeMismatch(files: TreeFiles, options: TreeOptions = {}): string {
  const model = modelFor(KERNEL);
  const tree = linkTree(files, options);
  const lines = Object.entries(files).flatMap(([path, text]) => {
    const fixture = readFixture(path, text.includes('// want') ? text : `${text}// want nothing\n`);
    const { missing, surplus } = compare(fixture, { model, facts: tree.facts.get(path)!, findings: findingsIn(tree, path) });
    return [...missing.map((line) => `missing  ${line}`), ...surplus.map((line) => `surplus  ${line}`)];
  });
  return lines.join('\n');
}
