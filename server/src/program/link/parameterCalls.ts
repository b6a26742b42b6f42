import { type Entered, Via } from '../../facts/linkage/linkage';
import type { ProgramGraph } from './graph';
import { followHandedOn, type HandedOn } from './handedOn';
import type { NameResolution } from './nameResolution';

/** A call of a function that was passed as a parameter. */
export interface ParameterCall {
  readonly call: number;
  readonly parameter: number;
  /** What the function and those that it hands its parameter on to hold at the call. */
  readonly held: Entered;
}

/** The functions that call their parameters, and their names. */
export interface ParameterCalls {
  readonly byFunction: ReadonlyMap<number, readonly ParameterCall[]>;
  readonly names: ReadonlySet<number>;
}

/** Rounds in which functions are found that hand a parameter to one that calls it. */
const MAX_WRAPPING = 3;
/** Calls of one function's parameters that are told apart. */
const MAX_CALLS = 8;

/** What a function does with its parameter that hands it on at a call. The call that is shown is one at which something is held. */
function calledBehind(graph: ProgramGraph, inner: ParameterCall, { call, parameter }: HandedOn): ParameterCall {
  const held = graph.heldAt(call);
  return { call: inner.held === 0 && held !== 0 ? call : inner.call, parameter, held: inner.held | held };
}

/** The functions that call what they are passed, themselves or by handing it on: iterators and their wrappers. */
export function parameterCalls(graph: ProgramGraph, resolution: NameResolution): ParameterCalls {
  const byFunction = new Map<number, ParameterCall[]>();
  const names = new Set<number>();
  const add = (fn: number, found: ParameterCall): boolean => {
    const known = byFunction.get(fn) ?? [];
    if (known.length >= MAX_CALLS || known.some(({ call, parameter }) => call === found.call && parameter === found.parameter))
      return false;
    byFunction.set(fn, [...known, found]);
    names.add(graph.nameOf(fn));
    return true;
  };
  for (let call = 0; call < graph.callCount; call++)
    if (graph.viaOf(call) === Via.Parameter) add(graph.callerOf(call), { call, parameter: graph.calleeOf(call), held: graph.heldAt(call) });
  const calledBy = (call: number): readonly ParameterCall[] | undefined => {
    if (graph.viaOf(call) !== Via.Name || !names.has(graph.calleeOf(call))) return undefined;
    const caller = graph.callerOf(call);
    const callees = resolution.of(graph.fileOf(caller), graph.calleeOf(call)).functions.filter((callee) => callee !== caller);
    return callees.flatMap((callee) => byFunction.get(callee) ?? []);
  };
  const learn = (inner: readonly ParameterCall[], handed: HandedOn): boolean => {
    const caller = graph.callerOf(handed.call);
    let isNews = false;
    for (const one of inner) if (one.parameter === handed.position && add(caller, calledBehind(graph, one, handed))) isNews = true;
    return isNews;
  };
  followHandedOn(graph, MAX_WRAPPING, calledBy, learn);
  return { byFunction, names };
}
