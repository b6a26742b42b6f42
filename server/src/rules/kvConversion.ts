import { atomicAt, type FileMemory, type Life, lifeOfResult } from '../facts/memory';
import type { CallSite } from '../facts/site';
import type { KernelModel } from '../kernel/model';
import type { Fix, RuleContext, TextEdit } from './rule';

/** What it takes to turn an allocation and all frees of its memory into their kv forms. */
export interface KvConversion {
  /** Somebody needs one physical block: nothing is offered. */
  readonly forbidden: boolean;
  /** Some free of the memory is in sight. */
  readonly freed: boolean;
  /** First reason why a person must look. Undefined: the pointer's whole life is seen. */
  readonly reason: string | undefined;
  /** The edits of the allocation and the frees, in this file and in others; undefined when no free is in sight, or one has no kv form. */
  readonly edits: readonly TextEdit[] | undefined;
}

/** A free to convert, wherever it stands. */
interface Freed {
  readonly path: string | undefined;
  readonly start: number;
  readonly end: number;
  readonly callee: string;
  /** What forbids sleeping there; empty where nothing does. */
  readonly atomic: string;
}

/** Frees that take vmalloc memory as they are. */
const TAKES_ANY = /^(kvfree|kvfree_rcu\w*|kfree_rcu\w*|kvfree_atomic|kvfree_sensitive)$/;

/** Looks at the whole life of what a call allocates: in its file, and through what is known of members that other files share. */
export function kvConversion(memory: FileMemory, call: CallSite, { model, fields, facts, verdictAt }: RuleContext): KvConversion {
  const life = lifeOfResult(memory, call);
  const verdicts = [...life.fields].map((key) => ({ key, verdict: fields.get(key) }));
  // Functions of other files that get the memory were asked what they do with it.
  const answers = life.concerns.map((concern) => ({ concern, answer: concern.key === undefined ? undefined : fields.get(concern.key) }));
  const answered = answers.flatMap(({ answer }) => (answer?.complete === true ? [answer] : []));
  const shared = [...verdicts.flatMap(({ verdict }) => verdict ?? []), ...answered];
  const unanswered = answers.flatMap(({ concern, answer }) => (answer?.complete === true ? [] : [concern]));
  const concerns = [...unanswered, ...shared.flatMap((verdict) => verdict.concerns)];
  const forbidden = concerns.some((concern) => concern.kind === 'contiguous');
  const freed = [...ownFrees(memory, life, verdictAt), ...shared.flatMap((verdict) => verdict.releases)];
  const converted = freed.map((one) => ({ one, newText: kvFree(one, model) }));
  const open = verdicts.find(({ verdict }) => verdict?.complete !== true);
  const stubborn = converted.find(({ newText }) => newText === undefined)?.one;
  const reason =
    concerns.find((concern) => concern.kind === 'unseen')?.reason ??
    (open === undefined ? undefined : `other files may use ${open.key}`) ??
    (stubborn === undefined ? undefined : `${stubborn.callee}() has no kv form with the same arguments`) ??
    sleepingFree(freed, model) ??
    (verdictAt(call.calleeRange.start)?.kind === 'atomic' ? 'a caller may hold a lock' : undefined);
  if (freed.length === 0 || stubborn !== undefined) return { forbidden, freed: freed.length > 0, reason, edits: undefined };
  return { forbidden, freed: true, reason, edits: editsOf(call, converted, facts.file.path) };
}

function ownFrees(memory: FileMemory, { releases }: Life, verdictAt: RuleContext['verdictAt']): readonly Freed[] {
  return releases.map(({ callee, range, call }) => {
    const verdict = verdictAt(range.start);
    const here = call === undefined ? '' : atomicAt(memory, call);
    return { path: undefined, ...range, callee, atomic: here || (verdict?.kind === 'atomic' ? verdict.reason : '') };
  });
}

/** vfree() inside of kvfree() may sleep except in interrupts (mm/vmalloc.c); kvfree_atomic() does not. */
function sleepingFree(freed: readonly Freed[], model: KernelModel): string | undefined {
  const bad = freed.find(({ callee, atomic }) => atomic !== '' && kvFreeName(callee, model) === 'kvfree');
  return bad === undefined || hasFunction(model, 'kvfree_atomic') ? undefined : `kvfree() may sleep, but ${bad.atomic}`;
}

