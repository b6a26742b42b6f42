import type { ContextEffect, ContextFunction, Resource } from '../model';

/** Shorthand for the tables in this folder: an effect on a lock names the argument that is the lock, one on a global resource does not. */
export function acquire(resource: Resource, instance?: number): ContextEffect {
  return instance === undefined ? { resource, action: 'acquire' } : { resource, action: 'acquire', instance };
}

export function release(resource: Resource, instance?: number): ContextEffect {
  return instance === undefined ? { resource, action: 'release' } : { resource, action: 'release', instance };
}

/** Leaves the resource however often it was taken: `local_irq_enable()` does not count. */
export function leave(resource: Resource): ContextEffect {
  return { resource, action: 'release-all' };
}

/** Several functions, separated by blanks, with the same effects. */
export function functions(names: string, when: ContextFunction['when'], ...effects: ContextEffect[]): ContextFunction[] {
  return names
    .trim()
    .split(/\s+/)
    .map((name) => ({ name, effects, when }));
}
