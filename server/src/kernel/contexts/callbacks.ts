import type { CallbackRow } from '../model';
import table from '../tables/callbacks.json';

type Row = readonly [
  kind: number,
  owner: string,
  slot: number | string,
  context: CallbackRow['context'],
  maySleep: 0 | 1 | null,
  note: string,
  evidence: number,
  header: string,
];

/** Rows of general knowledge are not taken as certain where they name an exception, nor those that name two contexts. */
function isCertain(note: string, basis: number): boolean {
  if (/\bor (a )?thread|^any\b(?!.*must not)|\bmutex held|\bmay be\b/.test(note)) return false;
  return basis < 2 || !/\bunless\b|\bany\b/.test(note);
}

/** Callbacks and the context they run in, from the generated table. */
export function callbackRows(): readonly CallbackRow[] {
  const { rows, evidence } = table as unknown as { readonly rows: readonly Row[]; readonly evidence: readonly string[] };
  return rows.map(([kind, owner, slot, context, maySleep, note, basis, header]) => ({
    kind: kind === 0 ? 'register' : 'field',
    owner,
    slot,
    context,
    maySleep: maySleep === null ? undefined : maySleep === 1,
    excusedBy: kind === 1 ? /unless (?:\w+->)?(\w+)/.exec(note)?.[1] : undefined,
    certain: isCertain(note, basis),
    note,
    evidence: header === '' ? evidence[basis]! : `${evidence[basis]!} (${header})`,
  }));
}
