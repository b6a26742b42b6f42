import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Interner } from '../../../server/src/base/interner';
import { DirectiveKind } from '../../../server/src/syntax/directives';
import { lex } from '../../../server/src/syntax/lexer';
import { TokenKind } from '../../../server/src/syntax/tokens';

const encoder = new TextEncoder();
const decoder = new TextDecoder();
const interner = new Interner();

interface Seen {
  readonly kind: TokenKind;
  readonly text: string;
}

function tokensOf(code: string, macroBody = false): readonly Seen[] {
  const bytes = encoder.encode(code);
  const { tokens } = lex(bytes, interner, undefined, macroBody);
  const seen: Seen[] = [];
  for (let i = 1; i < tokens.count - 1; i++) {
    seen.push({ kind: tokens.kind[i]! as TokenKind, text: decoder.decode(bytes.subarray(tokens.start[i], tokens.end[i])) });
  }
  return seen;
}

const texts = (code: string): readonly string[] => tokensOf(code).map((token) => token.text);
const kinds = (code: string): readonly TokenKind[] => tokensOf(code).map((token) => token.kind);

test('names, numbers, literals and punctuators', () => {
  assert.deepEqual(texts('a->b+++c <<=d ... .5 x.y 0x1e+2 1e-5f 1...5 L"w" u8\'c\''), [
    'a',
    '->',
    'b',
    '++',
    '+',
    'c',
    '<<=',
    'd',
    '...',
    '.5',
    'x',
    '.',
    'y',
    '0x1e',
    '+',
    '2',
    '1e-5f',
    '1',
    '...',
    '5',
    'L"w"',
    "u8'c'",
  ]);
  assert.deepEqual(kinds('== != <= >= && || -- ~ ! ? :'), [
    TokenKind.Equal,
    TokenKind.NotEqual,
    TokenKind.LessEqual,
    TokenKind.GreaterEqual,
    TokenKind.AmpAmp,
    TokenKind.PipePipe,
    TokenKind.MinusMinus,
    TokenKind.Tilde,
    TokenKind.Not,
    TokenKind.Question,
    TokenKind.Colon,
  ]);
});

test('GNU spellings fold into one keyword, names are interned', () => {
  assert.deepEqual(kinds('inline __inline__ __inline typeof __typeof__ asm __asm__ bool _Bool'), [
    TokenKind.Inline,
    TokenKind.Inline,
    TokenKind.Inline,
    TokenKind.Typeof,
    TokenKind.Typeof,
    TokenKind.Asm,
    TokenKind.Asm,
    TokenKind.BasicType,
    TokenKind.BasicType,
  ]);
  const { tokens } = lex(encoder.encode('foo bar foo'), interner);
  assert.equal(tokens.symbol[1], tokens.symbol[3]);
  assert.equal(interner.text(tokens.symbol[2]!), 'bar');
});

test('an interner that knew other names before gives the same kinds', () => {
  const used = new Interner();
  for (const word of ['zebra', 'while', 'apple']) used.intern(word);
  const { tokens } = lex(encoder.encode('while apple'), used);
  assert.deepEqual([tokens.kind[1], tokens.kind[2]], [TokenKind.While, TokenKind.Identifier]);
});

test('comments and white space are no tokens', () => {
  assert.deepEqual(texts('a/* b\n * c */d // e\nf /* unfinished'), ['a', 'd', 'f']);
  assert.deepEqual(texts('a // b \\\n c\nd'), ['a', 'd']);
});

test('line continuations stand between tokens, in literals and in names', () => {
  assert.deepEqual(texts('a \\\n b\\\r\n\tc "d\\\ne"'), ['a', 'b', 'c', '"d\\\ne"']);
  const { tokens } = lex(encoder.encode('long\\\nname x'), interner);
  assert.equal(interner.text(tokens.symbol[1]!), 'longname');
  assert.equal(tokens.end[1], 10);
});

test('unfinished literals end with their line', () => {
  assert.deepEqual(texts('"abc\nd'), ['"abc', 'd']);
  assert.deepEqual(texts("don't\nd"), ['don', "'t", 'd']);
  assert.deepEqual(texts('"a\\'), ['"a\\']);
});

test('stray bytes are unknown tokens', () => {
  assert.deepEqual(kinds('@ a \\ b `'), [
    TokenKind.Unknown,
    TokenKind.Identifier,
    TokenKind.Unknown,
    TokenKind.Identifier,
    TokenKind.Unknown,
  ]);
  assert.deepEqual(texts('naïve'), ['naïve']);
  assert.deepEqual(kinds('é'), [TokenKind.Unknown]);
});

test('a byte order mark is skipped', () => {
  assert.deepEqual(texts('\uFEFFint x;'), ['int', 'x', ';']);
});

test('directives are listed with their ranges and the token behind them', () => {
  const code = "a\n#define M(x) \\\n\tx /* c\n */ y\n  # ifdef B // c\nb\n/* c */ #else\n#endif\n#error don't\n#include <x.h>\nc # d\n";
  const bytes = encoder.encode(code);
  const { directives, tokens } = lex(bytes, interner);
  const list = Array.from({ length: directives.count }, (_, i) => [
    directives.kind[i],
    code.slice(directives.start[i], directives.end[i]),
    decoder.decode(bytes.subarray(tokens.start[directives.token[i]!], tokens.end[directives.token[i]!])),
  ]);
  assert.deepEqual(list, [
    [DirectiveKind.Define, '#define M(x) \\\n\tx /* c\n */ y', 'b'],
    [DirectiveKind.Ifdef, '# ifdef B // c', 'b'],
    [DirectiveKind.Else, '#else', 'c'],
    [DirectiveKind.Endif, '#endif', 'c'],
    [DirectiveKind.Other, "#error don't", 'c'],
    [DirectiveKind.Include, '#include <x.h>', 'c'],
  ]);
  assert.deepEqual(texts('c # d\n'), ['c', '#', 'd']);
});

test('in a macro body # and ## are tokens', () => {
  assert.deepEqual(
    tokensOf('#x ## y', true).map((token) => token.kind),
    [TokenKind.Hash, TokenKind.Identifier, TokenKind.HashHash, TokenKind.Identifier],
  );
});

test('an empty text has the two ends only', () => {
  const { tokens } = lex(new Uint8Array(0), interner);
  assert.equal(tokens.count, 2);
});
