import type { HostSettings } from '../ide/settings';
import type { Severity } from '../rules/rule';

const SEVERITIES: ReadonlySet<string> = new Set(['error', 'warning', 'info', 'hint', 'off']);

/**
 * Reads the client's `gfpLens` section. Never throws: a member of the wrong type counts as not given, because one typo in
 * a settings file must not switch the others off.
 */
export function readSettings(section: unknown): HostSettings {
  const root = record(section);
  const kernel = record(root.kernel);
  return {
    enable:
      root.enable === 'always' || root.enable === true ? 'always' : root.enable === 'never' || root.enable === false ? 'never' : 'auto',
    kernelVersion: text(kernel.version),
    kernelRoot: text(kernel.root),
    kernelConfig: text(kernel.config),
    severities: readSeverities(record(root.rules)),
    showPossible: root.showPossible === true,
    inlayHints: root.inlayHints === true,
    codeLens: root.codeLens === true,
    contextLens: root.contextLens === true,
    contextHints: root.contextHints === true,
    index: record(root.index).enable === true,
  };
}

function readSeverities(rules: Record<string, unknown>): ReadonlyMap<string, Severity | 'off'> {
  const severities = new Map<string, Severity | 'off'>();
  for (const [id, value] of Object.entries(rules)) {
    if (typeof value === 'string' && SEVERITIES.has(value)) severities.set(id, value as Severity | 'off');
  }
  return severities;
}

function record(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {};
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined;
}
