import type { Finding, Fix, TextEdit } from '../rules/rule';

/**
 * Applies the safe fixes of the findings to one file's text, at most one per finding. A fix that touches bytes of an
 * earlier one, or another file, is left for the next round. Returns undefined when there is nothing to apply.
 */
export function applySafeFixes(bytes: Uint8Array, findings: readonly Finding[]): Uint8Array | undefined {
  const chosen: TextEdit[] = [];
  for (const finding of findings) {
    const fix = finding.fixes?.find((one) => one.safety === 'safe' && isLocal(one, finding.path));
    if (fix === undefined || fix.edits.some((edit) => chosen.some((other) => collide(edit, other)))) continue;
    chosen.push(...fix.edits.filter((edit) => !chosen.some((other) => isSame(edit, other))));
  }
  return chosen.length === 0 ? undefined : applyEdits(bytes, chosen);
}

/** Replaces the ranges, which must not overlap; insertions at one place keep their order. */
export function applyEdits(bytes: Uint8Array, edits: readonly TextEdit[]): Uint8Array {
  const parts: Uint8Array[] = [];
  let at = 0;
  for (const edit of [...edits].sort((a, b) => a.range.start - b.range.start || a.range.end - b.range.end)) {
    parts.push(bytes.subarray(at, edit.range.start), encoder.encode(edit.newText));
    at = edit.range.end;
  }
  parts.push(bytes.subarray(at));
  return joined(parts);
}

const encoder = new TextEncoder();

function isLocal(fix: Fix, path: string): boolean {
  return fix.edits.length > 0 && fix.edits.every((edit) => edit.path === undefined || edit.path === path);
}

/** Two fixes may share an edit (the same `kfree` becomes `kvfree`), but not meet in any other way. */
function collide(a: TextEdit, b: TextEdit): boolean {
  if (isSame(a, b)) return false;
  const gap = a.range.end < b.range.start || b.range.end < a.range.start;
  return !gap;
}

function isSame(a: TextEdit, b: TextEdit): boolean {
  return a.range.start === b.range.start && a.range.end === b.range.end && a.newText === b.newText && a.range.start !== a.range.end;
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const out = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}
