import {
  CodeActionKind,
  type Diagnostic,
  type DiagnosticRelatedInformation,
  DiagnosticSeverity,
  DiagnosticTag,
  MarkupKind,
  type CodeAction as ProtoCodeAction,
  type Hover as ProtoHover,
  type TextEdit as ProtoTextEdit,
  type WorkspaceEdit,
} from 'vscode-languageserver';
import type { CodeAction } from '../ide/codeActions';
import type { Hover } from '../ide/hover';
import type { ProjectProblem } from '../program/projectFile';
import { hoverMarkdown, hoverPlainText, type RulePageLink } from '../report/hoverMarkdown';
import type { Finding, Severity, TextEdit } from '../rules/rule';
import type { ByteDocument } from './byteDocument';
import { type ClientFeatures, FIX_ALL } from './clientFeatures';

const SEVERITY: Record<Severity, DiagnosticSeverity> = {
  error: DiagnosticSeverity.Error,
  warning: DiagnosticSeverity.Warning,
  info: DiagnosticSeverity.Information,
  hint: DiagnosticSeverity.Hint,
};

/** More related places than this help nobody. */
const MAX_RELATED = 20;

/** What a conversion needs to know besides the value. */
export interface ProtoContext {
  readonly features: ClientFeatures;
  readonly link: RulePageLink;
  /** Another file by the path that findings use; undefined when it cannot be read. */
  readonly documentAt: (path: string) => ByteDocument | undefined;
}

/** What a client hands back with a code action, to recognise the finding. */
export interface DiagnosticData {
  readonly rule: string;
  readonly fingerprint: string;
}

export function toDiagnostic(finding: Finding, document: ByteDocument, context: ProtoContext): Diagnostic {
  const { features, link } = context;
  const page = link(finding.rule);
  const related = features.relatedInformation ? relatedInformation(finding, document, context) : [];
  const data: DiagnosticData = { rule: finding.rule, fingerprint: finding.fingerprint };
  return {
    range: document.rangeAt(finding.range.start, finding.range.end),
    severity: SEVERITY[finding.severity],
    code: finding.rule,
    source: 'gfp-lens',
    message: finding.message,
    data,
    ...(page !== undefined && features.codeDescription && { codeDescription: { href: page } }),
    ...(finding.unnecessary === true && features.unnecessaryTag && { tags: [DiagnosticTag.Unnecessary] }),
    ...(related.length > 0 && { relatedInformation: related }),
  };
}

/** A mistake in a project file; such texts are short, so their columns are taken for what the client counts in. */
export function toProjectDiagnostic({ line, column, endLine, endColumn, message }: ProjectProblem): Diagnostic {
  return {
    range: { start: { line: line - 1, character: column - 1 }, end: { line: endLine - 1, character: endColumn - 1 } },
    severity: DiagnosticSeverity.Error,
    source: 'gfp-lens',
    message,
  };
}

function relatedInformation(finding: Finding, document: ByteDocument, context: ProtoContext): DiagnosticRelatedInformation[] {
  return (finding.trace ?? []).slice(0, MAX_RELATED).flatMap((step) => {
    const where = step.path === undefined || step.path === finding.path ? document : context.documentAt(step.path);
    if (where === undefined) return [];
    return [{ location: { uri: where.uri, range: where.rangeAt(step.range.start, step.range.end) }, message: step.message }];
  });
}

export function toHover(hover: Hover, document: ByteDocument, { features, link }: ProtoContext, explore?: string): ProtoHover {
  const contents = features.markdownHover
    ? { kind: MarkupKind.Markdown, value: hoverMarkdown(hover, link, explore) }
    : { kind: MarkupKind.PlainText, value: hoverPlainText(hover) };
  return { contents, range: document.rangeAt(hover.range.start, hover.range.end) };
}

const KINDS = { quickfix: CodeActionKind.QuickFix, offer: CodeActionKind.RefactorRewrite, 'fix-all': FIX_ALL } as const;

/** Undefined when the action touches a file that cannot be read. */
export function toCodeAction(action: CodeAction, document: ByteDocument, context: ProtoContext): ProtoCodeAction | undefined {
  const plain = toWorkspaceEdit(action.edits, action.finding?.path, document, context);
  if (plain === undefined) return undefined;
  const edit = isAnnotated(action) && context.features.changeAnnotations ? annotated(plain, action) : plain;
  const { finding } = action;
  return {
    title: action.title,
    kind: KINDS[action.kind],
    edit,
    ...(finding !== undefined && action.kind === 'quickfix' && { diagnostics: [toDiagnostic(finding, document, context)] }),
    ...(action.preferred && { isPreferred: true }),
  };
}

/** Changes in several places say in a preview what they are for. */
function isAnnotated({ edits }: CodeAction): boolean {
  return edits.length > 1;
}

/** Unsafe changes are shown before they are made. The boxes of such a preview are empty at first, so others are not: a half of them would do harm. */
function needsReview({ safety }: CodeAction): boolean {
  return safety === 'unsafe';
}

const ANNOTATION = 'gfp-lens';

/** Says in a preview what the edits are for. */
function annotated(edit: WorkspaceEdit, action: CodeAction): WorkspaceEdit {
  const { title, finding } = action;
  const documentChanges = edit.documentChanges?.map((change) =>
    'edits' in change ? { ...change, edits: change.edits.map((one) => ({ ...one, annotationId: ANNOTATION })) } : change,
  );
  if (documentChanges === undefined) return edit;
  const description = finding === undefined ? {} : { description: `${finding.rule}: ${finding.message}` };
  return { documentChanges, changeAnnotations: { [ANNOTATION]: { label: title, needsConfirmation: needsReview(action), ...description } } };
}

/** Undefined when a file cannot be read, or no longer has the text that is to be replaced. */
function toWorkspaceEdit(
  edits: readonly TextEdit[],
  path: string | undefined,
  document: ByteDocument,
  context: ProtoContext,
): WorkspaceEdit | undefined {
  const byDocument = new Map<ByteDocument, ProtoTextEdit[]>();
  for (const edit of edits) {
    const where = edit.path === undefined || edit.path === path ? document : context.documentAt(edit.path);
    if (where === undefined || (edit.oldText !== undefined && textAt(where, edit) !== edit.oldText)) return undefined;
    const known = [...byDocument.keys()].find((other) => other.uri === where.uri) ?? where;
    const list = byDocument.get(known) ?? [];
    list.push({ range: where.rangeAt(edit.range.start, edit.range.end), newText: edit.newText });
    byDocument.set(known, list);
  }
  const entries = [...byDocument];
  const { features } = context;
  if (!features.versionedEdits) return { changes: Object.fromEntries(entries.map(([where, list]) => [where.uri, list])) };
  // Null says: as it is on disk. The client refuses an edit for a version that is not there any more.
  const versionOf = (where: ByteDocument): number | null => (where.isOpen ? where.version : null);
  return {
    documentChanges: entries.map(([where, list]) => ({
      textDocument: { uri: where.uri, version: versionOf(where) },
      edits: list,
    })),
  };
}

function textAt({ bytes }: ByteDocument, { range }: TextEdit): string {
  return new TextDecoder('latin1').decode(bytes.subarray(range.start, range.end));
}
