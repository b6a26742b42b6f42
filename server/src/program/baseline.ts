/** Known findings, by fingerprint. */
export type Baseline = ReadonlySet<string>;

/** How a finding is recorded. */
export interface BaselineRow {
  readonly fingerprint: string;
  readonly rule: string;
  readonly file: string;
  /** It was likely, not proven, when it was recorded: only a run that asks for such can find it again. */
  readonly possible?: boolean;
}

interface BaselineFile {
  readonly version: 1;
  readonly findings: readonly BaselineRow[];
}

/** Reads a file that `check --update-baseline` wrote; undefined for any other text. */
export function parseBaseline(text: string): Baseline | undefined {
  try {
    const file: Partial<BaselineFile> = JSON.parse(text);
    if (file.version !== 1 || !Array.isArray(file.findings)) return undefined;
    const prints: unknown[] = file.findings.map((finding: { fingerprint?: unknown }) => finding?.fingerprint);
    return prints.every((print) => typeof print === 'string') ? new Set(prints) : undefined;
  } catch {
    return undefined;
  }
}

/** What a baseline holds; nothing for any other text. Members of the wrong type make a row unreadable. */
export function baselineRows(text: string): readonly BaselineRow[] {
  if (parseBaseline(text) === undefined) return [];
  const { findings } = JSON.parse(text) as BaselineFile;
  return findings.filter(({ rule, file }) => typeof rule === 'string' && typeof file === 'string');
}

/** The text of a baseline with one more finding; `text` undefined: there is none yet. Undefined when the text is no baseline. */
export function withFinding(text: string | undefined, finding: BaselineRow): string | undefined {
  if (text === undefined) return formatBaseline([finding]);
  const known = parseBaseline(text);
  if (known === undefined || known.has(finding.fingerprint)) return known && text;
  return formatBaseline([...(JSON.parse(text) as BaselineFile).findings, finding]);
}

/** The text of a baseline: a finding a line, so that its changes can be read in a diff. */
export function formatBaseline(findings: readonly BaselineRow[]): string {
  const rows = findings.map(({ fingerprint, rule, file, possible }) =>
    JSON.stringify({ fingerprint, rule, file, ...(possible === true && { possible }) }),
  );
  return `{"version":1,"findings":[${rows.length > 0 ? `\n${rows.join(',\n')}\n` : ''}]}\n`;
}
