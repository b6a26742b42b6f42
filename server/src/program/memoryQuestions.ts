import { freeMismatch } from '../rules/freeMismatch';
import { preferKvmalloc } from '../rules/preferKvmalloc';
import type { RuleSettings } from '../rules/run';
import { type FieldQuestion, fieldQuestions } from './link/fieldQuestions';
import type { ProgramGraph } from './link/graph';
import { handoverQuestions } from './link/handoverQuestions';

/**
 * What files are to be asked about memory that several of them hold: it seems to be freed in a wrong way, or could be kvmalloc'ed. Nothing where no rule wants to
 * know. `complete`: the graph holds the whole tree.
 */
export function memoryQuestions(graph: ProgramGraph, { enabled, severities, possible }: RuleSettings, complete: boolean): FieldQuestion[] {
  const isOn = (id: string): boolean => enabled?.has(id) !== false && severities.get(id) !== 'off';
  if (!isOn(freeMismatch.id) && !isOn(preferKvmalloc.id)) return [];
  return [...fieldQuestions(graph, possible), ...handoverQuestions(graph, complete)];
}
