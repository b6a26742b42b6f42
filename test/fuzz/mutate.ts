import { mutateJson } from './mutateJson';
import type { Random } from './random';

/** No input grows beyond this, bytes. */
export const MAX_INPUT = 1 << 16;

/** What the mutation draws from. */
export interface Material {
  readonly words: readonly string[];
  /** Inputs that were worth keeping, as latin-1. */
  readonly corpus: readonly string[];
  readonly json: boolean;
}

type Change = (text: string, random: Random, material: Material) => string;

/** Changes a text (latin-1: a byte a character) in one to a few places, mostly along its own structure. */
export function mutate(text: string, random: Random, material: Material): string {
  let changed = text;
  for (let left = random.size(6); left > 0; left--) {
    changed =
      material.json && !random.once(8) ? mutateMessages(changed, random, material) : random.pick(CHANGES)(changed, random, material);
    if (changed.length > MAX_INPUT) changed = changed.slice(0, MAX_INPUT);
  }
  return changed;
}

/** Mostly within the messages, so that they stay messages; now and then their order. */
function mutateMessages(text: string, random: Random, material: Material): string {
  const kind = random.below(12);
  if (kind === 0) return deleteLines(text, random);
  if (kind === 1) return moveLines(text, random);
  if (kind === 2) return spliceLines(text, random, material);
  return mutateJson(text, random, material.words, (inner) => random.pick(CHANGES)(inner, random, material));
}

const TOKEN = /[A-Za-z_]\w*|\d[\w.]*|\s+|"(?:[^"\\\n]|\\.)*"|[\x80-\xff]+|./gs;
const ODD_NUMBERS = [
  '0',
  '1',
  '-1',
  '07',
  '0x7fffffff',
  '0xffffffffffffffff',
  '18446744073709551616',
  '1e999',
  '9'.repeat(40),
  '4096',
  '1u',
  '64ul',
  '31',
  '63',
  '64',
];
const PAIRS = ['()', '[]', '{}', '""', "''", '<>'];
const ODD_BYTES = ['\0', '\x7f', '\xff', '\xc3', '\xef\xbb\xbf', '\r', '\r\n', '\f', '\\\n', '\t', '\x1b[31m', '\xe2\x80\xae'];

const CHANGES: readonly Change[] = [
  deleteTokens,
  deleteTokens,
  copyTokens,
  swapTokens,
  insertWord,
  insertWord,
  replaceToken,
  replaceToken,
  spliceOther,
  spliceOther,
  changeNumber,
  repeatPiece,
  stretchPlace,
  nest,
  deleteLines,
  moveLines,
  insertByte,
  flipByte,
  cut,
];

/** Start and end of a stretch of whole tokens. */
function stretch(text: string, random: Random, longest: number): readonly [start: number, end: number] {
  if (text === '') return [0, 0];
  // Tokens near a random place: taking the whole of a long text apart for one of them would cost more than the run.
  const from = random.below(text.length);
  TOKEN.lastIndex = Math.max(0, text.lastIndexOf('\n', from) + 1);
  let start = TOKEN.lastIndex;
  for (let match = TOKEN.exec(text); match !== null; match = TOKEN.exec(text)) {
    start = match.index;
    if (TOKEN.lastIndex > from) break;
  }
  let end = TOKEN.lastIndex || text.length;
  for (let left = random.size(longest) - 1; left > 0; left--) {
    const match = TOKEN.exec(text);
    if (match === null) break;
    end = TOKEN.lastIndex;
  }
  return [start, Math.max(start, end)];
}

function replaced(text: string, start: number, end: number, by: string): string {
  return text.slice(0, start) + by + text.slice(end);
}

function deleteTokens(text: string, random: Random): string {
  const [start, end] = stretch(text, random, 12);
  return replaced(text, start, end, '');
}

function copyTokens(text: string, random: Random): string {
  const [start, end] = stretch(text, random, 40);
  const at = stretch(text, random, 1)[0];
  return replaced(text, at, at, text.slice(start, end));
}

