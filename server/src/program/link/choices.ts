import { type ContextNode, Origin, originOf } from './contextNode';
import type { ProgramGraph } from './graph';
import type { Relevance } from './relevance';

/** Parameters of one function that are followed. */
const MAX_CHOICES = 4;
/** The guard of calls in a `switch` on what the caller passed: whoever is called from afar is called with one of the values. */
const CHOSEN = -3;

/**
 * What callers say of the parameters that decide which calls a function makes: `ContextNode.choices`, two bits for each of them, 0 unknown, 1 zero, 2 not
 * zero.
 */
export class Choices {
  private readonly decidingParameters = new Map<number, readonly number[]>();

  constructor(
    private readonly graph: ProgramGraph,
    private readonly relevance: Relevance,
  ) {}

  /** Whether a call is reached in a node's context, as far as parameters decide that. */
  isOpen(call: number, node: ContextNode): 'yes' | 'no' | 'perhaps' {
    let answer: 'yes' | 'no' | 'perhaps' = 'yes';
    this.graph.everyGuard(call, (parameter, nonzero, usual) => {
      const known = parameter < 0 ? 0 : this.choiceOf(node, parameter);
      if (parameter === CHOSEN && node.depth > 0) answer = 'perhaps';
      if (parameter === -1 && originOf(node).origin === Origin.Asked) answer = 'no';
      else if (known === 0) answer = usual ? answer : 'perhaps';
      else if ((known === 2) !== nonzero) answer = 'no';
      return answer !== 'no';
    });
    return answer;
  }

  /** What a call tells its callee about the parameters that decide there. */
  at(call: number, caller: ContextNode | undefined, callee: number): number {
    let choices = 0;
    this.parametersOf(callee).forEach((parameter, index) => {
      let value = this.graph.constantAt(call, parameter);
      const handedOn = value === 0 ? this.graph.passedOnAt(call, parameter) : -1;
      if (handedOn >= 0) value = this.knownAt(call, caller, handedOn);
      choices |= value << (2 * index);
    });
    return choices;
  }

  private knownAt(call: number, caller: ContextNode | undefined, parameter: number): number {
    let value = caller ? this.choiceOf(caller, parameter) : 0;
    this.graph.everyGuard(call, (guarded, nonzero) => {
      if (guarded === parameter) value = nonzero ? 2 : 1;
      return true;
    });
    return value;
  }

  private choiceOf({ fn, choices }: ContextNode, parameter: number): number {
    const index = this.parametersOf(fn).indexOf(parameter);
    return index < 0 ? 0 : (choices >> (2 * index)) & 3;
  }

  /** Parameters that decide which calls a function makes, in its own calls or by being handed on. */
  private parametersOf(fn: number): readonly number[] {
    let known = this.decidingParameters.get(fn);
    if (!known) this.decidingParameters.set(fn, (known = this.findParameters(fn)));
    return known;
  }

  private findParameters(fn: number): readonly number[] {
    const found: number[] = [];
    const note = (parameter: number): void => {
      if (parameter >= 0 && found.length < MAX_CHOICES && !found.includes(parameter)) found.push(parameter);
    };
    const { graph } = this;
    const end = graph.callsEnd(fn);
    for (let call = graph.callsFrom(fn); call < end; call++)
      graph.everyGuard(call, (parameter) => {
        note(parameter);
        return true;
      });
    for (let call = graph.callsFrom(fn); call < end; call++)
      if (this.relevance.isCallRelevant(call)) graph.eachPassedOn(call, (_, parameter) => note(parameter));
    return found;
  }
}
