import { Act, ATOMIC_BITS, GuardOn, Via } from '../../facts/linkage/linkage';
import { ChoiceSets, Known } from './choiceSets';
import { type CodedTest, flagOfPlace, flagPlace, parameterOfPlace, VALUE_BASE } from './codedTest';
import { type ContextNode, Origin, originOf } from './contextNode';
import type { ProgramGraph } from './graph';
import type { Relevance } from './relevance';

/** Parameters of one function that are followed. */
const MAX_CHOICES = 4;
/** The same with members and bits of parameters, which follow them. */
const MAX_PLACES = 8;

/**
 * What callers say of what decides which calls a function makes: parameters, by their numbers, and members and bits of parameters, by the places of {@link CodedTest}.
 * `ContextNode.choices` is a number of {@link ChoiceSets}.
 */
export class Choices {
  private readonly decidingParameters = new Map<number, readonly number[]>();
  private readonly sets = new ChoiceSets();
  /** Calls of a function where nothing is held, two at most. */
  private readonly freeCalls = new Map<number, readonly number[]>();
  /** Functions that look at the kind of their object, with whether several files call them. */
  private readonly sharedFunctions = new Map<number, boolean>();

  constructor(
    private readonly graph: ProgramGraph,
    private readonly relevance: Relevance,
  ) {}

  /** Whether a call is reached in a node's context, as far as parameters decide that. */
  isOpen(call: number, node: ContextNode): 'yes' | 'no' | 'perhaps' {
    let answer: 'yes' | 'no' | 'perhaps' = 'yes';
    this.graph.everyGuard(call, (parameter, nonzero, usual) => {
      const known = parameter < 0 ? Known.Nothing : this.choiceOf(node, parameter);
      // Whoever is called from afar is called with one of the values.
      if (parameter === GuardOn.Switch) {
        const chosen = node.depth > 0 || this.isDispatched(node) ? this.chosenBy(call, node) : 'yes';
        if (chosen !== 'yes') answer = chosen;
      }
      if (parameter === GuardOn.MakesMissing && answer === 'yes' && this.mayBeMade(node)) answer = 'perhaps';
      if (parameter === GuardOn.Kind && answer === 'yes' && this.mayBeOtherKind(node)) answer = 'perhaps';
      if (parameter === GuardOn.Sleeping && originOf(node).origin === Origin.Asked) answer = 'no';
      else if (known === Known.Nothing || known >= Known.Constant) answer = usual || answer === 'no' ? answer : 'perhaps';
      else if ((known === Known.Nonzero) !== nonzero) answer = 'no';
      return answer !== 'no';
    });
    return answer === 'yes' && this.isContradicted(call, node) ? 'perhaps' : answer;
  }

  /**
   * Whether a caller has found another value in a member of that name, or passes flags without the one that is needed: names may be of two things, and values may change
   * in between.
   */
  private isContradicted(call: number, node: ContextNode): boolean {
    if (node.choices === 0) return false;
    let contradicted = false;
    this.graph.eachTest(call, (test) => {
      const known = this.choiceOf(node, test.place);
      if (known !== Known.Nothing && !agrees(known, test)) contradicted = true;
    });
    return contradicted;
  }

  /** A function behind a pointer serves many commands, of which its caller gives some. */
  private isDispatched({ call }: ContextNode): boolean {
    return call >= 0 && this.graph.viaOf(call) === Via.Member;
  }

  /** Whether the named constant that was passed is one of those that lead to a call in a `switch`. */
  private chosenBy(call: number, node: ContextNode): 'yes' | 'no' | 'perhaps' {
    let answer: 'yes' | 'no' | 'perhaps' = 'perhaps';
    let byParameter = false;
    this.graph.eachChosen(call, (parameter) => {
      byParameter = true;
      const known = this.choiceOf(node, parameter) - Known.Constant;
      const cases = known > 0 ? this.graph.casesAt(call, parameter) : [];
      if (cases.includes(known)) answer = 'yes';
      else if (cases.length > 0 && !cases.includes(0)) answer = 'no';
    });
    // What a callback is handed can be any object of its kind: `switch (skb->protocol)`.
    return !byParameter && originOf(node).origin === Origin.Registered ? 'yes' : answer;
  }

  /** Whether what the last function of a chain makes when it is missing may be there: one of its functions is also called where nothing is held. */
  private mayBeMade(node: ContextNode): boolean {
    // Reclaim is waited for by whoever makes it first.
    if ((node.bit & ATOMIC_BITS) === 0) return false;
    for (let at: ContextNode | undefined = node; at; at = at.parent) {
      const { call, origin } = at;
      // A callback is called for each object; whoever calls it by its name as well does not come first.
      if (origin !== Origin.Registered && this.callsOutside(at.fn).some((other) => other !== call)) return true;
    }
    return false;
  }

  /**
   * Whether a function that looks at the kind of its object is shared by several files, of which the chain begins in one: a driver for one bus calls what serves all of
   * them, and its own objects are all of one kind.
   */
  private mayBeOtherKind(node: ContextNode): boolean {
    if (node.depth === 0) return false;
    const { graph } = this;
    const origin = originOf(node);
    const from = graph.fileOf(origin.call < 0 ? origin.fn : graph.callerOf(origin.call));
    return from !== graph.fileOf(node.fn) && this.isShared(node.fn);
  }

