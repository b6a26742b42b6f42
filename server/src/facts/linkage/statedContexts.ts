import { closingBracket, isMemberAccess } from '../../syntax/brackets';
import { TokenKind } from '../../syntax/tokens';
import { bodyOf, type FileScope } from '../fileScope';
import { Role } from '../names';
import { type CType, memberOf, pointee } from '../sizes/ctype';
import { Entered, type Mention, MentionUse } from './linkage';

/** Finds the type of the variable that a token of the file names. */
export type TypeOfName = (token: number) => CType | undefined;

/**
 * What the words of {@link Role.States} say, checked by sparse, by Clang or by lockdep (include/linux/compiler_types.h, lockdep.h, spinlock.h of 6.1 and 6.12;
 * include/linux/compiler-context-analysis.h of 7.0): a lock of the kind their argument has, or what stands here.
 */
const STATED: ReadonlyMap<string, Entered> = new Map([
  ['assert_spin_locked', Entered.Lock],
  ['assert_raw_spin_locked', Entered.Lock],
  ['lockdep_assert_irqs_disabled', Entered.InterruptsOff],
  ['lockdep_assert_preemption_disabled', Entered.PreemptionOff],
  ['lockdep_assert_in_irq', Entered.InterruptsOff],
  ['lockdep_assert_in_softirq', Entered.SoftirqsOff],
]);

/** Types of locks under which nothing may sleep, as they are declared. */
const SPINNING = new Set(['spinlock_t', 'raw_spinlock_t', 'rwlock_t', 'seqlock_t', 'struct spinlock', 'struct raw_spinlock']);
const DEFINES_SPINLOCK = new Set(['DEFINE_SPINLOCK', 'DEFINE_RAW_SPINLOCK', 'DEFINE_RWLOCK', 'DEFINE_SEQLOCK']);

/** Words behind which a lock may have been taken since the function was entered. */
const CHANGES = Role.Context | Role.Guard | Role.Test | Role.MayLock | Role.MayUnlock | Role.LocalMacro;

/** Argument tokens that are looked at; longer ones name no lock. */
const MAX_ARGUMENT = 24;

/**
 * What a function says of the context it is entered in: `__must_hold(&x->lock)` in its head, `lockdep_assert_held(&x->lock)` as a statement of its body
 * before it takes anything. Only what forbids sleeping is told, so a mutex is not; `typeOf` is asked for the kind of a lock.
 */
export function statedContexts(scope: FileScope, node: number, typeOf: TypeOfName): Mention[] {
  const { tree } = scope.file;
  const found: Mention[] = [];
  const body = tree.first[bodyOf(tree, node)]!;
  const wayIn = new WayIn(scope, body);
  scope.words.some(tree.first[node]!, tree.end[node]!, Role.States, (_symbol, _role, token) => {
    const bits = token < body || wayIn.leadsTo(token) ? new Statement(scope, token, typeOf).bits() : 0;
    if (bits !== 0)
      found.push({
        function: tree.tokens.symbol[tree.tok[node]!]!,
        offset: tree.tokens.start[token]!,
        use: MentionUse.Stated,
        owner: scope.file.interner.intern(textOf(scope, token)),
        slot: bits,
        call: -1,
      });
    return false;
  });
  return found;
}

/** The way from the beginning of a body to its statements, walked once for all of them in their order. */
class WayIn {
  private token: number;
  private depth = 0;
  private isOver = false;

  constructor(
    private readonly scope: FileScope,
    body: number,
  ) {
    this.token = body;
  }

  /** Whether a statement stands in the body's own block where every way passes, with no lock and no test of the context before it. */
  leadsTo(statement: number): boolean {
    const { scope, token: from } = this;
    const { kind } = scope.file.tree.tokens;
    for (; this.token < statement; this.token++) {
      const at = kind[this.token];
      if (at === TokenKind.LBrace) this.depth++;
      else if (at === TokenKind.RBrace) this.depth--;
      else if (at === TokenKind.Return || at === TokenKind.Goto) this.isOver = true;
    }
    this.isOver ||= scope.words.has(from, statement, CHANGES);
    const before = kind[statement - 1];
    const isStatement = before === TokenKind.Semicolon || before === TokenKind.LBrace || before === TokenKind.RBrace;
    return isStatement && !this.isOver && this.depth === 1;
  }
}

/** `word(argument)` as it is written. */
function textOf(scope: FileScope, word: number): string {
  const { tree } = scope.file;
  return scope.texts.slice(tree, { start: tree.tokens.start[word]!, end: tree.tokens.end[closing(scope, word)]! });
}

/** The parenthesis that ends the argument of a word; the word itself where it has none. */
function closing(scope: FileScope, word: number): number {
  return closingBracket(scope.file.tree.tokens.kind, word + 1, word + 1 + MAX_ARGUMENT) || word;
}

/** One use of a word with its argument. */
class Statement {
  private readonly end: number;

  constructor(
    private readonly scope: FileScope,
    private readonly word: number,
    private readonly typeOf: TypeOfName,
  ) {
    this.end = closing(scope, word);
  }

  /** What it says is in force; 0 when that is nothing, or not known. */
  bits(): number {
    const known = STATED.get(this.text(this.word));
    if (known !== undefined) return known;
    if (this.end === this.word) return 0;
    const name = this.text(this.word + 2);
    if (this.end === this.word + 3 && /^rcu$/i.test(name)) return Entered.Rcu;
    return this.isSpinning() ? Entered.Lock : 0;
  }

  private isSpinning(): boolean {
    const { kind } = this.scope.file.tree.tokens;
    const first = kind[this.word + 2] === TokenKind.Amp ? this.word + 3 : this.word + 2;
    if (kind[first] !== TokenKind.Identifier) return false;
    const declared = this.typeOf(first);
    if (declared === undefined) return first === this.end - 1 && this.isDefinedSpinning(first);
    let type = declared;
    for (let token = first + 1; token < this.end; token += 2) {
      // Whoever owns a socket (lock_sock()) may say that its spinlock is held, though it is not.
      if (!isMemberAccess(kind[token]) || this.text(token + 1) === 'slock') return false;
      const member = memberOf(kind[token] === TokenKind.Arrow ? pointee(type) : type, this.text(token + 1));
      if (member === undefined) return false;
      type = member.type;
    }
    return isSpinningType(type.kind === 'pointer' ? type.to : type);
  }

  /** `DEFINE_SPINLOCK(name)` in the file: no declaration to the parser. */
  private isDefinedSpinning(name: number): boolean {
    const { kind, symbol, count } = this.scope.file.tree.tokens;
    for (let token = 3; token < count; token++)
      if (symbol[token] === symbol[name] && kind[token - 1] === TokenKind.LParen && DEFINES_SPINLOCK.has(this.text(token - 2))) return true;
    return false;
  }

  private text(token: number): string {
    const { tree, interner } = this.scope.file;
    const symbol = tree.tokens.symbol[token]!;
    return symbol === 0 ? '' : interner.text(symbol);
  }
}

function isSpinningType(type: CType): boolean {
  return (type.kind === 'named' && SPINNING.has(type.name)) || (type.kind === 'record' && SPINNING.has(type.tag));
}
