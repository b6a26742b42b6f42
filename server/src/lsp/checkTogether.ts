import type { Verdicts } from '../facts/linkage/verdict';
import type { FieldReport } from '../facts/memory';
import type { KernelModel } from '../kernel/model';
import { analyseProgram } from '../program/link/analyseProgram';
import { FieldInquiry, type OpenFile } from '../program/link/fieldInquiry';
import { type FieldVerdicts, fieldVerdicts, markFrees } from '../program/link/fieldVerdicts';
import type { ProgramGraph } from '../program/link/graph';
import { memoryQuestions } from '../program/memoryQuestions';
import type { RuleSettings } from '../rules/run';
import { Slices } from './slices';

/** What the files of a check are asked besides their linkage. */
export interface TogetherJob {
  readonly model: KernelModel;
  readonly rules: RuleSettings;
  /** The files are the whole tree. */
  readonly complete: boolean;
  /** What a file does with members of these names. */
  readonly ask: (path: string, members: readonly string[]) => readonly FieldReport[];
  /** The files below these folders of the tree. */
  readonly below: (folders: readonly string[]) => Promise<readonly string[]>;
  readonly isCancelled: () => boolean;
}

/** What all files say together of each other, by path. */
export interface Together {
  readonly verdicts: Verdicts;
  readonly fields: FieldVerdicts;
}

/** Judges files together: the contexts that calls come from, and the members of structs and results of functions that several of them fill and free. */
export async function judgeTogether(graph: ProgramGraph, job: TogetherJob): Promise<Together> {
  const reports = await reportsOf(graph, job);
  markFrees(graph, reports);
  const verdicts = analyseProgram(graph, job.model, job.complete);
  return { verdicts, fields: fieldVerdicts(reports, { calls: verdicts, possible: job.rules.possible }) };
}

async function reportsOf(graph: ProgramGraph, job: TogetherJob): Promise<readonly FieldReport[]> {
  const questions = memoryQuestions(graph, job.rules, job.complete);
  const inquiry = new FieldInquiry(questions, { possible: job.rules.possible, complete: job.complete }, new Map());
  await ask(inquiry, inquiry.first(), job);
  const folders = inquiry.doubtfulFolders();
  if (folders.size > 0 && !job.isCancelled()) await ask(inquiry, inquiry.rest(folders, await job.below([...folders.keys()])), job);
  return [...inquiry.answers().values()].flatMap((answer) => answer.reports);
}

async function ask(inquiry: FieldInquiry, open: readonly OpenFile[], job: TogetherJob): Promise<void> {
  const slices = new Slices();
  for (const { path, members } of open) {
    if (job.isCancelled()) return;
    inquiry.hear(path, members, job.ask(path, members));
    await slices.pause();
  }
}
