import { FLAG_SOURCES } from '../../kernel/index';
import type { AnalysisContext } from '../analyseSource';

/**
 * A text that is the same for two contexts only if every file means the same under both: what was derived from the tree, and where that is not
 * plain values its sources. `config`: the text of the configuration in use.
 */
export function modelStamp(
  { model, annotations, rules }: AnalysisContext,
  config: string,
  read: (path: string) => string | undefined,
): string {
  const { label, behaviour, limits } = model;
  const flags = model.origin === 'tree' ? FLAG_SOURCES.map((path) => read(path) ?? null) : [];
  return JSON.stringify([label, behaviour, limits, [...annotations].sort(), config, flags, rules], plainly);
}

/** Maps and sets in their order as lists. */
function plainly(_key: string, value: unknown): unknown {
  if (value instanceof Map) return ['map', ...value];
  if (value instanceof Set) return ['set', ...value];
  return value;
}
