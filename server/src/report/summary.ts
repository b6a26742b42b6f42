import type { CheckReport } from './checkReport';

/** What a run found, in one line for stderr: `3 errors, 12 warnings in 5 files (55,406 files read)`. */
export function summaryLine(report: CheckReport): string {
  const { findings } = report;
  const count = (severity: string): number => findings.reduce((sum, finding) => sum + (finding.severity === severity ? 1 : 0), 0);
  const parts = [
    counted(count('error'), 'error'),
    counted(count('warning'), 'warning'),
    counted(count('info'), 'note'),
    counted(count('hint'), 'hint'),
  ];
  const some = parts.filter((part) => !part.startsWith('0 '));
  const read = `${counted(report.files, 'file')} read, kernel ${report.kernel}`;
  if (some.length === 0) return `nothing found (${read})`;
  return `${some.join(', ')} in ${counted(new Set(findings.map((finding) => finding.file)).size, 'file')} (${read})`;
}

/** The numbers of a run as a small table, for `--stats`. */
export function statsText({ stats, gaps, files, cache, findings }: CheckReport): string {
  const seconds = stats.milliseconds / 1000;
  const megabytes = stats.bytes / 1e6;
  const hidden = Object.values(stats.rules).reduce((sum, count) => sum + count, 0) - findings.length;
  const rows: (readonly [string, string])[] = [
    ['files read', files.toLocaleString('en')],
    ['files parsed', stats.analysed.toLocaleString('en')],
    ['source', `${megabytes.toFixed(1)} MB`],
    ['functions', stats.functions.toLocaleString('en')],
    ['calls examined', stats.calls.toLocaleString('en')],
    ['time', `${seconds.toFixed(2)} s (${(megabytes / seconds).toFixed(0)} MB/s, ${counted(stats.jobs, 'job')})`],
    ['peak memory', `${(stats.peakMemory / 2 ** 20).toFixed(0)} MiB`],
    ...(cache === undefined ? [] : [['cache', cache] as const]),
    ...(hidden > 0
      ? [['not shown', `${hidden.toLocaleString('en')} (below --min-severity, in the baseline, or not of the change)`] as const]
      : []),
    ...counts('rule', stats.rules),
    ...counts('gap', gaps),
  ];
  const width = Math.max(...rows.map(([name]) => name.length));
  return rows.map(([name, value]) => `  ${name.padEnd(width)}  ${value}\n`).join('');
}

function counts(kind: string, table: Readonly<Record<string, number>>): (readonly [string, string])[] {
  const sorted = Object.entries(table).sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1));
  return sorted.map(([name, count]) => [`${kind}: ${name}`, count.toLocaleString('en')]);
}

function counted(count: number, word: string): string {
  return `${count.toLocaleString('en')} ${word}${count === 1 ? '' : 's'}`;
}
