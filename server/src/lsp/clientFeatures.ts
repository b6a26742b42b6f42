import { CodeActionKind, type InitializeParams, MarkupKind, type ServerCapabilities, TextDocumentSyncKind } from 'vscode-languageserver';
import type { PositionEncoding } from './byteDocument';

/** What the client can do, as far as the server's answers depend on it. */
export interface ClientFeatures {
  readonly encoding: PositionEncoding;
  /** Diagnostics are asked for, and asked for again when the server says so; otherwise they are pushed. */
  readonly pull: boolean;
  readonly markdownHover: boolean;
  readonly relatedInformation: boolean;
  readonly codeDescription: boolean;
  readonly unnecessaryTag: boolean;
  readonly diagnosticVersion: boolean;
  readonly codeActionLiterals: boolean;
  readonly versionedEdits: boolean;
  readonly createFiles: boolean;
  /** Edits can say why they are made, and ask before they are. */
  readonly changeAnnotations: boolean;
  readonly configuration: boolean;
  readonly configurationRegistration: boolean;
  readonly watchRegistration: boolean;
  /** Folds and lenses are registered for kernel logs alone: those of C belong to others. */
  readonly foldingRegistration: boolean;
  readonly lensRegistration: boolean;
  readonly workspaceFolders: boolean;
  readonly workDoneProgress: boolean;
  readonly inlayHints: boolean;
  readonly inlayHintRefresh: boolean;
  readonly codeLens: boolean;
  readonly codeLensRefresh: boolean;
  readonly completion: boolean;
}

export const FIX_ALL = `${CodeActionKind.SourceFixAll}.gfpLens`;

export function clientFeatures({ capabilities }: InitializeParams): ClientFeatures {
  const { textDocument, workspace, general, window } = capabilities;
  const pulls = textDocument?.diagnostic !== undefined;
  const diagnostics = pulls ? { ...textDocument?.publishDiagnostics, ...textDocument?.diagnostic } : textDocument?.publishDiagnostics;
  return {
    encoding: general?.positionEncodings?.find((one) => one === 'utf-8' || one === 'utf-16' || one === 'utf-32') ?? 'utf-16',
    // Without a refresh, pulled diagnostics would stay as they are when the settings or the kernel change.
    pull: pulls && workspace?.diagnostics?.refreshSupport === true,
    // The formats come in the order of preference.
    markdownHover:
      textDocument?.hover?.contentFormat?.find((one) => one === MarkupKind.Markdown || one === MarkupKind.PlainText) ===
      MarkupKind.Markdown,
    relatedInformation: diagnostics?.relatedInformation === true,
    codeDescription: diagnostics?.codeDescriptionSupport === true,
    unnecessaryTag: diagnostics?.tagSupport?.valueSet?.includes(1) === true,
    diagnosticVersion: textDocument?.publishDiagnostics?.versionSupport === true,
    codeActionLiterals: textDocument?.codeAction?.codeActionLiteralSupport !== undefined,
    versionedEdits: workspace?.workspaceEdit?.documentChanges === true,
    createFiles: workspace?.workspaceEdit?.resourceOperations?.includes('create') === true,
    changeAnnotations: workspace?.workspaceEdit?.changeAnnotationSupport !== undefined,
    configuration: workspace?.configuration === true,
    configurationRegistration: workspace?.didChangeConfiguration?.dynamicRegistration === true,
    watchRegistration: workspace?.didChangeWatchedFiles?.dynamicRegistration === true,
    foldingRegistration: textDocument?.foldingRange?.dynamicRegistration === true,
    lensRegistration: textDocument?.codeLens?.dynamicRegistration === true,
    workspaceFolders: workspace?.workspaceFolders === true,
    workDoneProgress: window?.workDoneProgress === true,
    inlayHints: textDocument?.inlayHint !== undefined,
    inlayHintRefresh: workspace?.inlayHint?.refreshSupport === true,
    codeLens: textDocument?.codeLens !== undefined,
    codeLensRefresh: workspace?.codeLens?.refreshSupport === true,
    completion: textDocument?.completion !== undefined,
  };
}

/** Never definition, rename or semantic tokens, and completion inside masks only: those of C belong to clangd. */
export function serverCapabilities(features: ClientFeatures): ServerCapabilities {
  return {
    positionEncoding: features.encoding,
    textDocumentSync: { openClose: true, change: TextDocumentSyncKind.Incremental },
    hoverProvider: true,
    ...(features.completion && { completionProvider: { triggerCharacters: ['|'] } }),
    ...(features.inlayHints && { inlayHintProvider: true }),
    ...(features.codeLens && !features.lensRegistration && { codeLensProvider: {} }),
    codeActionProvider: features.codeActionLiterals
      ? { codeActionKinds: [CodeActionKind.QuickFix, CodeActionKind.RefactorRewrite, FIX_ALL] }
      : false,
    ...(features.pull && { diagnosticProvider: { identifier: 'gfp-lens', interFileDependencies: false, workspaceDiagnostics: false } }),
    ...(features.workspaceFolders && { workspace: { workspaceFolders: { supported: true, changeNotifications: true } } }),
  };
}
