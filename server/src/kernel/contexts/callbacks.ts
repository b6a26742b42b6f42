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

/** Callbacks and the context they run in, from the generated table. */
export function callbackRows(): readonly CallbackRow[] {
  const { rows, evidence } = table as unknown as { readonly rows: readonly Row[]; readonly evidence: readonly string[] };
  return rows.map(([kind, owner, slot, context, maySleep, note, basis, header]) => ({
    kind: kind === 0 ? 'register' : 'field',
    owner,
    slot,
    context,
    maySleep: maySleep === null ? undefined : maySleep === 1,
    note,
    evidence: header === '' ? evidence[basis]! : `${evidence[basis]!} (${header})`,
  }));
}
