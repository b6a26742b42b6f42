import type { TextRange } from '../base/range';
import type { ContextEffect, ContextFunction } from '../kernel/model';
import { NodeKind } from '../syntax/nodes';
import { childAt, kindOf, type Tree, unparen } from '../syntax/tree';
import type { FileScope } from './fileScope';
import { UNKNOWN_GUARD } from './guardDefinition';
import { type Guard, GuardOn } from './linkage/linkage';
import type { LockSummary } from './lockSummary';
import { fileRange } from './source';
import { acquire, type HeldEntry, makeUncertain, type PendingEffect, release, releaseAll } from './state';
import type { StateDraft } from './stateDraft';

/** What a function that is known by its name only may release. */
const UNLOCKED_BY_NAME = ['spinlock', 'irqs-off', 'bh-off', 'rcu'] as const;

const UNKNOWN_LOCK: Guard = { parameter: GuardOn.UnknownLock, nonzero: true, usual: true };

/** guard() of a class of which nothing is known but that it locks. */
const MAY_HOLD: Guard = { parameter: GuardOn.Sleeping, nonzero: true, usual: false };

/** The symbol of a function that is called by its name; 0 for any other call. */
export function calleeSymbol(tree: Tree, call: number): number {
  const callee = unparen(tree, tree.child[call]!);
  return kindOf(tree, callee) === NodeKind.Identifier ? tree.tokens.symbol[tree.tok[callee]!]! : 0;
}

/** What calls do to the context: locks taken and released, interrupts switched off and on, guards that end with their scope. */
export class ContextEffects {
  constructor(
    private readonly scope: FileScope,
    private readonly draft: StateDraft,
  ) {}

  /** A call that takes effect only when its result is (non-)zero. */
  pendingOf(tree: Tree, call: number): PendingEffect | undefined {
    const row = this.scope.names.contextFunction(calleeSymbol(tree, call));
    return row && row.when !== 'always' ? { function: row, call: this.callEvent(tree, call, row) } : undefined;
  }

  apply(row: ContextFunction, call: PendingEffect['call']): void {
    if (row.exceptBelow !== undefined && this.scope.file.path.startsWith(row.exceptBelow)) return;
    row.effects.forEach((effect, index) => {
      const { resource } = effect;
      const instance = call.instances[index]!;
      if (effect.action === 'acquire') {
        this.draft.held = acquire(this.draft.held, { resource, instance, by: call.by, range: call.range, must: true });
        this.draft.tested = undefined;
      } else if (effect.action === 'release') {
        this.releaseOne({ resource, instance, by: call.by, range: call.range, must: true });
      } else if (this.draft.held.some((held) => held.resource === resource)) {
        this.draft.held = releaseAll(this.draft.held, resource);
      } else {
        this.draft.released = acquire(this.draft.released, { resource, instance, by: call.by, range: call.range, must: true });
      }
    });
    if (row.effects.some((effect) => effect.action !== 'acquire')) this.draft.tested = undefined;
  }

  /** `guard(name)(lock)` (the call of a call) or `scoped_guard(name, lock)`. */
  guard(tree: Tree, node: number, action: 'acquire' | 'release'): void {
    const callee = unparen(tree, tree.child[node]!);
    const curried = kindOf(tree, callee) === NodeKind.Call;
    const nameNode = curried ? childAt(tree, callee, 1) : childAt(tree, node, 1);
    if (nameNode === 0) return;
    const row = this.scope.guard(this.scope.texts.text(tree, nameNode));
    if (row === UNKNOWN_GUARD) return this.unknownGuard(action);
    if (!row) return;
    // scoped_cond_guard(name, fail, lock) has the statement for failure between the name and the lock.
    const condition = !curried && this.scope.texts.text(tree, callee) === 'scoped_cond_guard';
    const firstArgument = curried ? 1 : condition ? 3 : 2;
    const instances = row.effects.map((effect) => {
      const argument = effect.instance === undefined ? 0 : childAt(tree, node, effect.instance + firstArgument);
      return argument === 0 ? '' : this.scope.texts.pathText(tree, argument);
    });
    const event = this.event(
      tree,
      node,
      `${this.scope.texts.text(tree, curried ? unparen(tree, tree.child[callee]!) : callee)}(${row.name})`,
    );
    if (action === 'acquire') this.apply(row, { instances, ...event });
    else
      row.effects.forEach((effect, i) => {
        this.draft.held = release(this.draft.held, effect.resource, instances[i]!);
      });
  }

