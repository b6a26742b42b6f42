import type { Verdicts } from '../../facts/linkage/verdict';
import type { FieldReport } from '../../facts/memory';
import type { CacheStore } from './cacheStore';
import { openSections, packSections, textBytes, textOf } from './container';

/** What one file said of members of structs when it was asked. */
export interface FieldAnswer {
  /** The members, in the order of their names. */
  readonly members: readonly string[];
  readonly reports: readonly FieldReport[];
}

/** What all files of a program said together. */
export interface ProgramAnswers {
  readonly verdicts: Verdicts;
  /** By folder the members of structs that its files are asked about; by file the functions whose results it is asked about. */
  readonly questions: ReadonlyMap<string, readonly string[]>;
  /** What they answered, by path; files that hold none of the names are among them. */
  readonly fields: ReadonlyMap<string, FieldAnswer>;
  /** What could not be followed: how often, by reason. */
  readonly gaps: Readonly<Record<string, number>>;
}

export function packAnswers({ verdicts, questions, fields, gaps }: ProgramAnswers, digest: CacheStore['digest']): readonly Uint8Array[] {
  return packSections(new Map([['answers', textBytes(JSON.stringify([[...verdicts], [...questions], [...fields], gaps]))]]), digest);
}

/** Undefined when the piece is gone or damaged. */
export function openAnswers(bytes: Uint8Array | undefined, digest: CacheStore['digest']): ProgramAnswers | undefined {
  const opened = bytes && openSections(bytes, digest);
  if (opened === undefined || 'problem' in opened) return undefined;
  const [verdicts, questions, fields, gaps] = JSON.parse(textOf(opened.sections.get('answers')!));
  return { verdicts: new Map(verdicts), questions: new Map(questions), fields: new Map(fields), gaps };
}
