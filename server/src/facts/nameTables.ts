import type { Interner } from '../base/interner';
import type { KernelModel } from '../kernel/model';
import { NameTable } from './names';

/** Name tables by interner and model: they are derived values that are costly to make and never differ. */
const tables = new WeakMap<Interner, WeakMap<KernelModel, NameTable>>();

/** The names of a model as ids of an interner. */
export function nameTable(interner: Interner, model: KernelModel): NameTable {
  let byModel = tables.get(interner);
  if (!byModel) tables.set(interner, (byModel = new WeakMap()));
  let table = byModel.get(model);
  if (!table) byModel.set(model, (table = new NameTable(model, interner)));
  return table;
}
