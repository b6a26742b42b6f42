import * as vscode from 'vscode';
import type { CheckResult } from '../../server/src/protocol/check';
import type { StatusParams } from '../../server/src/protocol/status';
import type { IndexStateParams } from '../../server/src/protocol/treeIndex';

/** The language status item of C files: which kernel model the findings rest on, and whether the server is well. */
export class Status implements vscode.Disposable {
  private readonly item: vscode.LanguageStatusItem;
  /** The last check of more than the open files; made with the first one. */
  private lastCheck: vscode.LanguageStatusItem | undefined;
  /** What the server said last, per document; the empty key is the server as a whole. */
  private readonly byDocument = new Map<string, StatusParams>();
  /** About the index of the tree; undefined when nobody asked for one. */
  private index: IndexStateParams | undefined;
  private readonly listeners: vscode.Disposable[];

  constructor(private readonly selector: vscode.DocumentSelector) {
    this.item = vscode.languages.createLanguageStatusItem('gfpLens.status', selector);
    this.item.name = 'GFP Lens';
    this.show('GFP Lens', vscode.l10n.t('waits for kernel code'), vscode.LanguageStatusSeverity.Information, false);
    this.listeners = [
      vscode.window.onDidChangeActiveTextEditor(() => this.render()),
      vscode.workspace.onDidCloseTextDocument((document) => this.byDocument.delete(document.uri.toString())),
    ];
  }

  get text(): string {
    return this.item.text;
  }

  /** All that stands below it. */
  get detail(): string {
    const { lastCheck } = this;
    return [this.item.detail, lastCheck?.text, lastCheck?.detail].filter((part) => part !== undefined).join('\n');
  }

  starting(): void {
    this.byDocument.clear();
    this.index = undefined;
    this.show('GFP Lens', vscode.l10n.t('starting'), vscode.LanguageStatusSeverity.Information, true);
    this.item.command = { command: 'gfpLens.showOutput', title: vscode.l10n.t('Show output') };
  }

  update(status: StatusParams): void {
    this.byDocument.set(status.uri === undefined ? '' : vscode.Uri.parse(status.uri).toString(), status);
    this.render();
  }

  indexed(index: IndexStateParams): void {
    this.index = index;
    this.render();
  }

  /** A check of more than the open files ended. */
  checked({ findings, files, cancelled, report }: CheckResult): void {
    const time = new Date().toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' });
    this.lastCheck ??= vscode.languages.createLanguageStatusItem('gfpLens.lastCheck', this.selector);
    this.lastCheck.name = vscode.l10n.t('GFP Lens: last check');
    this.lastCheck.text = vscode.l10n.t('{0} findings in {1} files', findings, files);
    this.lastCheck.detail = cancelled === true ? vscode.l10n.t('check stopped {0}', time) : vscode.l10n.t('last check {0}', time);
    if (report !== undefined) this.lastCheck.command = { command: 'gfpLens.showReport', title: vscode.l10n.t('Report') };
  }

  /** The server is gone and stays so until the user restarts it. */
  failed(reason: string): void {
    this.byDocument.clear();
    this.show(vscode.l10n.t('GFP Lens stopped'), reason, vscode.LanguageStatusSeverity.Error, false);
    this.item.command = { command: 'gfpLens.restartServer', title: vscode.l10n.t('Restart') };
  }

  dispose(): void {
    for (const listener of this.listeners) listener.dispose();
    this.lastCheck?.dispose();
    this.item.dispose();
  }

  private render(): void {
    const active = vscode.window.activeTextEditor?.document.uri.toString();
    const status = (active === undefined ? undefined : this.byDocument.get(active)) ?? this.byDocument.get('');
    if (status === undefined) return;
    const about = status.message ?? vscode.l10n.t('GFP Lens: the kernel these masks are for');
    this.show(
      `Linux ${status.model}`,
      this.index === undefined ? about : `${about} · ${this.index.message}`,
      this.index?.state === 'failed' ? vscode.LanguageStatusSeverity.Warning : vscode.LanguageStatusSeverity.Information,
      status.state === 'busy' || this.index?.state === 'reading',
    );
    this.item.command = { command: 'workbench.action.openSettings', title: vscode.l10n.t('Settings'), arguments: ['gfpLens.'] };
  }

  private show(text: string, detail: string, severity: vscode.LanguageStatusSeverity, busy: boolean): void {
    this.item.text = text;
    this.item.detail = detail;
    this.item.severity = severity;
    this.item.busy = busy;
  }
}
