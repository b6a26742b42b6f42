import type { FieldReport } from '../facts/memory';
import type { Neighbour } from './link/neighbours';

interface Answer {
  readonly bytes: Uint8Array;
  readonly members: string;
  readonly reports: readonly FieldReport[];
}

/** What the files around a document said of its members, for as long as neither their texts nor the members are others. */
export class NeighbourAnswers {
  private readonly answers = new Map<string, Answer>();

  get({ path, bytes }: Neighbour, members: readonly string[]): readonly FieldReport[] | undefined {
    const answer = this.answers.get(path);
    return answer?.members === members.join(' ') && isSame(answer.bytes, bytes) ? answer.reports : undefined;
  }

  keep({ path, bytes }: Neighbour, members: readonly string[], reports: readonly FieldReport[]): void {
    this.answers.set(path, { bytes, members: members.join(' '), reports });
  }
}

function isSame(a: Uint8Array, b: Uint8Array): boolean {
  if (a === b) return true;
  if (a.length !== b.length) return false;
  for (let at = 0; at < a.length; at++) if (a[at] !== b[at]) return false;
  return true;
}
