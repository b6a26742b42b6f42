import type { Expansion } from '../flow/cfg';
import type { Guard } from './linkage/linkage';
import { type HeldEntry, isUnknown, type State, sameGuard, unlessSame, type VariableValue } from './state';

/** A state under construction: what the steps of a block, or the condition on an edge, change in the state before them. */
export class StateDraft {
  held!: readonly HeldEntry[];
  released!: readonly HeldEntry[];
  tested: State['tested'];
  guards!: readonly Guard[];
  slept: State['slept'];
  /** The macro call whose body is being walked. */
  expansion: Expansion | undefined;
  private variables!: Map<string, VariableValue>;
  /** Whether the map is this draft's own; it is shared with a state until something is stored in it. */
  private owned = false;
  /** The state that was handed out last. */
  private shown!: State;

  begin(state: State, expansion: Expansion | undefined): void {
    this.held = state.held;
    this.variables = state.variables as Map<string, VariableValue>;
    this.owned = false;
    this.released = state.released;
    this.tested = state.tested;
    this.guards = state.guards;
    this.slept = state.slept;
    this.shown = state;
    this.expansion = expansion;
  }

  /** The drafted state; `state` itself when nothing changed. */
  finish(state: State): State {
    const { held, variables, released, tested, guards, slept } = this;
    return unlessSame(state, { held, variables, released, tested, guards, slept });
  }

  /** The drafted state as it is now; the same object as long as nothing changes. */
  snapshot(): State {
    // The draft's map is handed out: the next change must not touch it.
    this.owned = false;
    this.shown = this.finish(this.shown);
    return this.shown;
  }

  get knowsVariables(): boolean {
    return this.variables.size > 0;
  }

  variable(name: string): VariableValue | undefined {
    return this.variables.get(name);
  }

  set(name: string, value: VariableValue): void {
    const known = this.variables.get(name);
    if (known === value || (known === undefined && isUnknown(value))) return;
    if (!this.owned) {
      this.variables = new Map(this.variables);
      this.owned = true;
    }
    if (isUnknown(value)) this.variables.delete(name);
    else this.variables.set(name, value);
  }

  addGuard(guard: Guard): void {
    if (!this.guards.some((known) => sameGuard(known, guard))) this.guards = [...this.guards, guard];
  }
}
