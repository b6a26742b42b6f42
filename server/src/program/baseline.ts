/** Known findings, by fingerprint. */
export type Baseline = ReadonlySet<string>;

interface BaselineFile {
  readonly version: 1;
  readonly findings: readonly { readonly fingerprint: string; readonly rule: string; readonly file: string }[];
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

/** The text of a baseline: a finding a line, so that its changes can be read in a diff. */
export function formatBaseline(findings: BaselineFile['findings']): string {
  const rows = findings.map(({ fingerprint, rule, file }) => JSON.stringify({ fingerprint, rule, file }));
  return `{"version":1,"findings":[${rows.length > 0 ? `\n${rows.join(',\n')}\n` : ''}]}\n`;
}
