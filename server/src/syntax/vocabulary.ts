import type { Interner } from '../base/interner';
import { ANNOTATION_WORDS, ATTRIBUTE_WORDS } from './annotationWords';
import { DirectiveKind } from './directives';
import { TokenKind } from './tokens';

/** What is known of a name from its spelling alone; bits of {@link Vocabulary.traits}. */
export const enum Trait {
  Seen = 1,
  /** A word that annotates a declaration and may be passed over (`__init`, `__user`, `__must_check`, `__printf(1, 2)`). */
  Annotation = 2,
  /** An annotation that stays in the tree as an Attribute node (`__free`, `__packed`, `__aligned`). */
  Attribute = 4,
  /** Probably a type: `u8`, `gfp_t`. */
  Type = 8,
  /** An iterator macro: `list_for_each_entry`, `netdev_foreach`. */
  Iterator = 16,
  /** A macro that guards the statement behind it: `scoped_guard`. */
  Guard = 32,
  /** No lower-case letter: by convention a macro. */
  Upper = 64,
  /** Stands for `asm` with operands: `asm_volatile_goto`, `asm_inline`. */
  Asm = 128,
}

const KEYWORDS: readonly (readonly [TokenKind, string])[] = [
  [TokenKind.Auto, 'auto'],
  [TokenKind.Break, 'break'],
  [TokenKind.Case, 'case'],
  [TokenKind.Const, 'const __const __const__'],
  [TokenKind.Continue, 'continue'],
  [TokenKind.Default, 'default'],
  [TokenKind.Do, 'do'],
  [TokenKind.Else, 'else'],
  [TokenKind.Enum, 'enum'],
  [TokenKind.Extern, 'extern'],
  [TokenKind.For, 'for'],
  [TokenKind.Goto, 'goto'],
  [TokenKind.If, 'if'],
  [TokenKind.Inline, 'inline __inline __inline__ __always_inline'],
  [TokenKind.Register, 'register'],
  [TokenKind.Restrict, 'restrict __restrict __restrict__'],
  [TokenKind.Return, 'return'],
  [TokenKind.Signed, 'signed __signed __signed__'],
  [TokenKind.Sizeof, 'sizeof'],
  [TokenKind.Static, 'static'],
  [TokenKind.Struct, 'struct'],
  [TokenKind.Switch, 'switch'],
  [TokenKind.Typedef, 'typedef'],
  [TokenKind.Union, 'union'],
  [TokenKind.Unsigned, 'unsigned'],
  [TokenKind.Volatile, 'volatile __volatile __volatile__'],
  [TokenKind.While, 'while'],
  [
    TokenKind.BasicType,
    'void char short int long float double _Bool bool __int128 __int128_t __uint128_t _Complex _Float16 __builtin_va_list',
  ],
  [TokenKind.Asm, 'asm __asm __asm__'],
  [TokenKind.Attribute, '__attribute __attribute__'],
  [TokenKind.Typeof, 'typeof __typeof __typeof__ typeof_unqual __typeof_unqual__ __unqual_scalar_typeof'],
  [TokenKind.Alignof, '_Alignof __alignof __alignof__ alignof'],
  [TokenKind.Extension, '__extension__'],
  [TokenKind.Generic, '_Generic'],
  [TokenKind.AutoType, '__auto_type'],
  [TokenKind.Label, '__label__'],
  [TokenKind.StaticAssert, '_Static_assert'],
  [TokenKind.BuiltinOffsetof, '__builtin_offsetof'],
];

const DIRECTIVES: readonly (readonly [DirectiveKind, string])[] = [
  [DirectiveKind.Define, 'define'],
  [DirectiveKind.Undef, 'undef'],
  [DirectiveKind.Include, 'include include_next'],
  [DirectiveKind.If, 'if'],
  [DirectiveKind.Ifdef, 'ifdef'],
  [DirectiveKind.Ifndef, 'ifndef'],
  [DirectiveKind.Elif, 'elif'],
  [DirectiveKind.Elifdef, 'elifdef'],
  [DirectiveKind.Elifndef, 'elifndef'],
  [DirectiveKind.Else, 'else'],
  [DirectiveKind.Endif, 'endif'],
];

