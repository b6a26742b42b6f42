import type { Rule } from './rule';
import { unusedSuppression } from './unusedSuppression';

/** All rules, sorted by id: one import and one line here make a rule known to every part of the program. */
export const rules: readonly Rule[] = [unusedSuppression];

const byId = new Map(rules.map((rule) => [rule.id, rule]));

export function ruleById(id: string): Rule | undefined {
  return byId.get(id);
}
