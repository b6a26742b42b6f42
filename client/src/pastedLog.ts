import * as vscode from 'vscode';

/** First lines of reports, as far as they tell a kernel log from any other text. */
const REPORT =
  /page allocation failure: order:\d|page allocation failure\. order:\d|invoked oom-killer: gfp_mask=0x|BUG: sleeping function called from invalid context|BUG: scheduling while atomic:|SLUB: Unable to allocate memory on/;
/** A paste that is longer is looked at as far as this, UTF-16 units. */
const LOOKED_AT = 1 << 20;

/** Kernel logs that are pasted into an untitled editor get their language, as VS Code does it for others by their first words. */
export function watchPastedLogs(): vscode.Disposable {
  return vscode.workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
    if (document.uri.scheme !== 'untitled' || document.languageId !== 'plaintext') return;
    if (contentChanges.some(({ text }) => text.includes('\n') && REPORT.test(text.slice(0, LOOKED_AT))))
      void vscode.languages.setTextDocumentLanguage(document, 'kernel-log');
  });
}
