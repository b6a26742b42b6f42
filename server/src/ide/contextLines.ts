import type { CallSite, Held } from '../facts/site';
import { ATOMIC_RESOURCES, type ContextWord, type KernelModel, type Resource } from '../kernel/index';
import type { SourceFile } from '../syntax/sourceFile';
import type { HoverLine } from './hover';
import { code, type Span, type Text } from './text';

const SCOPES: Partial<Record<Resource, string>> = {
  'nofs-scope': 'takes __GFP_FS away',
  'noio-scope': 'takes __GFP_IO and __GFP_FS away',
  'noreclaim-scope': 'no reclaim, reserves open',
  'pin-scope': 'takes __GFP_MOVABLE away',
};

const SCOPE_WORDS: Partial<Record<Resource, ContextWord>> = {
  'nofs-scope': 'nofs',
  'noio-scope': 'noio',
  'noreclaim-scope': 'memalloc',
  'pin-scope': 'pin',
};

/** The scopes that are surely entered around a call. */
export function scopesOf({ context }: CallSite): readonly ContextWord[] {
  return context.held.flatMap((held) => SCOPE_WORDS[held.resource] ?? []);
}

/** What the code around a call makes of its mask: whether it may sleep here, why, and the scopes it is in. */
export function contextLines(call: CallSite, file: SourceFile): readonly HoverLine[] {
  const { context } = call;
  if (context.unreachable) return [{ label: 'Here', value: ['never reached'] }];
  const lines: HoverLine[] = [];
  const here = sleepHere(call, file);
  if (here !== undefined) lines.push({ label: 'Here', value: here });
  for (const held of context.held) {
    const effect = SCOPES[held.resource];
    if (effect !== undefined) lines.push({ label: 'Scope', value: [...takenAt(held, file), `: ${effect}`] });
  }
  return lines;
}

function sleepHere({ context }: CallSite, file: SourceFile): Text | undefined {
  const atomic = (held: Held): boolean => ATOMIC_RESOURCES.has(held.resource);
  switch (context.maySleep) {
    case 'no':
    case 'maybe': {
      const verdict = context.maySleep === 'no' ? 'must not sleep: ' : 'must not sleep on some path: ';
      const held = context.held.filter(atomic).at(-1) ?? context.maybeHeld.filter(atomic).at(-1);
      if (held !== undefined) return [verdict, ...takenAt(held, file)];
      return context.decidedBy === undefined ? [verdict.slice(0, -2)] : [verdict, code(context.decidedBy.message)];
    }
    case 'yes':
      return ['may sleep'];
    case 'unknown':
      return undefined;
  }
}

/** `&dev->lock` since line 12 (`spin_lock`). */
function takenAt(held: Held, file: SourceFile): Span[] {
  const line = file.lines.lineOf(held.range.start) + 1;
  if (held.instance === '') return [code(`${held.by}()`), ` on line ${line}`];
  return [code(held.instance), ` held since line ${line}, `, code(`${held.by}()`)];
}

/** Bytes and page order of the request, as far as they are known. */
export function sizeLines(call: CallSite, model: KernelModel): readonly HoverLine[] {
  const { size } = call;
  if (size === undefined) return [];
  const lines: HoverLine[] = [];
  const { min, max } = size.bytes;
  if (max !== undefined && max === min) lines.push({ label: 'Size', value: [bytesText(max), ...because(size.reason)] });
  else if (min > 0 || max !== undefined) lines.push({ label: 'Size', value: [rangeText(min, max), ...because(size.reason)] });
  const order = orderText(call, model);
  if (order !== undefined) lines.push({ label: 'Order', value: [order] });
  return lines;
}

function because(reason: string): Span[] {
  return reason === '' ? [] : [' — ', code(reason)];
}

function rangeText(min: number, max: number | undefined): string {
  return max === undefined ? `at least ${bytesText(min)}` : `${bytesText(min)} to ${bytesText(max)}`;
}

function bytesText(bytes: number): string {
  if (bytes < 4096) return `${bytes} bytes`;
  const unit = bytes < 1 << 20 ? { size: 1 << 10, name: 'KiB' } : { size: 1 << 20, name: 'MiB' };
  return `${Math.round((bytes / unit.size) * 10) / 10} ${unit.name}`;
}

function orderText(call: CallSite, model: KernelModel): string | undefined {
  const order = requestOrder(call, model);
  if (order === undefined) return undefined;
  return order > model.limits.costlyOrder ? `${order}, above the costly order ${model.limits.costlyOrder}: may fail` : `${order}`;
}

/** The page order a call asks the page allocator for; undefined when unknown, or when a slab cache serves it. */
export function requestOrder(call: CallSite, model: KernelModel): number | undefined {
  const { size, api } = call;
  if (size?.order !== undefined) return size.order.min === size.order.max ? size.order.min : undefined;
  const bytes = size?.bytes;
  if (bytes === undefined || api?.contiguous !== true || bytes.min !== bytes.max) return undefined;
  if (bytes.min <= model.limits.kmallocMaxCache && api.allocates === 'slab') return undefined;
  return Math.max(0, Math.ceil(Math.log2(bytes.min / model.limits.pageSize)));
}
