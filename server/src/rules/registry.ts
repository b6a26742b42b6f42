import { callocTransposed } from './callocTransposed';
import { conflictingFlags } from './conflictingFlags';
import { dmaMask } from './dmaMask';
import { invalidForKvmalloc } from './invalidForKvmalloc';
import { invalidForSlab } from './invalidForSlab';
import { invalidForVmalloc } from './invalidForVmalloc';
import { logicalMask } from './logicalMask';
import { mempoolMask } from './mempoolMask';
import { nofailCannotBlock } from './nofailCannotBlock';
import { nofailHighOrder } from './nofailHighOrder';
import { openCodedMask } from './openCodedMask';
import { privateFlag } from './privateFlag';
import { redundantFlag } from './redundantFlag';
import { removedFlag } from './removedFlag';
import type { Rule } from './rule';
import { swappedArguments } from './swappedArguments';
import { unusedSuppression } from './unusedSuppression';
import { zoneConflict } from './zoneConflict';

/** All rules, sorted by id: one import and one line here make a rule known to every part of the program. */
export const rules: readonly Rule[] = [
  callocTransposed,
  conflictingFlags,
  dmaMask,
  invalidForKvmalloc,
  invalidForSlab,
  invalidForVmalloc,
  logicalMask,
  mempoolMask,
  nofailCannotBlock,
  nofailHighOrder,
  openCodedMask,
  privateFlag,
  redundantFlag,
  removedFlag,
  swappedArguments,
  unusedSuppression,
  zoneConflict,
];

const byId = new Map(rules.map((rule) => [rule.id, rule]));

export function ruleById(id: string): Rule | undefined {
  return byId.get(id);
}
