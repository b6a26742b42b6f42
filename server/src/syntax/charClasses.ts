/** What a byte can begin; the lexer switches on it. */
export const enum CharClass {
  Unknown = 0,
  Space,
  NewLine,
  NameStart,
  Digit,
  Quote,
  Apostrophe,
  Slash,
  Hash,
  Dot,
  Backslash,
  /** A punctuator that is always one byte long. */
  Single,
  /** A punctuator that may continue: + - * % & | ^ = ! < > */
  Operator,
}

/** {@link CharClass} of each byte. */
export const CHAR_CLASS = new Uint8Array(256);
/** 1 for the bytes that continue a name: letters, digits, `_`, `$` and everything outside ASCII. */
export const IN_NAME = new Uint8Array(256);

function mark(bytes: string, charClass: CharClass): void {
  for (let i = 0; i < bytes.length; i++) CHAR_CLASS[bytes.charCodeAt(i)] = charClass;
}

const LETTERS = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_$';
const DIGITS = '0123456789';

mark(' \t\r\f\v', CharClass.Space);
mark('\n', CharClass.NewLine);
mark(LETTERS, CharClass.NameStart);
mark(DIGITS, CharClass.Digit);
mark('"', CharClass.Quote);
mark("'", CharClass.Apostrophe);
mark('/', CharClass.Slash);
mark('#', CharClass.Hash);
mark('.', CharClass.Dot);
mark('\\', CharClass.Backslash);
mark('(){}[];,:?~', CharClass.Single);
mark('+-*%&|^=!<>', CharClass.Operator);

for (let i = 0; i < LETTERS.length; i++) IN_NAME[LETTERS.charCodeAt(i)] = 1;
for (let i = 0; i < DIGITS.length; i++) IN_NAME[DIGITS.charCodeAt(i)] = 1;
for (let byte = 0x80; byte < 0x100; byte++) IN_NAME[byte] = 1;
