/// <reference types="mocha" />
import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { eventually, hoverText, open, positionOf } from './support';

const LOG = 'failure.dmesg';
const TITLE = 'page allocation failure: fragmentation';

/** Tabs that show the page of a failure. */
function pages(): readonly vscode.Tab[] {
  const tabs = vscode.window.tabGroups.all.flatMap((group) => group.tabs);
  return tabs.filter((tab) => tab.input instanceof vscode.TabInputWebview && tab.input.viewType.endsWith('gfpLens.log'));
}

describe('kernel logs in VS Code', () => {
  afterEach(() => vscode.commands.executeCommand('workbench.action.closeAllEditors'));

  it('a log is recognised by its name, and its blocks, zones and masks explain themselves', async () => {
    const { document } = await open(LOG);
    assert.equal(document.languageId, 'kernel-log');
    const position = positionOf(document, '22418*4kB', 'DMA32: ');
    await eventually('a hover on a block count', async () => {
      const hovers = await vscode.commands.executeCommand<vscode.Hover[]>('vscode.executeHoverProvider', document.uri, position);
      return /22418 free blocks of order 0/.test(hoverText(hovers)) ? true : undefined;
    });
  });

  it('the lens opens a page that explains the failure', async () => {
    const { document } = await open(LOG);
    const lens = await eventually('a lens', async () => {
      const lenses = await vscode.commands.executeCommand<vscode.CodeLens[]>('vscode.executeCodeLensProvider', document.uri, 10);
      return lenses?.find((one) => one.command?.command === 'gfpLens.explainFailure');
    });
    assert.equal(lens.command?.title, `Explain this failure (${TITLE})`);
    await vscode.commands.executeCommand(lens.command.command, ...(lens.command.arguments ?? []));
    await eventually('the page', () => (pages().some((tab) => tab.label === TITLE) ? true : undefined));
    assert.equal(pages().length, 1);
  });

  it('a failure folds, with its trace and its memory report', async () => {
    const { document } = await open(LOG);
    const folds = await eventually('folds', async () => {
      const ranges = await vscode.commands.executeCommand<vscode.FoldingRange[]>('vscode.executeFoldingRangeProvider', document.uri);
      return ranges !== undefined && ranges.length >= 3 ? ranges : undefined;
    });
    assert.ok(folds.some(({ start }) => document.lineAt(start).text.includes('Mem-Info')));
  });

  it('a pasted log becomes a kernel log, and the command explains it', async () => {
    const text = (await vscode.workspace.openTextDocument((await open(LOG)).document.uri)).getText();
    const document = await vscode.workspace.openTextDocument({ content: '' });
    const editor = await vscode.window.showTextDocument(document);
    await editor.edit((edit) => edit.insert(new vscode.Position(0, 0), text));
    const language = (): string | undefined =>
      vscode.workspace.textDocuments.find(({ uri }) => uri.toString() === document.uri.toString())?.languageId;
    await eventually('the language', () => (language() === 'kernel-log' ? true : undefined));
    await vscode.commands.executeCommand('gfpLens.explainFailure');
    await eventually('the page', () => (pages().some((tab) => tab.label === TITLE) ? true : undefined));
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
  });

  it('the command reads plain text as a log, and says when there is nothing to explain', async () => {
    const document = await vscode.workspace.openTextDocument({ content: 'Dear diary,\n', language: 'plaintext' });
    await vscode.window.showTextDocument(document);
    await vscode.commands.executeCommand('gfpLens.explainFailure');
    await eventually('the page', () => (pages().some((tab) => tab.label === 'Kernel log') ? true : undefined));
  });
});
