import type { TextRange } from '../../base/range';
import { demandOf, isContiguousMember } from '../../kernel/functions/memoryUses';
import type { CallSite } from '../site';
import type { FileMemory } from './fileMemory';
import { type OutParameter, outParameter, outParameterAt, placesGiven } from './outParameters';
import { ELEMENTS, type PlaceHistory } from './placeHistories';
import { classifyUse, type PlaceUse } from './placeUses';

/** A place where the memory is freed. */
export interface Release {
  /** The free function. */
  readonly callee: string;
  /** Where its name stands. */
  readonly range: TextRange;
  /** Undefined for `__free(kfree)`. */
  readonly call: CallSite | undefined;
}

/** Why not all is known of a pointer's life, or why its memory must stay as it is. */
export interface Concern {
  /** `contiguous`: somebody needs one physical block. `unseen`: the pointer goes where this file does not show it. */
  readonly kind: 'contiguous' | 'unseen';
  /** Completes "look first: …". */
  readonly reason: string;
  readonly range: TextRange;
  /** What other files can be asked about it: `ring_add(1)`, the parameter of another file's function, or `ring_new(*)`, what callers do with a result. */
  readonly key?: string;
}

/** Ends the name of a function that all who call it are asked about. */
export const EVERYWHERE = '(*)';

/** A parameter of a function, as other files are asked about it. */
export function parameterKey(name: string, position: number): string {
  return `${name}(${position})`;
}

/** What such a key asks about: a parameter, or, where there is no position, what callers do with the result. */
export function functionOfKey(key: string): { readonly name: string; readonly position: number | undefined } {
  // Names need not be words: bytes beyond ASCII are letters, in what they are decoded to as well.
  const open = key.lastIndexOf('(');
  const position = Number.parseInt(key.slice(open + 1), 10);
  return { name: key.slice(0, open), position: Number.isNaN(position) ? undefined : position };
}

/** What one file does with memory, from the place it is stored in on: through copies, its own functions, and the members it is stored in. */
export interface Life {
  readonly releases: readonly Release[];
  readonly concerns: readonly Concern[];
  /** Members of structs that other files may know as well. */
  readonly fields: ReadonlySet<string>;
}

/** Places that one pointer is followed through. */
const MAX_PLACES = 48;

/** Follows the result of an allocation. */
export function lifeOfResult(memory: FileMemory, call: CallSite): Life {
  return lifeOfValue(memory, call.node);
}

/** Follows the value of an expression. */
export function lifeOfValue(memory: FileMemory, node: number): Life {
  const trace = new LifeTrace(memory);
  trace.value(node, 'its address');
  return trace;
}

/** Follows whatever a member of a struct holds. */
export function lifeOfField(memory: FileMemory, key: string): Life {
  return lifeOfHistory(memory, memory.histories.ofKey(key));
}

/** Follows whatever is in a place. */
export function lifeOfHistory(memory: FileMemory, history: PlaceHistory): Life {
  const trace = new LifeTrace(memory);
  trace.history(history, false);
  return trace;
}

class LifeTrace implements Life {
  readonly releases: Release[] = [];
  readonly concerns: Concern[] = [];
  readonly fields = new Set<string>();
  private readonly seen = new Set<PlaceHistory | number>();

  constructor(private readonly memory: FileMemory) {}

  /** What becomes of the value of an expression: stored, returned, passed on. */
  value(node: number, what: string): void {
    const { memory } = this;
    const targets = memory.targetsOf(node);
    if (targets.length === 0) this.use(classifyUse(memory, node), false);
    for (const target of targets) this.place(target, what);
  }

  /** The memory is in this place from now on. */
  private place(target: number, what: string): void {
    const history = this.memory.history(target);
    if (history !== undefined) return this.history(history, false);
    const out = outParameterAt(this.memory, target);
    const places = out && placesGiven(this.memory, out);
    if (out === undefined || places === undefined) return this.unseen(`${what} is stored in ${this.memory.placeText(target)}`, target);
    this.through(out);
    for (const place of places) this.place(place, what);
  }

  /** What a function does with the pointer whose address it gets. */
  private through({ functionNode, position, places }: OutParameter): void {
    const parameter = this.memory.histories.ofParameter(functionNode, position)!;
    if (this.seen.has(parameter)) return;
    this.seen.add(parameter);
    for (const place of places) this.use(this.memory.useOf(place), false);
  }

