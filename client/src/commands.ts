import * as vscode from 'vscode';
import type { BaseLanguageClient } from 'vscode-languageclient';
import type { CheckParams, CheckResult } from '../../server/src/protocol/check';
import { check } from './check';
import type { CheckView } from './checkView';
import type { LogView } from './logView';
import { type MaskCommandContext, maskCommands } from './maskCommands';
import { rulePageUri } from './pages';
import { indexTree } from './treeIndex';

export interface CommandContext extends MaskCommandContext {
  /** Started when it was not yet. */
  readonly client: () => Promise<BaseLanguageClient>;
  readonly logView: LogView;
  readonly report: CheckView;
  readonly checked: (result: CheckResult) => void;
  readonly output: vscode.LogOutputChannel;
  readonly restart: () => Promise<void>;
}

export function registerCommands(context: CommandContext): vscode.Disposable[] {
  const { logView, output } = context;
  const commands: Record<string, (...args: never[]) => unknown> = {
    ...maskCommands(context),
    'gfpLens.checkFile': (uri?: unknown) => checkTarget(uri, (target) => run(context, 'file', target)),
    'gfpLens.checkFolder': (uri?: unknown) => checkFolder(context, uri),
    'gfpLens.checkTree': (uri?: unknown) => checkTarget(uri ?? firstFolder(), (target) => run(context, 'tree', target)),
    'gfpLens.indexTree': (uri?: unknown) =>
      checkTarget(uri ?? firstFolder(), async (target) => indexTree(await context.client(), target, output)),
    'gfpLens.explainFailure': (uri?: unknown, line?: unknown) => logView.explain(uri, line),
    'gfpLens.openRulePage': (id?: unknown) => openRulePage(context, id),
    'gfpLens.restartServer': () => context.restart(),
    'gfpLens.showReport': () => context.report.show(),
    'gfpLens.saveFiles': (uris?: unknown) => saveFiles(uris),
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

async function openRulePage({ pages }: CommandContext, given: unknown): Promise<void> {
  const id =
    typeof given === 'string'
      ? given
      : await vscode.window.showInputBox({ title: vscode.l10n.t('Open rule page'), placeHolder: 'sleep-in-atomic' });
  if (id) await pages.show(rulePageUri(id));
}

async function run({ client, output, checked }: CommandContext, kind: CheckParams['kind'], target: vscode.Uri): Promise<void> {
  const result = await check(await client(), kind, target, output);
  if (result !== undefined) checked(result);
}

async function checkFolder(context: CommandContext, uri: unknown): Promise<void> {
  const folder = uri instanceof vscode.Uri ? uri : (folderOfActiveFile() ?? firstFolder());
  await checkTarget(folder, (target) => run(context, 'folder', target));
}

/** Explorer and editor menus hand over the URI; from the palette it is the active file. */
async function checkTarget(uri: unknown, then: (target: vscode.Uri) => Promise<void>): Promise<void> {
  const target = uri instanceof vscode.Uri ? uri : vscode.window.activeTextEditor?.document.uri;
  if (target !== undefined) await then(target);
}

function folderOfActiveFile(): vscode.Uri | undefined {
  const file = vscode.window.activeTextEditor?.document.uri;
  return file === undefined ? undefined : vscode.Uri.joinPath(file, '..');
}

/** What the server had changed in files of its own, the project file and the baseline: it reads them from disk. */
async function saveFiles(uris: unknown): Promise<void> {
  if (!Array.isArray(uris)) return;
  for (const uri of uris) await (await vscode.workspace.openTextDocument(vscode.Uri.parse(String(uri)))).save();
}

function firstFolder(): vscode.Uri | undefined {
  return vscode.workspace.workspaceFolders?.[0]?.uri;
}
