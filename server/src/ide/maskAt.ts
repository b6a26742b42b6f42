import { type TextRange, touches } from '../base/range';
import { isWordByte } from '../base/words';
import type { CallSite, FileFacts, FunctionFacts, MaskSite, MaskTerm } from '../facts/site';
import type { KernelModel } from '../kernel/model';
import { exactly, type Mask, UNKNOWN } from '../mask/mask';
import type { SourceFile } from '../syntax/sourceFile';
import { functionWithGfpParameter } from './gfpParameters';

/** What stands at a place of the source, as far as it has to do with masks. */
export type MaskAt =
  /** The callee of an allocating call, or an argument of it that is no mask. */
  | { readonly kind: 'call'; readonly range: TextRange; readonly mask: Mask; readonly call: CallSite }
  /** A single flag or composite, inside an expression or anywhere else. */
  | { readonly kind: 'name'; readonly range: TextRange; readonly mask: Mask; readonly name: string; readonly site: MaskSite | undefined }
  /** A name the kernel does not have (any more, or yet). */
  | { readonly kind: 'absent'; readonly range: TextRange; readonly mask: Mask; readonly name: string }
  /** A whole mask expression, or an operand whose value only the expression shows. */
  | { readonly kind: 'expression'; readonly range: TextRange; readonly mask: Mask; readonly site: MaskSite }
  | {
      readonly kind: 'parameter';
      readonly range: TextRange;
      readonly mask: Mask;
      readonly name: string;
      readonly function: string;
      readonly calls: readonly CallSite[];
    };

/** The innermost thing at a byte offset that has a mask. */
export function maskAt(facts: FileFacts, model: KernelModel, offset: number): MaskAt | undefined {
  const word = wordAt(facts.file.bytes, offset);
  const fn = facts.functions.find((one) => touches(one.range, offset));
  const site = innermost([...(fn?.masks ?? []), ...callMasks(fn), ...facts.masks], offset);
  if (word !== undefined) {
    const name = nameAt(model, word, site);
    if (name !== undefined) return name;
  }
  if (site !== undefined) return expressionAt(site, offset);
  const call = innermostCall(fn, offset);
  if (call !== undefined) return { kind: 'call', range: call.calleeRange, mask: call.effectiveMask, call };
  return word === undefined ? undefined : parameterAt(facts.file, fn, word);
}

export interface Word {
  readonly text: string;
  readonly range: TextRange;
}

/** The identifier that touches an offset. Works in comments and directives too, where there are no tokens. */
export function wordAt(bytes: Uint8Array, offset: number): Word | undefined {
  let start = offset;
  let end = offset;
  while (start > 0 && isWordByte(bytes[start - 1]!)) start--;
  while (end < bytes.length && isWordByte(bytes[end]!)) end++;
  if (start === end || end - start > 200) return undefined;
  const text = String.fromCharCode(...bytes.subarray(start, end));
  return /^\d/.test(text) ? undefined : { text, range: { start, end } };
}

/** A known name of a flag; its raw form (`___GFP_IO`) means the same. */
export function flagBits(model: KernelModel, name: string): number | undefined {
  const plain = model.flags.plainName(name);
  return GFP_NAME.test(plain) ? model.flags.bits(plain) : undefined;
}

const GFP_NAME = /^_*GFP_/;

function nameAt(model: KernelModel, word: Word, site: MaskSite | undefined): MaskAt | undefined {
  const bits = flagBits(model, word.text);
  if (bits !== undefined) return { kind: 'name', range: word.range, mask: exactly(bits), name: word.text, site };
  if (model.flags.absent(word.text) !== undefined) return { kind: 'absent', range: word.range, mask: UNKNOWN, name: word.text };
  return undefined;
}

/** In an expression the whole value is shown; the highlighted range is the operand under the cursor. */
function expressionAt(site: MaskSite, offset: number): MaskAt {
  const term = site.terms.find((one: MaskTerm) => touches(one.range, offset));
  return { kind: 'expression', range: term?.range ?? site.range, mask: site.value, site };
}

function parameterAt(file: SourceFile, fn: FunctionFacts | undefined, word: Word): MaskAt | undefined {
  const entry = functionWithGfpParameter(file, word.range.start, word.text);
  if (entry === undefined) return undefined;
  return { kind: 'parameter', range: word.range, mask: UNKNOWN, name: word.text, function: entry.name, calls: fn?.calls ?? [] };
}

function callMasks(fn: FunctionFacts | undefined): MaskSite[] {
  return (fn?.calls ?? []).flatMap((call) => (call.mask === undefined ? [] : [call.mask]));
}

function innermostCall(fn: FunctionFacts | undefined, offset: number): CallSite | undefined {
  const calls = (fn?.calls ?? []).filter((call) => touches(call.calleeRange, offset));
  return innermost(calls, offset);
}

function innermost<T extends { readonly range: TextRange }>(items: readonly T[], offset: number): T | undefined {
  let best: T | undefined;
  for (const item of items) {
    if (!touches(item.range, offset)) continue;
    if (best === undefined || item.range.end - item.range.start < best.range.end - best.range.start) best = item;
  }
  return best;
}
