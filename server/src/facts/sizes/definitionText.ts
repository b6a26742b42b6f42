import type { Interner } from '../../base/interner';
import { DirectiveKind, type Directives } from '../../syntax/directives';
import { lex } from '../../syntax/lexer';
import { TokenKind, type Tokens } from '../../syntax/tokens';

/** Words that stand between the members or enumerators of a prepared definition where a `#if` of unknown outcome stood. */
export const CHOICE_BEGIN = '__gfp_lens_choice_begin';
export const CHOICE_NEXT = '__gfp_lens_choice_next';
/** The end of a choice one of whose arms always holds (it has an `#else`). */
export const CHOICE_END = '__gfp_lens_choice_end';
/** The end of a choice of which perhaps no arm holds. */
export const CHOICE_END_OPEN = '__gfp_lens_choice_end_open';

/** What the preparation of a definition asks of the place it stands in. */
export interface DefinitionContext {
  /** The outcome of `#if text`; undefined when it is not known. */
  condition(text: string): boolean | undefined;
  /** The body of an object-like macro, as text. */
  macroText(name: string): string | undefined;
}

/** Words of include/linux/compiler_types.h that open and close a group of members that the compiler may shuffle. */
const SHUFFLED = new Set(['randomized_struct_fields_start', 'randomized_struct_fields_end']);

/** Parameters that stand before the members in the macros of include/uapi/linux/stddef.h and include/linux/stddef.h. */
const GROUPS: ReadonlyMap<string, { readonly leading: number; readonly attributes: number | undefined }> = new Map([
  ['struct_group', { leading: 1, attributes: undefined }],
  ['struct_group_tagged', { leading: 2, attributes: undefined }],
  ['struct_group_attr', { leading: 2, attributes: 1 }],
  ['__struct_group', { leading: 3, attributes: 2 }],
]);

/** The macros that stand for a group of members. */
export const MEMBER_GROUPS: readonly string[] = [...GROUPS.keys()];

const decoder = new TextDecoder();

/**
 * The text of a struct, union, enum or typedef as one reading that shows all it may hold: parts under a `#if` that does not hold are left
 * out, a `#if` whose outcome is unknown becomes a choice between its parts (the words above), member groups become
 * anonymous structs, and macros that stand for attributes are replaced. Undefined when a directive of unknown outcome stands inside a member.
 */
export function definitionText(
  bytes: Uint8Array,
  interner: Interner,
  kind: 'members' | 'enumerators',
  context: DefinitionContext,
): string | undefined {
  const { tokens, directives } = lex(bytes, interner);
  return new Preparation(bytes, tokens, directives, interner, kind, context).run();
}

interface Chain {
  /** The text around the chain is kept. */
  readonly outer: boolean;
  /** A branch that certainly holds has been met: what follows is dead. */
  decided: boolean;
  /** Branches of unknown outcome so far. */
  arms: number;
}

class Preparation {
  private out = '';
  /** Offset up to which the text has been copied or dropped. */
  private copied = 0;
  private live = true;
  private broken = false;
  private readonly chains: Chain[] = [];
  /** Closing parentheses of member groups, with the text that takes their place. */
  private readonly closing = new Map<number, string>();

  constructor(
    private readonly bytes: Uint8Array,
    private readonly tokens: Tokens,
    private readonly directives: Directives,
    private readonly interner: Interner,
    private readonly kind: 'members' | 'enumerators',
    private readonly context: DefinitionContext,
  ) {}

  run(): string | undefined {
    const { tokens, directives } = this;
    let directive = 0;
    for (let token = 1; token < tokens.count; token++) {
      for (; directive < directives.count && directives.token[directive]! <= token; directive++) this.directive(directive, token);
      if (this.live && tokens.kind[token] !== TokenKind.Eof) token = this.token(token);
    }
    this.copyTo(this.bytes.length);
    return this.broken || this.chains.length > 0 ? undefined : this.out;
  }

  /** Copies or replaces a token; returns the last token that was taken. */
  private token(token: number): number {
    const { tokens } = this;
    const replacement = this.closing.get(token);
    if (replacement !== undefined) this.replace(token, token, replacement);
    if (tokens.kind[token] !== TokenKind.Identifier) return token;
    const name = this.interner.text(tokens.symbol[token]!);
    if (SHUFFLED.has(name)) this.replace(token, token, ' ');
    const group = GROUPS.get(name);
    if (group !== undefined && tokens.kind[token + 1] === TokenKind.LParen) return this.openGroup(token, group);
    if (tokens.kind[token + 1] !== TokenKind.LParen && /align|pack|attr/i.test(name)) {
      const body = this.context.macroText(name);
      if (body !== undefined && /^(__attribute__|__aligned|__packed|____cacheline)/.test(body)) this.replace(token, token, body);
    }
    return token;
  }