  /** Nothing is certain up to the end of the scope. */
  private unknownGuard(action: 'acquire' | 'release'): void {
    if (action === 'acquire') this.draft.addGuard(MAY_HOLD);
    else this.draft.guards = this.draft.guards.filter((guard) => guard !== MAY_HOLD);
  }

  /** A call of a function of the file: what it releases of ours, then what it leaves held. */
  applySummary(summary: LockSummary, tree: Tree, node: number, by: string): void {
    const event = this.event(tree, node, by);
    const rename = (entry: HeldEntry): HeldEntry => ({
      ...entry,
      ...event,
      instance: this.actualInstance(entry.instance, summary, tree, node),
    });
    for (const entry of summary.released) {
      if (entry.must) this.releaseOne(rename(entry));
      else
        this.draft.held = this.draft.held.map((held) => (held.must && held.resource === entry.resource ? { ...held, must: false } : held));
    }
    // What it holds on some paths only is tied to its result or its arguments, which are not known here.
    for (const entry of summary.held) if (entry.must) this.draft.held = acquire(this.draft.held, rename(entry));
    if (summary.released.length + summary.held.length > 0) this.draft.tested = undefined;
  }

  /** A function of another file that locks something, if its name is to be believed. */
  lockUnknown(): void {
    this.draft.addGuard(UNKNOWN_LOCK);
  }

  /** A function of another file that unlocks something: one of our locks perhaps, or, when its partner is not called here, one of our caller's. */
  unlockUnknown(tree: Tree, node: number, symbol: number, callersMatter: boolean): void {
    this.draft.held = makeUncertain(this.draft.held);
    this.draft.guards = this.draft.guards.filter((guard) => guard !== UNKNOWN_LOCK);
    if (!callersMatter || this.scope.hasLockPartner(tree, node, symbol)) return;
    const event = this.event(tree, node, this.scope.file.interner.text(symbol));
    for (const resource of UNLOCKED_BY_NAME)
      this.draft.released = acquire(this.draft.released, { resource, instance: '', ...event, must: false, guessed: true });
  }

  /** The event of a lock call, with the source text of the instance each effect names. */
  callEvent(tree: Tree, node: number, row: ContextFunction): PendingEffect['call'] {
    const instances = row.effects.map((effect) => this.instanceText(tree, node, effect));
    return { instances, ...this.event(tree, node, row.name) };
  }

  event(tree: Tree, node: number, by: string): { by: string; range: TextRange } {
    return { by, range: fileRange(tree, node, this.draft.expansion, this.scope.file.tree) };
  }

  private instanceText(tree: Tree, call: number, effect: ContextEffect): string {
    if (effect.instance === undefined) return '';
    const argument = childAt(tree, call, effect.instance + 1);
    return argument === 0 ? '' : this.scope.texts.pathText(tree, argument);
  }

  /** `&p->lock` of a callee with parameter p, seen from the caller that passes `priv`: `&priv->lock`. */
  private actualInstance(instance: string, summary: LockSummary, tree: Tree, call: number): string {
    const [, sigil = '', name = '', rest = ''] = /^([&*]?)(\w+)(.*)$/.exec(instance) ?? [];
    const position = name === '' ? -1 : summary.parameters.indexOf(name);
    const argument = position < 0 ? 0 : childAt(tree, call, position + 1);
    if (argument === 0) return instance;
    const actual = this.scope.texts.pathText(tree, argument);
    if (actual.startsWith('&') && rest.startsWith('->')) return `${sigil}${actual.slice(1)}.${rest.slice(2)}`;
    return `${sigil}${actual}${rest}`;
  }

  private releaseOne(entry: HeldEntry): void {
    if (this.draft.held.some((held) => held.resource === entry.resource)) {
      this.draft.held = release(this.draft.held, entry.resource, entry.instance);
    } else {
      this.draft.released = acquire(this.draft.released, entry);
    }
  }
}
