import type { FunctionCatalogue, KernelFunction, Release } from '../model';
import { hasChange, isBefore } from '../release';
import { COPY_FUNCTIONS } from './copies';
import { FREE_FUNCTIONS } from './frees';
import { generatedFunctions } from './generated';
import { MANAGED_FUNCTIONS } from './managed';
import { PAGE_FUNCTIONS } from './pages';
import type { FunctionRow } from './rows';
import { SLAB_FUNCTIONS } from './slab';
import { SLEEP_FUNCTIONS } from './sleepers';
import { SUBSYSTEM_FUNCTIONS } from './subsystems';

const HAND_CHECKED: readonly FunctionRow[] = [
  ...SLAB_FUNCTIONS,
  ...PAGE_FUNCTIONS,
  ...COPY_FUNCTIONS,
  ...MANAGED_FUNCTIONS,
  ...SUBSYSTEM_FUNCTIONS,
  ...FREE_FUNCTIONS,
  ...SLEEP_FUNCTIONS,
];
const HAND_CHECKED_NAMES: ReadonlySet<string> = new Set(HAND_CHECKED.map((row) => row.name));

/** The functions of a release: hand-checked rows win over what was read from the headers mechanically. */
export function functionCatalogue(release: Release): FunctionCatalogue {
  const rows = new Map<string, KernelFunction>();
  for (const row of generatedFunctions(release)) if (!HAND_CHECKED_NAMES.has(row.name)) rows.set(row.name, row);
  for (const row of HAND_CHECKED) if (isPresent(row, release)) rows.set(row.name, withoutReleases(row));
  for (const row of rows.values()) {
    // A form that this kernel does not have yet must not be offered.
    if (row.kvForm !== undefined && !rows.has(row.kvForm)) rows.set(row.name, withoutKvForm(row));
  }
  const all = [...rows.values()];
  return { get: (name) => rows.get(name), all };
}

function isPresent(row: FunctionRow, release: Release): boolean {
  if (row.since !== undefined && !hasChange(release, row.since)) return false;
  return row.until === undefined || isBefore(release, row.until[0]![0], row.until[0]![1]);
}

function withoutReleases(row: FunctionRow): KernelFunction {
  const { since: _since, until: _until, ...rest } = row;
  return rest;
}

function withoutKvForm(row: KernelFunction): KernelFunction {
  const { kvForm: _kvForm, ...rest } = row;
  return rest;
}