  /** Whether functions of at least two other files call it. */
  private isShared(fn: number): boolean {
    const { graph, relevance, sharedFunctions } = this;
    const known = sharedFunctions.get(fn);
    if (known !== undefined) return known;
    const files = new Set<number>();
    relevance.eachCallOf(graph.nameOf(fn), (call) => {
      const file = graph.fileOf(graph.callerOf(call));
      if (file !== graph.fileOf(fn) && relevance.targetsOf(call).some((target) => target.fn === fn)) files.add(file);
    });
    sharedFunctions.set(fn, files.size > 1);
    return files.size > 1;
  }

  private callsOutside(fn: number): readonly number[] {
    const { graph, relevance } = this;
    const known = this.freeCalls.get(fn);
    if (known) return known;
    const found: number[] = [];
    relevance.eachCallOf(graph.nameOf(fn), (call) => {
      const isFree = found.length < 2 && ((graph.heldAt(call) | graph.maybeAt(call)) & ATOMIC_BITS) === 0;
      if (isFree && relevance.targetsOf(call).some((target) => target.fn === fn)) found.push(call);
    });
    this.freeCalls.set(fn, found);
    return found;
  }

  /** What a call tells its callee about the parameters that decide there. */
  at(call: number, caller: ContextNode | undefined, callee: number): number {
    const { graph } = this;
    const values = this.parametersOf(callee).map((parameter): number => {
      if (parameter >= VALUE_BASE) return this.placeAt(call, caller, parameter);
      const value = graph.constantAt(call, parameter);
      if (value !== Known.Nothing) return value;
      const handedOn = graph.passedOnAt(call, parameter);
      if (handedOn >= 0) return this.knownAt(call, caller, handedOn);
      const constant = graph.namedConstantAt(call, parameter);
      return constant === 0 ? Known.Nothing : Known.Constant + constant;
    });
    return this.sets.of(values);
  }

  /** What a call says of a member, or of a bit of a parameter. */
  private placeAt(call: number, caller: ContextNode | undefined, place: number): number {
    const { graph } = this;
    const parameter = parameterOfPlace(place);
    if (parameter < 0) return this.testedAt(call, place) ?? (caller ? this.choiceOf(caller, place) : Known.Nothing);
    if (graph.constantAt(call, parameter) === Known.Zero) return Known.Zero;
    const flag = flagOfPlace(place);
    const isSet = graph.hasFlagAt(call, parameter, flag);
    if (isSet !== undefined) return isSet ? Known.Nonzero : Known.Zero;
    const handedOn = graph.passedOnAt(call, parameter);
    return handedOn < 0 || caller === undefined ? Known.Nothing : this.choiceOf(caller, flagPlace(handedOn, flag));
  }

  /** What the conditions around a call say of a member: that it has a value, rather than that it has not. */
  private testedAt(call: number, place: number): number | undefined {
    let found: number | undefined;
    this.graph.eachTest(call, (test) => {
      if (test.place === place && (found === undefined || test.equal)) found = Known.Constant + test.constant * 2 + (test.equal ? 1 : 0);
    });
    return found;
  }

  private knownAt(call: number, caller: ContextNode | undefined, parameter: number): number {
    let value: number = caller ? this.choiceOf(caller, parameter) : Known.Nothing;
    this.graph.everyGuard(call, (guarded, nonzero) => {
      if (guarded === parameter && value < Known.Constant) value = nonzero ? Known.Nonzero : Known.Zero;
      return true;
    });
    return value;
  }

  private choiceOf({ fn, choices }: ContextNode, parameter: number): number {
    const index = this.parametersOf(fn).indexOf(parameter);
    return index < 0 ? Known.Nothing : this.sets.at(choices, index);
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
    for (let call = graph.callsFrom(fn); call < end; call++) {
      graph.everyGuard(call, (parameter) => {
        note(parameter);
        return true;
      });
      graph.eachChosen(call, note);
    }
    for (let call = graph.callsFrom(fn); call < end; call++)
      if (this.relevance.isCallRelevant(call)) graph.eachPassedOn(call, (_, parameter) => note(parameter));
    for (let call = graph.callsFrom(fn); call < end; call++)
      if (this.matters(call))
        graph.eachTest(call, ({ place }) => {
          if (found.length < MAX_PLACES && !found.includes(place)) found.push(place);
        });
    return found;
  }

  /** Whether the call allocates, or leads to what does. */
  private matters(call: number): boolean {
    return this.graph.actOf(call) !== Act.None || this.relevance.isCallRelevant(call);
  }
}

/** Whether what a caller knows leaves a test open. */
function agrees(known: number, { place, constant, equal }: CodedTest): boolean {
  if (parameterOfPlace(place) >= 0) return (known === Known.Nonzero) === equal;
  const value = known - Known.Constant;
  const isSame = value >> 1 === constant;
  return (value & 1) === 1 ? isSame === equal : !(isSame && equal);
}
