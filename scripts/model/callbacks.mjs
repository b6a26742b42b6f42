// contexts.json -> callback rows: which context a registered function or an operation of a struct runs in, and how well that is evidenced.

const EVIDENCE = [
  'stated there',
  'related wording near the symbol',
  'symbol exists; context from general kernel knowledge',
  'not verified in 6.12 (older or newer API)',
];

export function callbackTable(contexts) {
  return {
    columns: ['kind: 0 register, 1 field', 'owner', 'slot', 'context', 'may sleep: 1, 0, or null', 'note', 'evidence', 'header'],
    evidence: EVIDENCE,
    rows: contexts.callbacks.map((row) => [
      row.kind === 'register' ? 0 : 1,
      row.kind === 'register' ? row.function : row.struct,
      row.kind === 'register' ? row.arg : row.field,
      contextOf(row.context, row.may_sleep),
      typeof row.may_sleep === 'boolean' ? Number(row.may_sleep) : null,
      noteOf(row),
      Math.max(0, EVIDENCE.indexOf(row.evidence)),
      row.verify ?? '',
    ]),
  };
}

/** What messages say beside the context: remarks, and the context's own words where they say more than its kind. */
function noteOf({ note, context }) {
  const words = /^(process|softirq|hardirq|nmi)$/.test(context)
    ? undefined
    : context.replace(/^any\b(?! context)/, 'any context').replace(/^any context: /, 'any context, ');
  return [note, words].filter((text) => text !== undefined).join('; ');
}

function contextOf(words, maySleep) {
  if (/^process/.test(words) && maySleep === true) return 'process';
  if (/^hardirq/.test(words) && maySleep === false) return /softirq| or /.test(words) ? 'atomic' : 'hardirq';
  if (/^nmi/i.test(words)) return 'nmi';
  if (/^softirq/.test(words) && maySleep === false) return / or /.test(words) ? 'atomic' : 'softirq';
  if (/^rcu/i.test(words) && maySleep === false) return 'rcu';
  return maySleep === false ? 'atomic' : 'varies';
}
