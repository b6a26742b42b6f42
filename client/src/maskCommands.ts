import * as vscode from 'vscode';
import type { MaskExplorer } from './maskExplorer';
import { maskTextAt } from './maskText';
import { comparisonPageUri, maskPageUri, type Pages, releasesPageUri } from './pages';

export interface MaskCommandContext {
  readonly pages: Pages;
  readonly explorer: MaskExplorer;
}

/** The commands about masks; each takes the mask as an argument, else the one at the cursor, else it asks. */
export function maskCommands({ pages, explorer }: MaskCommandContext): Record<string, (...args: never[]) => unknown> {
  return {
    'gfpLens.decodeMask': async (given?: unknown) => {
      const text = await maskOf(given, vscode.l10n.t('Decode GFP mask'));
      if (text) await pages.show(maskPageUri(text, activeDocument()));
    },
    'gfpLens.exploreMask': (given?: unknown) => explorer.show(typeof given === 'string' ? given : maskAtCursor(), activeDocument()),
    'gfpLens.compareMasks': async (given?: unknown, other?: unknown) => {
      const first = await maskOf(given, vscode.l10n.t('First of two masks'));
      const second = first && (typeof other === 'string' ? other : await askForMask(vscode.l10n.t('Compare {0} with', first)));
      if (first && second) await pages.show(comparisonPageUri(first, second, activeDocument()));
    },
    'gfpLens.compareReleases': async (given?: unknown) => {
      const text = await maskOf(given, vscode.l10n.t('Compare a mask across kernel releases'));
      if (text) await pages.show(releasesPageUri(text, activeDocument()));
    },
  };
}

function activeDocument(): vscode.Uri | undefined {
  return vscode.window.activeTextEditor?.document.uri;
}

async function maskOf(given: unknown, title: string): Promise<string | undefined> {
  return typeof given === 'string' ? given : (maskAtCursor() ?? (await askForMask(title)));
}

function maskAtCursor(): string | undefined {
  const editor = vscode.window.activeTextEditor;
  if (editor === undefined) return undefined;
  const { selection, document } = editor;
  if (!selection.isEmpty) return document.getText(selection).trim();
  return maskTextAt(document.lineAt(selection.active.line).text, selection.active.character);
}

function askForMask(title: string): Thenable<string | undefined> {
  return vscode.window.showInputBox({
    title,
    prompt: vscode.l10n.t('An expression such as GFP_NOFS | __GFP_ZERO, or a number from a trace or a log'),
    placeHolder: '0xcc0',
  });
}