  /** `struct_group(name, members)` counts as `struct { members }`. */
  private openGroup(token: number, { leading, attributes }: { leading: number; attributes: number | undefined }): number {
    const { kind } = this.tokens;
    const starts: number[] = [token + 2];
    let depth = 0;
    let at = token + 1;
    for (; at < this.tokens.count; at++) {
      if (kind[at] === TokenKind.LParen) depth++;
      else if (kind[at] === TokenKind.RParen && --depth === 0) break;
      else if (kind[at] === TokenKind.Comma && depth === 1 && starts.length <= leading) starts.push(at + 1);
    }
    if (starts.length <= leading) return token;
    const first = starts[leading]!;
    const words = attributes === undefined ? '' : this.text(starts[attributes]!, starts[attributes + 1]! - 1);
    this.closing.set(at, `} ${words}`);
    this.replace(token, first - 1, 'struct {');
    return first - 1;
  }

  private text(from: number, to: number): string {
    return from >= to ? '' : decoder.decode(this.bytes.subarray(this.tokens.start[from]!, this.tokens.end[to - 1]!));
  }

  private replace(from: number, to: number, text: string): void {
    this.copyTo(this.tokens.start[from]!);
    this.out += text;
    this.copied = this.tokens.end[to]!;
  }

  private copyTo(offset: number): void {
    if (this.live && offset > this.copied) this.out += decoder.decode(this.bytes.subarray(this.copied, offset));
    this.copied = Math.max(this.copied, offset);
  }

  private directive(index: number, token: number): void {
    const { directives } = this;
    const kind = directives.kind[index]!;
    this.copyTo(directives.start[index]!);
    this.copied = directives.end[index]!;
    // What an include brings into the middle of a definition is not seen.
    if (kind === DirectiveKind.Include && this.live) this.broken = true;
    if (kind < DirectiveKind.If) return;
    if (kind <= DirectiveKind.Ifndef) {
      this.chains.push({ outer: this.live, decided: false, arms: 0 });
      if (this.live) this.enter(this.chains.at(-1)!, this.outcome(index), token);
      return;
    }
    const chain = this.chains.at(-1);
    if (chain === undefined) {
      this.broken = true;
    } else if (kind === DirectiveKind.Endif) {
      this.chains.pop();
      this.live = chain.outer;
      if (chain.outer && chain.arms > 0) this.mark(chain.decided ? CHOICE_END : CHOICE_END_OPEN, token);
    } else if (chain.outer) {
      this.enter(chain, kind === DirectiveKind.Else ? true : this.outcome(index), token);
    }
  }

  private enter(chain: Chain, outcome: boolean | undefined, token: number): void {
    this.live = !chain.decided && outcome !== false;
    if (!this.live) return;
    chain.decided = outcome === true;
    // A branch that certainly holds and has no rival needs no choice.
    if (chain.decided && chain.arms === 0) return;
    this.mark(chain.arms++ === 0 ? CHOICE_BEGIN : CHOICE_NEXT, token);
  }

  private outcome(index: number): boolean | undefined {
    const { directives } = this;
    const text = decoder.decode(this.bytes.subarray(directives.argument[index]!, directives.end[index]!));
    const kind = directives.kind[index]!;
    if (kind === DirectiveKind.If || kind === DirectiveKind.Elif) return this.context.condition(text);
    const defined = this.context.condition(`defined(${/[A-Za-z_]\w*/.exec(text)?.[0] ?? ''})`);
    const negative = kind === DirectiveKind.Ifndef || kind === DirectiveKind.Elifndef;
    return defined === undefined ? undefined : defined !== negative;
  }

  /** Puts a choice word where a member or enumerator can stand. */
  private mark(word: string, token: number): void {
    const before = this.tokens.kind[token - 1];
    const members = this.kind === 'members';
    const between = before === TokenKind.LBrace || before === (members ? TokenKind.Semicolon : TokenKind.Comma);
    const atEnd = !members && (before === TokenKind.RBrace || this.tokens.kind[token] === TokenKind.RBrace);
    if (!between && !atEnd && !(members && before === TokenKind.RParen)) this.broken = true;
    this.out += members ? `\n${word}();\n` : `\n${between ? '' : ', '}${word},\n`;
  }
}
