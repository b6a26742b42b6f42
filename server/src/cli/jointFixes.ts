import { LineIndex } from '../base/lineIndex';
import { applyEdits } from '../program/edits';
import type { EditRecord, FixRecord, ReportedFinding } from '../report/record';
import type { TextEdit } from '../rules/rule';

/** Safe fixes that change several files: all of their edits are made, or none. */
export interface JointFixes {
  /** New texts by file, relative to the root as in reports. */
  readonly texts: ReadonlyMap<string, Uint8Array>;
  /** Files that must be written together. */
  readonly groups: readonly ReadonlySet<string>[];
  /** Findings whose fixes lie in the files of a group. */
  readonly fixedIn: (group: ReadonlySet<string>) => number;
}

/** Applies the fixes that go beyond their finding's file to the texts that `read` gives. Fixes that meet another one in a file are left out. */
export function applyJointFixes(findings: readonly ReportedFinding[], read: (file: string) => Uint8Array): JointFixes {
  const chosen = new Map<string, TextEdit[]>();
  const lines = new Map<string, { readonly bytes: Uint8Array; readonly index: LineIndex }>();
  const groups: Set<string>[] = [];
  const first: string[] = [];
  for (const fix of findings.flatMap(jointFix)) {
    const edits = fix.edits.map((edit) => ({ file: edit.file, edit: offsetsOf(edit, textOf(edit.file)) }));
    if (edits.some(({ file, edit }) => chosen.get(file)?.some((other) => meets(edit, other)))) continue;
    for (const { file, edit } of edits) chosen.set(file, [...(chosen.get(file) ?? []).filter((other) => !isSame(edit, other)), edit]);
    addGroup(groups, new Set(edits.map(({ file }) => file)));
    first.push(fix.edits[0]!.file);
  }
  const texts = new Map([...chosen].map(([file, edits]) => [file, applyEdits(textOf(file).bytes, edits)]));
  return { texts, groups, fixedIn: (group) => first.filter((file) => group.has(file)).length };

  function textOf(file: string): { readonly bytes: Uint8Array; readonly index: LineIndex } {
    let known = lines.get(file);
    if (known === undefined) {
      const bytes = read(file);
      lines.set(file, (known = { bytes, index: new LineIndex(bytes) }));
    }
    return known;
  }
}

function jointFix({ file, fixes }: ReportedFinding): FixRecord[] {
  const fix = fixes.find((one) => one.safety === 'safe');
  return fix?.edits.some((edit) => edit.file !== file) ? [fix] : [];
}

/** Throws where no word stands any more. */
function offsetsOf(edit: EditRecord, { bytes, index }: { readonly bytes: Uint8Array; readonly index: LineIndex }): TextEdit {
  const start = index.offset({ line: edit.line - 1, column: edit.column - 1 });
  const end = index.offset({ line: edit.endLine - 1, column: edit.endColumn - 1 });
  const old = new TextDecoder('latin1').decode(bytes.subarray(start, end));
  if (!/^\w*$/.test(old)) throw new Error(`${edit.file} was changed meanwhile`);
  return { range: { start, end }, newText: edit.newText };
}

/** Two fixes may share an edit: the same kfree() becomes kvfree() for both. */
function meets(a: TextEdit, b: TextEdit): boolean {
  return !isSame(a, b) && a.range.start <= b.range.end && b.range.start <= a.range.end;
}

function isSame(a: TextEdit, b: TextEdit): boolean {
  return a.range.start === b.range.start && a.range.end === b.range.end && a.newText === b.newText;
}

/** Fixes that share a file are written together. */
function addGroup(groups: Set<string>[], files: Set<string>): void {
  for (let at = groups.length - 1; at >= 0; at--) {
    if (![...groups[at]!].some((file) => files.has(file))) continue;
    for (const file of groups[at]!) files.add(file);
    groups.splice(at, 1);
  }
  groups.push(files);
}