  /** `inside`: the place holds an address inside of the memory. */
  history(history: PlaceHistory, inside: boolean): void {
    if (this.seen.has(history)) return;
    this.seen.add(history);
    if (this.seen.size > MAX_PLACES) return this.unseen('it goes through too many places to follow', history.uses[0]?.node ?? 0);
    if (history.kind === 'member' && !this.memory.histories.isPrivate(history.name)) this.fields.add(history.name);
    const macro = history.kind === 'member' ? this.memory.macroUsing(lastName(history.name)) : undefined;
    if (macro !== undefined) this.unseen(`the macro ${macro}() uses ${history.name}`, history.uses[0]?.node ?? 0);
    if (isContiguousMember(history.name)) this.contiguous(`it is stored in ${history.name}`, history.uses[0]?.node ?? 0);
    for (const use of history.uses) this.use(use, inside);
    for (const use of history.unclear) {
      if (use.kind === 'freed') this.release(use);
      else if (use.kind === 'argument' || use.kind === 'copied') this.unseen(`another ${lastName(history.name)} may be the same`, use.node);
    }
  }

  private use(use: PlaceUse, inside: boolean): void {
    switch (use.kind) {
      case 'freed':
        if (!inside) this.release(use);
        return;
      case 'argument':
        return this.argument(use, inside);
      case 'element-address':
        return this.elementAddress(use);
      case 'copied':
        return this.copied(use, inside);
      case 'returned':
        return this.returned(use, inside);
      case 'address-taken':
        return this.addressTaken(use);
      case 'other':
        return this.unseen('the pointer is used in a way that is not followed', use.node);
    }
  }

  private addressTaken({ callee, position, node }: PlaceUse): void {
    const out = callee === undefined ? undefined : outParameter(this.memory, callee, position!);
    if (out === undefined) this.unseen('the address of the pointer is handed on', node);
    else this.through(out);
  }

  private release({ callee, call, cleanup, range }: PlaceUse): void {
    const name = callee ?? call?.callee;
    if (name === undefined) return;
    if (cleanup === true) this.releases.push({ callee: name, range, call: undefined });
    else if (call === undefined || call.origin === 'macro') this.unseen(`${name}() in a macro frees it`, 0, { range });
    else this.releases.push({ callee: name, range: call.calleeRange, call });
  }

  private argument({ callee = '', position = 0, node }: PlaceUse, inside: boolean): void {
    const own = this.memory.functionNamed(callee);
    const parameter = own === undefined ? undefined : this.memory.histories.ofParameter(own, position);
    if (parameter !== undefined) return this.history(parameter, inside);
    const demand = demandOf(callee, inside);
    if (demand === 'contiguous') this.contiguous(`${callee}() needs one physical block`, node);
    else if (demand === 'unknown') {
      const isForeign = own === undefined && !inside && /^\w+$/.test(callee);
      this.unseen(`it is passed to ${callee}()`, node, { key: isForeign ? parameterKey(callee, position) : undefined });
    }
  }

  private elementAddress(use: PlaceUse): void {
    if (use.callee !== undefined) return this.argument(use, true);
    const history = use.other === undefined || use.other === 0 ? undefined : this.memory.history(use.other);
    if (history !== undefined && history.kind === 'local') return this.history(history, true);
    this.unseen('an address inside it is handed on', use.node);
  }

  private copied({ other = 0, node }: PlaceUse, inside: boolean): void {
    const target = other === 0 ? this.memory.declaratorOf(node) : other;
    if (target === 0) return this.unseen('it is stored in another place', node);
    const history = this.memory.history(target);
    if (history !== undefined) this.history(history, inside);
    else if (inside) this.unseen(`it is stored in ${this.memory.placeText(target)}`, node);
    else this.place(target, 'it');
  }

  /** Back to the callers, as long as all of them are in this file. */
  private returned({ node }: PlaceUse, inside: boolean): void {
    const { memory } = this;
    const owner = memory.functionNodeAt(node);
    if (owner === 0 || this.seen.has(owner)) return;
    this.seen.add(owner);
    const name = memory.functionAt(node);
    if (inside) return this.unseen('an address inside it is returned to the caller', node);
    if (!memory.isStaticFunction(owner)) return this.unseen('it is returned to the caller', node, { key: name + EVERYWHERE });
    for (const call of memory.callNodesOf(name)) this.value(call, `the result of ${name}()`);
    if (memory.isHandedOut(name)) this.unseen(`${name}() returns it to whoever calls through a pointer`, node);
  }

  private contiguous(reason: string, node: number): void {
    this.concerns.push({ kind: 'contiguous', reason, range: this.memory.rangeOfNode(node) });
  }

  private unseen(reason: string, node: number, { key, range }: { key?: string | undefined; range?: TextRange } = {}): void {
    if (this.concerns.some((concern) => concern.reason === reason && concern.key === key)) return;
    this.concerns.push({ kind: 'unseen', reason, range: range ?? this.memory.rangeOfNode(node), ...(key !== undefined && { key }) });
  }
}

function lastName(key: string): string {
  return key.slice(key.lastIndexOf('.') + 1).replace(ELEMENTS, '');
}
