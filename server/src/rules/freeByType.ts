import { memoryOf } from '../facts/memory';
import type { CallSite } from '../facts/site';
import { declarationsOf } from '../facts/sizes';
import type { KernelModel, MemoryFamily } from '../kernel/model';
import { rangeOf } from '../syntax/tree';
import type { RuleContext } from './rule';

/** An object that only its own functions can free, whoever allocated it. */
export interface TypedObject {
  readonly family: MemoryFamily;
  /** Where its memory comes from, completing "it is …". */
  readonly what: string;
}

/** Functions that take an address of any type: for all others the compiler compares types. */
const TAKES_ADDRESS = /^(k|v|kv)free(_const|_sensitive|_atomic)?$|^kzfree$|^devm_kfree$/;

/** The words in a declaration that tell, and the declarations they tell of: a pointer to one object, not to an array of pointers. */
const TYPES: readonly { readonly word: string; readonly declaration: RegExp; readonly object: TypedObject }[] = [
  { word: 'sk_buff', declaration: /\bstruct sk_buff ?\*\w+$/, object: { family: 'skb', what: 'a struct sk_buff' } },
  { word: 'page', declaration: /\bstruct page ?\*\w+$/, object: { family: 'page', what: 'a struct page' } },
  { word: 'folio', declaration: /\bstruct folio ?\*\w+$/, object: { family: 'page', what: 'a struct folio' } },
  { word: '__percpu', declaration: /\b__percpu ?\*\w+$/, object: { family: 'percpu', what: '__percpu memory' } },
];

/** Names of members that are worth a look at their types. */
const TELLING_MEMBER = /(?:->|\.)\w*(skb|page|folio)$/i;

/** What an argument is by its type, when no function for addresses in general can free it. */
export function freedByType(free: CallSite, { facts, model }: RuleContext): TypedObject | undefined {
  const frees = free.api?.frees;
  const argument = free.args[frees?.arg ?? 0];
  if (frees === undefined || argument === undefined || argument.node === 0 || !TAKES_ADDRESS.test(free.callee)) return undefined;
  const object = /^\w+$/.test(argument.text) ? declaredObject(free, argument.text) : memberObject(argument, facts, model);
  return object === undefined || frees.families.includes(object.family) ? undefined : object;
}

function declaredObject({ function: { file, entry } }: CallSite, name: string): TypedObject | undefined {
  const { tree, interner } = file;
  const symbol = interner.find(name);
  // Few functions have such a word at all.
  const words = TYPES.filter(({ word }) =>
    hasWord(tree.tokens.symbol, interner.find(word), tree.first[entry.node]!, tree.end[entry.node]!),
  );
  if (words.length === 0) return undefined;
  const declared = declarationsOf(file)
    .locals(entry.node)
    .filter((local) => local.symbol === symbol);
  const [only] = declared;
  if (only === undefined || declared.length > 1) return undefined;
  const { start } = rangeOf(tree, only.specifiers);
  const end = tree.tokens.end[tree.tok[only.declarator]!]!;
  const type = `${spelled(file.bytes, start, rangeOf(tree, only.specifiers).end)} ${spelled(file.bytes, rangeOf(tree, only.declarator).start, end)}`;
  return words.find(({ declaration }) => declaration.test(type.replace(/\s+/g, ' ').replace(/\* /g, '*')))?.object;
}

function memberObject(argument: CallSite['args'][number], facts: RuleContext['facts'], model: KernelModel): TypedObject | undefined {
  if (!TELLING_MEMBER.test(argument.text)) return undefined;
  const memory = memoryOf(facts, model);
  const type = memory.evaluator.typeOf(memory.tree, memory.place(argument.node));
  const pointed = type.kind === 'pointer' ? type.to : undefined;
  const name = pointed?.kind === 'record' ? pointed.tag : pointed?.kind === 'unknown' ? pointed.name : '';
  return TYPES.find(({ object }) => object.what === `a ${name}`)?.object;
}

function hasWord(symbols: Uint32Array, word: number, first: number, end: number): boolean {
  if (word === 0) return false;
  for (let token = first; token < end; token++) if (symbols[token] === word) return true;
  return false;
}

const decoder = new TextDecoder();

function spelled(bytes: Uint8Array, start: number, end: number): string {
  return decoder.decode(bytes.subarray(start, end));
}
