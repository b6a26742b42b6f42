import { ruleById, rules } from '../rules/registry';
import type { Rule, Severity } from '../rules/rule';
import type { CheckReport } from './checkReport';
import type { FixRecord, RecordRange, ReportedFinding, TraceRecord } from './record';
import { rulePage, sentence } from './rulePage';

/** A finding that was there once. */
export interface GoneFinding {
  readonly rule: string;
  readonly file: string;
  readonly fingerprint: string;
}

/** What a SARIF log says besides the findings. */
export interface SarifOptions {
  /** Fingerprints of the baseline the run is compared with; undefined: there is none. */
  readonly known: ReadonlySet<string> | undefined;
  /** What the baseline holds and the sources no longer have. */
  readonly absent: readonly GoneFinding[];
  /** A file that was asked for could not be read: the absence of findings proves nothing. */
  readonly troubled: boolean;
}

const SCHEMA = 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/os/schemas/sarif-schema-2.1.0.json';
/** Name of the root in `originalUriBaseIds`, as the SARIF consumers of forges expect it. */
const ROOT = '%SRCROOT%';
const LEVEL = { error: 'error', warning: 'warning', info: 'note', hint: 'note' } as const satisfies Record<Severity, string>;
/** Version of how fingerprints are made; a change of that makes all old results look new. */
const FINGERPRINT = 'gfpLens/v1';

/**
 * The report as a SARIF 2.1.0 log, in pieces, a result a line. Findings of the baseline and those that a comment allows are in it with
 * their `suppressions`; `report.findings` has to hold them.
 */
export function* sarifReport(report: CheckReport, options: SarifOptions): Generator<string> {
  const { tool, kernel, root, gaps, files } = report;
  const driver = { name: tool.name, version: tool.version, semanticVersion: tool.version, rules: rules.map(descriptor) };
  const run = {
    tool: { driver },
    columnKind: 'utf16CodeUnits',
    originalUriBaseIds: { [ROOT]: { uri: folderUri(root) } },
    invocations: [{ executionSuccessful: !options.troubled }],
    properties: { kernel, files, gaps },
  };
  yield `{"$schema":"${SCHEMA}","version":"2.1.0","runs":[${JSON.stringify(run).slice(0, -1)},"results":[`;
  let separator = '\n';
  for (const finding of report.findings) {
    yield separator + JSON.stringify(result(finding, options.known));
    separator = ',\n';
  }
  for (const row of options.absent) {
    yield separator + JSON.stringify(absentResult(row));
    separator = ',\n';
  }
  yield `${separator === '\n' ? '' : '\n'}]}]}\n`;
}

/** A rule with its whole manual page, so that a viewer shows it offline. */
function descriptor(rule: Rule): object {
  const page = rulePage(rule);
  return {
    id: rule.id,
    shortDescription: { text: sentence(rule.summary) },
    fullDescription: { text: firstParagraph(rule.doc) },
    help: { text: page, markdown: page },
    defaultConfiguration: { level: LEVEL[rule.severity] },
    properties: { tags: ['linux-kernel', 'gfp'], precision: 'high', 'problem.severity': problemSeverity(rule.severity) },
  };
}

/** The severity of a finding of quality, in the words of code-scanning sites. */
function problemSeverity(severity: Severity): string {
  return severity === 'error' || severity === 'warning' ? severity : 'recommendation';
}

