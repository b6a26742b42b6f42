import type { CallbackRow, ContextCatalogue, ContextFunction, Release } from '../model';
import { isBefore } from '../release';
import { callbackRows } from './callbacks';
import { GUARDS } from './guards';
import { SLEEPING_LOCKS } from './sleeping';
import { pageTableLock, SPINNING_LOCKS } from './spinning';
import { RECLAIM_HAZARDS, SCOPES, SWITCHES, TASK_STATES } from './switches';
import { CONTEXT_TESTS } from './tests';

/** What the functions of a release do to the execution context. */
export function contextCatalogue(release: Release): ContextCatalogue {
  const functions: readonly ContextFunction[] = [
    ...SPINNING_LOCKS,
    ...pageTableLock(!isBefore(release, 6, 5)),
    ...SWITCHES,
    ...SCOPES,
    ...RECLAIM_HAZARDS,
    ...TASK_STATES,
    ...SLEEPING_LOCKS,
  ];
  const byName = new Map(functions.map((row) => [row.name, row]));
  const guards = new Map(GUARDS.map((row) => [row.name, row]));
  const tests = new Map(CONTEXT_TESTS.map((row) => [row.name, row]));
  let callbacks: readonly CallbackRow[] | undefined;
  return {
    function: (name) => byName.get(name),
    guard: (name) => guards.get(name),
    test: (name) => tests.get(name),
    functions,
    tests: CONTEXT_TESTS,
    get callbacks() {
      callbacks ??= callbackRows();
      return callbacks;
    },
  };
}
