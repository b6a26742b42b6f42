import type { Connection } from 'vscode-languageserver';
import type { Snapshot } from '../ide/snapshot';
import { type StatusParams, statusNotice } from '../protocol/status';

/** Tells our own client which kernel model is in use and what the server is busy with; each state once. */
export class StatusReports {
  private readonly sent = new Map<string, string>();

  /** `enabled` is false for clients that do not know the notification. */
  constructor(
    private readonly connection: Connection,
    private readonly enabled: boolean,
  ) {}

  document(uri: string, snapshot: Snapshot): void {
    if (!this.enabled) return;
    const { label } = snapshot.kernelOf(uri).context.model;
    const analysed = snapshot.isAnalysed(uri);
    this.send({ uri, model: label, state: 'idle', ...(!analysed && { message: 'GFP Lens: not kernel code, not analysed' }) });
  }

  busy(snapshot: Snapshot, message: string): void {
    this.send({ model: this.label(snapshot), state: 'busy', message });
  }

  idle(snapshot: Snapshot): void {
    this.send({ model: this.label(snapshot), state: 'idle' });
  }

  closed(uri: string): void {
    this.sent.delete(uri);
  }

  private label(snapshot: Snapshot): string {
    return this.enabled ? snapshot.kernelOf(undefined).context.model.label : '';
  }

  private send(status: StatusParams): void {
    if (!this.enabled) return;
    const text = JSON.stringify(status);
    const key = status.uri ?? '';
    if (this.sent.get(key) === text) return;
    this.sent.set(key, text);
    void this.connection.sendNotification(statusNotice.method, status).catch(() => undefined);
  }
}
