import type { Finding } from '../rules/rule';
import type { CodeAction } from './codeActions';

const LF = 10;
/** Ends of lines behind which a statement begins. */
const BETWEEN_STATEMENTS = /(?:[;{}:]|\*\/|\)\s*(?:\/\*.*\*\/)?|\belse|\bdo)\s*$/;
const CONDITION = /^\s*(?:\}\s*)?(?:if|for|while|switch|else\s+if|\w*for_each\w*)\b.*\)\s*$/;

/** Adds a comment above the statement of a finding that says it is meant; the author has to give the reason. */
export function suppressAction(bytes: Uint8Array, finding: Finding): CodeAction | undefined {
  if (finding.rule === 'unused-suppression') return undefined;
  const line = statementLine(bytes, lineStart(bytes, finding.range.start));
  const indent = /^[ \t]*/.exec(lineText(bytes, line))![0];
  const newText = `${indent}/* gfp-lens: allow(${finding.rule}) TODO: say why */\n`;
  return {
    title: `Suppress ${finding.rule} here`,
    kind: 'quickfix',
    finding,
    safety: 'safe',
    preferred: false,
    edits: [{ range: { start: line, end: line }, newText }],
  };
}

/** Start of the line on which the statement around a line begins: a comment in the middle of one would cover the rest of it only. */
function statementLine(bytes: Uint8Array, line: number): number {
  let at = line;
  while (at > 0) {
    const before = lineStart(bytes, at - 1);
    const text = lineText(bytes, before).trimEnd();
    if (text === '' || text.trimStart().startsWith('#')) return at;
    if (BETWEEN_STATEMENTS.test(text) && (!text.endsWith(')') || CONDITION.test(text))) return at;
    at = before;
  }
  return at;
}

function lineStart(bytes: Uint8Array, offset: number): number {
  return bytes.lastIndexOf(LF, offset - 1) + 1;
}

function lineText(bytes: Uint8Array, start: number): string {
  const end = bytes.indexOf(LF, start);
  return new TextDecoder('latin1').decode(bytes.subarray(start, end < 0 ? bytes.length : end));
}
