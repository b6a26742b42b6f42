import type { TextRange } from '../base/range';
import { bodyOf } from '../facts/fileScope';
import type { FileFacts, FunctionFacts } from '../facts/site';
import type { Finding } from '../rules/rule';
import { findSuppressions } from '../rules/suppression';
import type { FunctionEntry, SourceFile } from '../syntax/sourceFile';
import { rangeOf } from '../syntax/tree';
import { changeBetween, movedRange, stretchedRange, type TextChange } from './textChange';

/** A text of which every function was judged, as far as that helps with the next one. */
export interface JudgedText {
  readonly bytes: Uint8Array;
  /** In the order of the file. */
  readonly functions: readonly FunctionPlace[];
  readonly findings: readonly JudgedFinding[];
}

interface FunctionPlace {
  readonly name: string;
  readonly view: number;
  readonly range: TextRange;
  /** Empty where there is no block. */
  readonly body: TextRange;
}

interface JudgedFinding {
  /** What people see of it; its fixes are made from the text they are for. */
  readonly finding: Finding;
  /** The function it lies in; undefined outside of functions. */
  readonly owner: string | undefined;
}

/** What an edit inside of one function asks for. */
export interface FunctionEdit {
  /** The function in the newer text, in each of its views that holds something of interest: to be judged anew. */
  readonly functions: readonly FunctionFacts[];
  /** What was found in all others, at its new places. */
  readonly carried: readonly Finding[];
}

/** Undefined where a comment of the file allows findings: whether it does so still takes all of them. */
export function judgedText({ file }: FileFacts, findings: readonly Finding[]): JudgedText | undefined {
  if (findSuppressions(file).length > 0) return undefined;
  const judged = findings.map(({ fixes: _, call: __, mask: ___, function: owner, ...finding }) => ({ finding, owner: owner?.name }));
  return { bytes: file.bytes, functions: placesOf(file), findings: judged };
}

/**
 * What is left of an older text's findings in a newer one; undefined unless the two differ in statements of one function and nothing else. What the
 * edit means for findings of other functions (memory that is allocated here and freed there) is not known by it.
 */
export function functionEdit(older: JudgedText, { file, functions }: FileFacts): FunctionEdit | undefined {
  const change = changeBetween(older.bytes, file.bytes);
  if (isEmpty(change.before) && isEmpty(change.after)) return { functions: [], carried: older.findings.map(({ finding }) => finding) };
  const places = placesOf(file);
  if (!hasPlainLines(older.bytes, change.before) || !hasPlainLines(file.bytes, change.after)) return undefined;
  if (findSuppressions(file).length > 0 || !sameFunctions(older.functions, places, change)) return undefined;
  const edited = places.filter(({ body }) => isInside(change.after, body));
  const [first] = edited;
  // Findings of functions with one name are numbered in turn.
  if (first === undefined || places.some((one) => one.name === first.name && !edited.includes(one))) return undefined;
  const carried = older.findings.filter(({ owner }) => owner !== first.name).map(({ finding }) => movedFinding(finding, change));
  return { functions: functions.filter(({ name }) => name === first.name), carried };
}

function isEmpty({ start, end }: TextRange): boolean {
  return start === end;
}

/** Whether the functions of two texts are the same ones, apart from what stands in the body that was changed. */
function sameFunctions(older: readonly FunctionPlace[], newer: readonly FunctionPlace[], change: TextChange): boolean {
  if (older.length !== newer.length) return false;
  return older.every((one, index) => {
    const now = newer[index]!;
    if (one.name !== now.name || one.view !== now.view) return false;
    const isEdited = isInside(change.before, one.body);
    if (isEdited !== isInside(change.after, now.body)) return false;
    const expected = isEdited ? stretchedRange(change, one.range) : movedRange(change, one.range);
    return expected !== undefined && expected.start === now.range.start && expected.end === now.range.end;
  });
}

function placesOf(file: SourceFile): readonly FunctionPlace[] {
  return file.functions.map((entry) => placeOf(file, entry));
}

function placeOf({ tree }: SourceFile, { name, view, node }: FunctionEntry): FunctionPlace {
  const body = bodyOf(tree, node);
  const range = rangeOf(tree, node);
  return { name, view, range, body: body === 0 ? { start: range.end, end: range.end } : rangeOf(tree, body) };
}

/** Between the braces. */
function isInside(change: TextRange, body: TextRange): boolean {
  return body.start < change.start && change.end < body.end;
}

const HASH = 35;
const BACKSLASH = 92;
const LF = 10;
const CR = 13;

/** Whether the lines that a range touches hold no directive, and are no part of one. */
function hasPlainLines(bytes: Uint8Array, { start, end }: TextRange): boolean {
  const first = start === 0 ? 0 : bytes.lastIndexOf(LF, start - 1) + 1;
  const newline = bytes.indexOf(LF, end);
  const behind = newline < 0 ? bytes.length : newline;
  if (goesOn(bytes, first - 1) || goesOn(bytes, behind)) return false;
  for (let at = first; at < behind; at++) if (bytes[at] === HASH || (bytes[at] === LF && goesOn(bytes, at))) return false;
  return true;
}

/** Whether a backslash joins the lines around a newline. */
function goesOn(bytes: Uint8Array, newline: number): boolean {
  return bytes[bytes[newline - 1] === CR ? newline - 2 : newline - 1] === BACKSLASH;
}

function movedFinding(finding: Finding, change: TextChange): Finding {
  const { path, range, trace } = finding;
  const steps = trace?.map((step) =>
    step.path === undefined || step.path === path ? { ...step, range: stretchedRange(change, step.range) } : step,
  );
  return { ...finding, range: stretchedRange(change, range), ...(steps && { trace: steps }) };
}