function swapTokens(text: string, random: Random): string {
  const [a, b] = stretch(text, random, 8);
  const [c, d] = stretch(text, random, 8);
  if (b > c) return text;
  return text.slice(0, a) + text.slice(c, d) + text.slice(b, c) + text.slice(a, b) + text.slice(d);
}

function insertWord(text: string, random: Random, { words }: Material): string {
  const at = stretch(text, random, 1)[0];
  return replaced(text, at, at, random.pick(words) + (random.once(2) ? ' ' : ''));
}

function replaceToken(text: string, random: Random, { words }: Material): string {
  const [start, end] = stretch(text, random, 1);
  return replaced(text, start, end, random.pick(words));
}

function spliceOther(text: string, random: Random, { corpus }: Material): string {
  if (corpus.length === 0) return text;
  const other = random.pick(corpus);
  const [start, end] = stretch(other, random, 120);
  const [at, behind] = stretch(text, random, 20);
  return replaced(text, at, random.once(2) ? behind : at, other.slice(start, end));
}

function changeNumber(text: string, random: Random): string {
  const numbers = [...text.slice(0, 1 << 14).matchAll(/\d+/g)];
  if (numbers.length === 0) return text;
  const match = random.pick(numbers);
  const value = Number(match[0]);
  const by = random.once(2) ? random.pick(ODD_NUMBERS) : String(value + random.below(5) - 2);
  return replaced(text, match.index, match.index + match[0].length, by);
}

/** Long inputs of one kind show what takes more than its share of time. */
function repeatPiece(text: string, random: Random): string {
  const [start, end] = stretch(text, random, 30);
  const piece = text.slice(start, end);
  if (piece === '') return text;
  const times = random.once(20) ? Math.ceil(MAX_INPUT / 2 / piece.length) : random.size(30);
  return replaced(text, start, end, piece.repeat(times));
}

/** Blanks and letters without end are what patterns go back and forth over. */
function stretchPlace(text: string, random: Random): string {
  const at = random.below(text.length + 1);
  const piece = random.pick([' ', '\t', '0', 'a', ' 1', '/*', text.slice(at, at + 1), text.slice(at, at + 3)]) || ' ';
  return replaced(text, at, at, piece.repeat(random.once(10) ? MAX_INPUT / 2 / piece.length : random.size(50)));
}

function nest(text: string, random: Random): string {
  const [start, end] = stretch(text, random, 20);
  const pair = random.pick(PAIRS);
  const depth = random.once(20) ? 5000 : random.size(20);
  return replaced(text, start, end, pair[0]!.repeat(depth) + text.slice(start, end) + pair[1]!.repeat(random.once(4) ? depth - 1 : depth));
}

function lineRange(text: string, random: Random): readonly [start: number, end: number] {
  const start = text.lastIndexOf('\n', random.below(text.length + 1)) + 1;
  let end = start;
  for (let left = random.size(12); left > 0 && end < text.length; left--) {
    const next = text.indexOf('\n', end);
    end = next < 0 ? text.length : next + 1;
  }
  return [start, end];
}

function deleteLines(text: string, random: Random): string {
  const [start, end] = lineRange(text, random);
  return replaced(text, start, end, '');
}

function moveLines(text: string, random: Random): string {
  const [start, end] = lineRange(text, random);
  const at = lineRange(text, random)[0];
  return replaced(text, at, at, text.slice(start, end));
}

/** Messages of another input. */
function spliceLines(text: string, random: Random, { corpus }: Material): string {
  if (corpus.length === 0) return text;
  const other = random.pick(corpus);
  const [start, end] = lineRange(other, random);
  const at = lineRange(text, random)[0];
  return replaced(text, at, at, other.slice(start, end));
}

function insertByte(text: string, random: Random): string {
  const at = random.below(text.length + 1);
  return replaced(text, at, at, random.pick(ODD_BYTES));
}

function flipByte(text: string, random: Random): string {
  if (text === '') return text;
  const at = random.below(text.length);
  return replaced(text, at, at + 1, String.fromCharCode(text.charCodeAt(at) ^ (1 << random.below(8))));
}

/** As when the rest of a file has not arrived. */
function cut(text: string, random: Random): string {
  const at = random.below(text.length + 1);
  return random.once(2) ? text.slice(0, at) : text.slice(at);
}
