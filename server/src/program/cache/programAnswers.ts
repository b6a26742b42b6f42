import type { Verdicts } from '../../facts/linkage/verdict';
import type { FieldAnswer } from '../link/fieldInquiry';
import type { FieldQuestion } from '../link/fieldQuestions';
import type { CacheStore } from './cacheStore';
import { openSections, packSections, textBytes, textOf } from './container';

/** What all files of a program said together. */
export interface ProgramAnswers {
  readonly verdicts: Verdicts;
  /** Members and results that files were asked about. */
  readonly questions: readonly FieldQuestion[];
  /** What they answered, by path; files that hold none of the names are among them. */
  readonly fields: ReadonlyMap<string, FieldAnswer>;
  /** What could not be followed: how often, by reason. */
  readonly gaps: Readonly<Record<string, number>>;
}

export function packAnswers({ verdicts, questions, fields, gaps }: ProgramAnswers, digest: CacheStore['digest']): readonly Uint8Array[] {
  return packSections(new Map([['answers', textBytes(JSON.stringify([[...verdicts], questions, [...fields], gaps]))]]), digest);
}

/** Undefined when the piece is gone or damaged. */
export function openAnswers(bytes: Uint8Array | undefined, digest: CacheStore['digest']): ProgramAnswers | undefined {
  const opened = bytes && openSections(bytes, digest);
  if (opened === undefined || 'problem' in opened) return undefined;
  const [verdicts, questions, fields, gaps] = JSON.parse(textOf(opened.sections.get('answers')!));
  return { verdicts: new Map(verdicts), questions, fields: new Map(fields), gaps };
}