const TYPE_NAME =
  /_t$|^(__)?[us](8|16|32|64|128)$|^__(le|be|sum)(16|32|64)$|^(uint|ulong|ushort|uchar|u_char|u_short|u_int|u_long|va_list|__wsum|__poll_t|acpi_status|acpi_handle|acpi_size|acpi_string|irqreturn_t|BOOLEAN|UINT\d+|INT\d+|U?CHAR|U?SHORT|U?LONG|U?INT|DWORD|WORD|BYTE)$/;
const ITERATOR = /for_?each|_each_|^each_|iterate_|FOR_?EACH|LIST_WALK/;
const GUARD = /^scoped_|guard/;
const ASM_WORD = /^(asm_inline|asm_volatile_goto|asm_goto|asm_goto_output|__asm_inline|asm_volatile)$/;

/** The words of the language and of the kernel's dialect, looked up by interned symbol. */
export class Vocabulary {
  /** Symbols at or above this one are no keywords. */
  readonly keywordLimit: number;
  /** {@link TokenKind} of keywords by symbol, Identifier for the others below the limit. */
  readonly keywords: Uint8Array;
  /** {@link DirectiveKind} by symbol, below the same limit. */
  readonly directives: Uint8Array;
  /** Symbol of `__weak`. */
  readonly weakSymbol: number;
  private readonly annotationTraits = new Map<number, number>();
  private cached = new Uint8Array(1 << 13);

  constructor(
    private readonly interner: Interner,
    annotations: ReadonlySet<string>,
  ) {
    let limit = 0;
    for (const [, words] of KEYWORDS) for (const word of words.split(' ')) limit = Math.max(limit, interner.intern(word));
    for (const [, words] of DIRECTIVES) for (const word of words.split(' ')) limit = Math.max(limit, interner.intern(word));
    this.keywordLimit = limit + 1;
    this.keywords = new Uint8Array(limit + 1).fill(TokenKind.Identifier);
    this.directives = new Uint8Array(limit + 1);
    for (const [kind, words] of KEYWORDS) for (const word of words.split(' ')) this.keywords[interner.intern(word)] = kind;
    for (const [kind, words] of DIRECTIVES) for (const word of words.split(' ')) this.directives[interner.intern(word)] = kind;
    this.weakSymbol = interner.intern('__weak');
    for (const word of annotations) this.annotationTraits.set(interner.intern(word), Trait.Annotation);
    for (const word of ANNOTATION_WORDS) this.annotationTraits.set(interner.intern(word), Trait.Annotation);
    for (const word of ATTRIBUTE_WORDS) this.annotationTraits.set(interner.intern(word), Trait.Annotation | Trait.Attribute);
  }

  /** {@link Trait} bits of a name. */
  traits(symbol: number): number {
    const cached = symbol < this.cached.length ? this.cached[symbol]! : 0;
    return cached !== 0 ? cached : this.study(symbol);
  }

  private study(symbol: number): number {
    if (symbol >= this.cached.length) {
      const grown = new Uint8Array(Math.max(this.interner.size, this.cached.length * 2, symbol + 1));
      grown.set(this.cached);
      this.cached = grown;
    }
    const text = this.interner.text(symbol);
    let traits = Trait.Seen | (this.annotationTraits.get(symbol) ?? 0);
    if (TYPE_NAME.test(text)) traits |= Trait.Type;
    if (ITERATOR.test(text)) traits |= Trait.Iterator;
    if (GUARD.test(text)) traits |= Trait.Guard;
    if (text.toUpperCase() === text) traits |= Trait.Upper;
    if (ASM_WORD.test(text)) traits |= Trait.Asm;
    this.cached[symbol] = traits;
    return traits;
  }
}

const NO_ANNOTATIONS: ReadonlySet<string> = new Set();
const vocabularies = new WeakMap<Interner, WeakMap<ReadonlySet<string>, Vocabulary>>();

/** The vocabulary of an interner, made once per interner and set of additional annotation words. */
export function vocabularyOf(interner: Interner, annotations: ReadonlySet<string> = NO_ANNOTATIONS): Vocabulary {
  let byAnnotations = vocabularies.get(interner);
  if (byAnnotations === undefined) vocabularies.set(interner, (byAnnotations = new WeakMap()));
  let vocabulary = byAnnotations.get(annotations);
  if (vocabulary === undefined) byAnnotations.set(annotations, (vocabulary = new Vocabulary(interner, annotations)));
  return vocabulary;
}
