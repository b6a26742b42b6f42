import type { FieldReport } from '../../facts/memory';
import type { FieldQuestion } from './fieldQuestions';
import { type InquiryScope, isDoubtful, memberOf } from './fieldVerdicts';

/** What one file said of members of structs when it was asked. */
export interface FieldAnswer {
  /** The members, in the order of their names. */
  readonly members: readonly string[];
  readonly reports: readonly FieldReport[];
}

/** A file, and the members that it has yet to be asked about. */
export interface OpenFile {
  readonly path: string;
  readonly members: readonly string[];
}

/**
 * Asks files about members in two steps, because names like `data` are everywhere: first those that fill or free a member, and the rest of their folders
 * only where these leave a doubt. Answers that are known already are used as they are; what is asked for decides what is in the end there, so that it is the
 * same with and without them.
 */
export class FieldInquiry {
  private readonly wanted = new Map<string, Set<string>>();
  private readonly said = new Map<string, Map<string, readonly FieldReport[]>>();

  constructor(
    private readonly questions: readonly FieldQuestion[],
    private readonly scope: InquiryScope,
    known: ReadonlyMap<string, FieldAnswer>,
  ) {
    for (const [path, answer] of known) this.hear(path, answer.members, answer.reports);
  }

  /** The files that fill or free a member, with what is not known of them. */
  first(): OpenFile[] {
    for (const { member, files } of this.questions) for (const path of files) this.want(path, member);
    return this.open();
  }

  /** Folders whose files must be asked as well, by what was heard so far. */
  doubtfulFolders(): ReadonlyMap<string, ReadonlySet<string>> {
    const folders = new Map<string, Set<string>>();
    for (const question of this.questions) {
      const reports = question.files.flatMap((path) => this.said.get(path)?.get(question.member) ?? []);
      if (question.folders.length === 0 || !isDoubtful(reports, this.scope)) continue;
      for (const folder of question.folders) folders.set(folder, (folders.get(folder) ?? new Set()).add(question.member));
    }
    return folders;
  }

  /** Of these files, those below one of the folders, with what is not known of them. */
  rest(folders: ReadonlyMap<string, ReadonlySet<string>>, paths: Iterable<string>): OpenFile[] {
    for (const path of paths)
      for (let at = path.indexOf('/'); at >= 0; at = path.indexOf('/', at + 1))
        for (const member of folders.get(path.slice(0, at)) ?? []) this.want(path, member);
    return this.open();
  }

  /** Notes what a file answered when it was asked about these members. */
  hear(path: string, members: readonly string[], reports: readonly FieldReport[]): void {
    const known = this.said.get(path) ?? new Map();
    this.said.set(path, known);
    for (const member of members)
      known.set(
        member,
        reports.filter((report) => memberOf(report) === member),
      );
  }

  /** All that was asked, by path, in the order in which the files were asked first. */
  answers(): ReadonlyMap<string, FieldAnswer> {
    const answers = new Map<string, FieldAnswer>();
    for (const [path, asked] of this.wanted) {
      const members = [...asked].sort();
      answers.set(path, { members, reports: members.flatMap((member) => this.said.get(path)?.get(member) ?? []) });
    }
    return answers;
  }

  private want(path: string, member: string): void {
    const members = this.wanted.get(path);
    if (members) members.add(member);
    else this.wanted.set(path, new Set([member]));
  }

  private open(): OpenFile[] {
    const open: OpenFile[] = [];
    for (const [path, asked] of this.wanted) {
      const known = this.said.get(path);
      const members = [...asked].filter((member) => known?.has(member) !== true).sort();
      if (members.length > 0) open.push({ path, members });
    }
    return open;
  }
}
