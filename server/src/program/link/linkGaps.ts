import { Act, Via } from '../../facts/linkage/linkage';
import type { ProgramGraph } from './graph';
import type { LockEffects } from './lockEffects';
import type { Relevance } from './relevance';

/** Calls on the way to an allocation where the analysis of the whole tree ends without an answer, told by reason. */
export function tellGaps(graph: ProgramGraph, relevance: Relevance, locks: LockEffects, tell: (reason: string) => void): void {
  for (let call = 0; call < graph.callCount; call++) {
    const isRelevant = relevance.isCallRelevant(call);
    if (isRelevant && graph.viaOf(call) === Via.Member && relevance.members.targetsOf(call).length === 0)
      tell('call through a pointer that may lead to many functions');
    if ((isRelevant || graph.actOf(call) !== Act.None) && graph.standsBehindUnknownLock(call) && locks.leftAt(call) === undefined)
      tell('call behind a lock function of unknown effect');
  }
}
