import { callocTransposed } from './callocTransposed';
import { conflictingFlags } from './conflictingFlags';
import { costlyOrder } from './costlyOrder';
import { dmaMask } from './dmaMask';
import { freeMismatch } from './freeMismatch';
import { highmemAddress } from './highmemAddress';
import { invalidForKvmalloc } from './invalidForKvmalloc';
import { invalidForSlab } from './invalidForSlab';
import { invalidForVmalloc } from './invalidForVmalloc';
import { kreallocLeak } from './kreallocLeak';
import { logicalMask } from './logicalMask';
import { mempoolMask } from './mempoolMask';
import { needlessAtomic } from './needlessAtomic';
import { nofailCannotBlock } from './nofailCannotBlock';
import { nofailHighOrder } from './nofailHighOrder';
import { objectMacro } from './objectMacro';
import { openCodedMask } from './openCodedMask';
import { openCodedMultiply } from './openCodedMultiply';
import { orderTooLarge } from './orderTooLarge';
import { preferKvmalloc } from './preferKvmalloc';
import { privateFlag } from './privateFlag';
import { reclaimRecursion } from './reclaimRecursion';
import { redundantFlag } from './redundantFlag';
import { removedFlag } from './removedFlag';
import { rtRawContext } from './rtRawContext';
import type { Rule } from './rule';
import { scopeRedundant } from './scopeRedundant';
import { sizeofPointer } from './sizeofPointer';
import { sleepInAtomic } from './sleepInAtomic';
import { swappedArguments } from './swappedArguments';
import { uncheckedAllocation } from './uncheckedAllocation';
import { unusedSuppression } from './unusedSuppression';
import { uselessCheck } from './uselessCheck';
import { zeroAfterAlloc } from './zeroAfterAlloc';
import { zoneConflict } from './zoneConflict';

/** All rules, sorted by id: one import and one line here make a rule known to every part of the program. */
export const rules: readonly Rule[] = [
  callocTransposed,
  conflictingFlags,
  costlyOrder,
  dmaMask,
  freeMismatch,
  highmemAddress,
  invalidForKvmalloc,
  invalidForSlab,
  invalidForVmalloc,
  kreallocLeak,
  logicalMask,
  mempoolMask,
  needlessAtomic,
  nofailCannotBlock,
  nofailHighOrder,
  objectMacro,
  openCodedMask,
  openCodedMultiply,
  orderTooLarge,
  preferKvmalloc,
  privateFlag,
  reclaimRecursion,
  redundantFlag,
  removedFlag,
  rtRawContext,
  scopeRedundant,
  sizeofPointer,
  sleepInAtomic,
  swappedArguments,
  uncheckedAllocation,
  unusedSuppression,
  uselessCheck,
  zeroAfterAlloc,
  zoneConflict,
];

const byId = new Map(rules.map((rule) => [rule.id, rule]));

export function ruleById(id: string): Rule | undefined {
  return byId.get(id);
}
