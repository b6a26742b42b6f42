import { grown } from '../base/grown';
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

/** Types that do not end in `_t`. */
const TYPE_WORDS = `u8 u16 u32 u64 u128 s8 s16 s32 s64 s128 __u8 __u16 __u32 __u64 __s8 __s16 __s32 __s64 __le16 __le32 __le64
  __be16 __be32 __be64 __sum16 __wsum uint ulong ushort uchar u_char u_short u_int u_long va_list acpi_status acpi_handle acpi_size
  acpi_string BOOLEAN UINT8 UINT16 UINT32 UINT64 INT8 INT16 INT32 INT64 CHAR UCHAR SHORT USHORT LONG ULONG INT UINT DWORD WORD BYTE`;
const ASM_WORDS = 'asm_inline __asm_inline asm_volatile asm_volatile_goto asm_goto asm_goto_output';
const ITERATOR = /for_?each|_each_|^each_|iterate_|FOR_?EACH|LIST_WALK/;
const GUARD = /^scoped_|guard/;

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
  /** Traits of the words that are listed here, by symbol; most symbols lie above its end. */
  private readonly listed: Uint8Array;
  /** {@link traits} by symbol, 0 for symbols not asked about yet. */
  private cached = new Uint8Array(1 << 13);

  constructor(
    private readonly interner: Interner,
    annotations: ReadonlySet<string>,
  ) {
    const keywords = symbolsOf(interner, KEYWORDS);
    const directives = symbolsOf(interner, DIRECTIVES);
    this.keywords = tableOf([...directives.map(([symbol]) => [symbol, TokenKind.Identifier] as const), ...keywords], TokenKind.Identifier);
    this.directives = tableOf([...keywords.map(([symbol]) => [symbol, DirectiveKind.Other] as const), ...directives], DirectiveKind.Other);
    this.keywordLimit = this.keywords.length;
    this.weakSymbol = interner.intern('__weak');
    this.listed = tableOf(
      symbolsOf(interner, [
        [Trait.Annotation, [...annotations].join(' ')],
        [Trait.Annotation, ANNOTATION_WORDS],
        [Trait.Annotation | Trait.Attribute, ATTRIBUTE_WORDS],
        [Trait.Type, TYPE_WORDS],
        [Trait.Asm, ASM_WORDS],
      ]),
      0,
    );
  }

  /** The bits among Annotation, Attribute and Asm: what is known of a name without looking at its spelling. */
  listedTraits(symbol: number): number {
    return symbol < this.listed.length ? this.listed[symbol]! : 0;
  }

  /** All {@link Trait} bits of a name. */
  traits(symbol: number): number {
    const cached = symbol < this.cached.length ? this.cached[symbol]! : 0;
    return cached !== 0 ? cached : this.study(symbol);
  }

  private study(symbol: number): number {
    if (symbol >= this.cached.length) this.cached = grown(this.cached, Math.max(this.interner.size, this.cached.length * 2, symbol + 1));
    const text = this.interner.text(symbol);
    let traits = Trait.Seen | this.listedTraits(symbol);
    if (text.endsWith('_t')) traits |= Trait.Type;
    if (ITERATOR.test(text)) traits |= Trait.Iterator;
    if (GUARD.test(text)) traits |= Trait.Guard;
    if (text.toUpperCase() === text) traits |= Trait.Upper;
    this.cached[symbol] = traits;
    return traits;
  }
}

type Listed = readonly (readonly [symbol: number, value: number])[];

function symbolsOf(interner: Interner, lists: readonly (readonly [value: number, words: string])[]): Listed {
  return lists.flatMap(([value, words]) =>
    words
      .split(/\s+/)
      .filter((word) => word !== '')
      .map((word) => [interner.intern(word), value] as const),
  );
}

/** Values by symbol; the table ends behind the highest symbol, later entries win. */
function tableOf(entries: Listed, otherwise: number): Uint8Array {
  const table = new Uint8Array(entries.reduce((limit, [symbol]) => Math.max(limit, symbol + 1), 0)).fill(otherwise);
  for (const [symbol, value] of entries) table[symbol] = value;
  return table;
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
