import * as vscode from 'vscode';
import type { LanguageClient } from 'vscode-languageclient/node';
import { check } from './check';
import type { LogView } from './logView';
import { maskTextAt } from './maskText';
import { maskPageUri, type Pages, rulePageUri } from './pages';

export interface CommandContext {
  readonly client: LanguageClient;
  readonly pages: Pages;
  readonly logView: LogView;
  readonly output: vscode.LogOutputChannel;
  readonly restart: () => Promise<void>;
}

export function registerCommands(context: CommandContext): vscode.Disposable[] {
  const { client, logView, output } = context;
  const commands: Record<string, (...args: never[]) => unknown> = {
    'gfpLens.decodeMask': (text?: unknown) => decodeMask(context, text),
    'gfpLens.checkFile': (uri?: unknown) => checkTarget(uri, (target) => check(client, 'file', target, output)),
    'gfpLens.checkFolder': (uri?: unknown) => checkFolder(context, uri),
    'gfpLens.checkTree': (uri?: unknown) => checkTarget(uri ?? firstFolder(), (target) => check(client, 'tree', target, output)),
    'gfpLens.explainFailure': (uri?: unknown, line?: unknown) => logView.explain(uri, line),
    'gfpLens.openRulePage': (id?: unknown) => openRulePage(context, id),
    'gfpLens.restartServer': () => context.restart(),
    'gfpLens.showOutput': () => output.show(true),
  };
  return Object.entries(commands).map(([id, run]) => vscode.commands.registerCommand(id, logFailures(run, output)));
}

/** A command that fails says so in the output channel, not in a message box. */
function logFailures(run: (...args: never[]) => unknown, output: vscode.LogOutputChannel): (...args: never[]) => Promise<void> {
  return async (...args) => {
    try {
      await run(...args);
    } catch (error) {
      output.error(error instanceof Error ? error : String(error));
      output.show(true);
    }
  };
}

async function decodeMask({ pages }: CommandContext, given: unknown): Promise<void> {
  const text = typeof given === 'string' ? given : (maskAtCursor() ?? (await askForMask()));
  if (text) await pages.show(maskPageUri(text, vscode.window.activeTextEditor?.document.uri));
}

function maskAtCursor(): string | undefined {
  const editor = vscode.window.activeTextEditor;
  if (editor === undefined) return undefined;
  const { selection, document } = editor;
  if (!selection.isEmpty) return document.getText(selection).trim();
  return maskTextAt(document.lineAt(selection.active.line).text, selection.active.character);
}

function askForMask(): Thenable<string | undefined> {
  return vscode.window.showInputBox({
    title: 'Decode GFP mask',
    prompt: 'An expression such as GFP_NOFS | __GFP_ZERO, or a number from a trace or a log',
    placeHolder: '0xcc0',
  });
}

async function openRulePage({ pages }: CommandContext, given: unknown): Promise<void> {
  const id =
    typeof given === 'string' ? given : await vscode.window.showInputBox({ title: 'Open rule page', placeHolder: 'sleep-in-atomic' });
  if (id) await pages.show(rulePageUri(id));
}

async function checkFolder({ client, output }: CommandContext, uri: unknown): Promise<void> {
  const folder = uri instanceof vscode.Uri ? uri : (folderOfActiveFile() ?? firstFolder());
  await checkTarget(folder, (target) => check(client, 'folder', target, output));
}

/** Explorer and editor menus hand over the URI; from the palette it is the active file. */
async function checkTarget(uri: unknown, run: (target: vscode.Uri) => Promise<void>): Promise<void> {
  const target = uri instanceof vscode.Uri ? uri : vscode.window.activeTextEditor?.document.uri;
  if (target !== undefined) await run(target);
}

function folderOfActiveFile(): vscode.Uri | undefined {
  const file = vscode.window.activeTextEditor?.document.uri;
  return file === undefined ? undefined : vscode.Uri.joinPath(file, '..');
}

function firstFolder(): vscode.Uri | undefined {
  return vscode.workspace.workspaceFolders?.[0]?.uri;
}