function kvFree({ callee, atomic }: Freed, model: KernelModel): string | undefined {
  const name = kvFreeName(callee, model);
  return name === 'kvfree' && atomic !== '' && hasFunction(model, 'kvfree_atomic') ? 'kvfree_atomic' : name;
}

function kvFreeName(callee: string, model: KernelModel): string | undefined {
  if (callee === 'kfree') return 'kvfree';
  if (callee.startsWith('kfree_rcu')) {
    // One implementation serves both names (kernel/rcu/tree.c).
    const name = `kv${callee.slice(1)}`;
    return hasFunction(model, name) ? name : undefined;
  }
  return TAKES_ANY.test(callee) ? callee : undefined;
}

function hasFunction(model: KernelModel, name: string): boolean {
  return model.functions.get(name) !== undefined;
}

interface Converted {
  readonly one: Freed;
  readonly newText: string | undefined;
}

function editsOf(call: CallSite, converted: readonly Converted[], path: string): readonly TextEdit[] {
  const edits: TextEdit[] = [{ range: call.calleeRange, newText: call.api!.kvForm! }];
  for (const { one, newText } of converted) {
    if (newText === undefined || newText === one.callee) continue;
    const elsewhere = one.path !== undefined && one.path !== path ? { path: one.path, oldText: one.callee } : {};
    const edit = { ...elsewhere, range: { start: one.start, end: one.end }, newText };
    if (!edits.some((known) => known.path === edit.path && known.range.start === edit.range.start)) edits.push(edit);
  }
  return edits.sort((a, b) => (a.path ?? '').localeCompare(b.path ?? '') || a.range.start - b.range.start);
}

/** The fixes of one conversion: the plain one, and where it pays to try harder first, one that also says so in the mask. */
export function conversionFixes(call: CallSite, { edits, reason }: KvConversion, model: KernelModel): readonly Fix[] {
  if (edits === undefined) return [];
  const files = new Set(edits.map((edit) => edit.path)).size;
  const freeing = [...new Set(edits.map((edit) => edit.newText))].filter((name) => name !== call.api!.kvForm);
  const where = files > 1 ? ` in ${files} files` : '';
  const title = `Use ${call.api!.kvForm}()${freeing.map((name) => ` and ${name}()`).join('')}${where}`;
  const caution = reason === undefined ? '' : `; look first: ${reason}`;
  const safety = reason === undefined ? 'safe' : 'unsafe';
  const plain: Fix = { title: `${title}${caution}`, safety, edits };
  const harder = tryHarder(call, model);
  if (harder === undefined) return [plain];
  const why = 'large long-lived arrays are read faster from contiguous memory, so it tries for that before it falls back';
  return [plain, { title: `${title}, with __GFP_RETRY_MAYFAIL: ${why}${caution}`, safety, edits: [...edits, harder] }];
}

/** Elements that are structs of their own, a cache line or more: queues and tables that are walked all the time. */
const STRUCT_BYTES = 64;

/**
 * Before it falls back, kvmalloc() tries only lightly for more than a page, unless the mask has __GFP_RETRY_MAYFAIL (kmalloc_gfp_adjust() in mm/util.c).
 * That is worth its compaction for arrays of structs that live as long as their device, not for a buffer of one system call.
 */
function tryHarder(call: CallSite, model: KernelModel): TextEdit | undefined {
  const { mask, size, result } = call;
  if (mask === undefined || result.kind !== 'field' || model.behaviour.kvmalloc.firstTry !== 'noretry') return undefined;
  if (size?.count === undefined || (size.element?.interval.min ?? 0) < STRUCT_BYTES) return undefined;
  if (!/^\w+(\s*\|\s*\w+)*$/.test(mask.text) || /RETRY|NOFAIL|NOWARN/.test(mask.text)) return undefined;
  return { range: { start: mask.range.end, end: mask.range.end }, newText: ' | __GFP_RETRY_MAYFAIL' };
}