function firstParagraph(doc: string): string {
  const text = doc.trim().replace(/^(#.*\n+)+/, '');
  return text
    .split(/\n\s*\n/, 1)[0]!
    .replace(/\s+/g, ' ')
    .replace(/[`*]/g, '');
}

function result(finding: ReportedFinding, known: ReadonlySet<string> | undefined): object {
  const { rule, severity, certainty, message, function: fn, callee, mask, trace, fixes, fingerprint } = finding;
  const isKnown = known?.has(fingerprint) === true;
  return {
    ruleId: rule,
    ruleIndex: rules.findIndex((one) => one.id === rule),
    level: LEVEL[severity],
    message: { text: certainty === 'possible' ? `possible: ${message}` : message },
    locations: [{ ...physical(finding.file, finding, finding.excerpt), ...(fn !== null && logical(fn)) }],
    partialFingerprints: { [FINGERPRINT]: fingerprint },
    ...(trace.length > 0 && { codeFlows: [codeFlow(finding)], relatedLocations: trace.map(related) }),
    ...(fixes.length > 0 && { fixes: fixes.map(fixOf) }),
    ...(known !== undefined && { baselineState: isKnown ? 'unchanged' : 'new' }),
    suppressions: suppressions(finding, isKnown),
    properties: { severity, certainty, ...(callee !== null && { callee }), ...(mask !== null && { mask }) },
  };
}

/** A finding that is gone: where it was in the file is no longer known. */
function absentResult({ rule, file, fingerprint }: GoneFinding): object {
  return {
    ruleId: rule,
    ...(ruleById(rule) !== undefined && { ruleIndex: rules.findIndex((one) => one.id === rule) }),
    level: 'none',
    message: { text: `${rule}: recorded in the baseline, not found any more` },
    locations: [{ physicalLocation: { artifactLocation: artifact(file) } }],
    partialFingerprints: { [FINGERPRINT]: fingerprint },
    baselineState: 'absent',
  };
}

function suppressions({ suppressedBy }: ReportedFinding, isKnown: boolean): readonly object[] {
  return [
    ...(suppressedBy === undefined ? [] : [{ kind: 'inSource', ...(suppressedBy !== '' && { justification: suppressedBy }) }]),
    ...(isKnown ? [{ kind: 'external', justification: 'recorded in the baseline' }] : []),
  ];
}

function physical(file: string, at: Partial<RecordRange> & Pick<RecordRange, 'line' | 'column'>, excerpt?: string): object {
  const region = {
    startLine: at.line,
    startColumn: at.column,
    ...(at.endLine !== undefined && { endLine: at.endLine, endColumn: at.endColumn }),
  };
  const context = excerpt === undefined || excerpt.trim() === '' ? undefined : { startLine: at.line, snippet: { text: excerpt } };
  return { physicalLocation: { artifactLocation: artifact(file), region, ...(context && { contextRegion: context }) } };
}

function logical(name: string): object {
  return { logicalLocations: [{ name, kind: 'function' }] };
}

/** The chain of evidence in the order in which it happens, the finding last. */
function codeFlow(finding: ReportedFinding): object {
  const step = (location: object, text: string, importance: string): object => ({
    location: { ...location, message: { text } },
    importance,
  });
  const evidence = finding.trace.map((at) => step(physical(at.file, at), at.message, 'important'));
  return { threadFlows: [{ locations: [...evidence, step(physical(finding.file, finding), finding.message, 'essential')] }] };
}

function related(step: TraceRecord, id: number): object {
  return { id, ...physical(step.file, step), message: { text: step.message } };
}

function fixOf({ title, safety, edits }: FixRecord): object {
  const files = [...new Set(edits.map((edit) => edit.file))];
  const artifactChanges = files.map((file) => ({
    artifactLocation: artifact(file),
    replacements: edits
      .filter((edit) => edit.file === file)
      .map(({ line, column, endLine, endColumn, newText }) => ({
        deletedRegion: { startLine: line, startColumn: column, endLine, endColumn },
        insertedContent: { text: newText },
      })),
  }));
  return { description: { text: title }, artifactChanges, properties: { safety } };
}

function artifact(file: string): object {
  const inRoot = !/^(\/|[A-Za-z]:|\.\.(\/|$))/.test(file);
  return inRoot ? { uri: encodePath(file), uriBaseId: ROOT } : { uri: file.startsWith('..') ? encodePath(file) : fileUri(file) };
}

function encodePath(path: string): string {
  return path.split(/[\\/]/).map(encodeURIComponent).join('/');
}

function fileUri(path: string): string {
  const encoded = encodePath(path).replace(/^([A-Za-z])%3A\//, '$1:/');
  return `file://${encoded.startsWith('/') ? '' : '/'}${encoded}`;
}

/** A folder's URI ends with a slash. */
function folderUri(path: string): string {
  const uri = fileUri(path);
  return uri.endsWith('/') ? uri : `${uri}/`;
}
