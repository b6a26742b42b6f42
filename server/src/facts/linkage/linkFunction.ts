import { firstThat } from '../../base/search';
import type { Expansion, Step } from '../../flow/cfg';
import { isMemberAccess } from '../../syntax/brackets';
import { DeclFlag } from '../../syntax/nodes';
import type { FunctionEntry } from '../../syntax/sourceFile';
import { TokenKind } from '../../syntax/tokens';
import { isStaticFunction, type Tree } from '../../syntax/tree';
import { bodyOf, type FileScope } from '../fileScope';
import type { LockSummary } from '../lockSummary';
import { Role } from '../names';
import type { Destination, Observer } from '../observer';
import { fileRange } from '../source';
import type { State } from '../state';
import { CallContexts, withGuards } from './callContexts';
import { CallScan, type ScannedCall } from './callScan';
import { firstSleep } from './firstSleep';
import { functionMentions } from './functionMentions';
import {
  Act,
  AS_ENTERED,
  type CallContext,
  enteredBit,
  type FunctionLinkage,
  type Guard,
  GuardOn,
  Linkage,
  type LinkedCall,
  type LinkedTest,
  type Mention,
  type NamedConstant,
  NO_CONSTANTS,
  NOTHING_COMPARED,
  NOTHING_PASSED_ON,
  type PassedOn,
  plainCall,
  Via,
} from './linkage';
import type { LinkNames } from './linkNames';
import { type LinkedParameter, linkedParameters, parameterOf } from './parameters';
import { type FileStructs, Receivers } from './receivers';

/** Words that make the execution context differ between the calls of a function. */
const CHANGES_CONTEXT = Role.Context | Role.Guard | Role.Test | Role.MayUnlock | Role.MayLock;

/** Parameters whose bits are followed. */
const MAX_FLAGGED = 16;

/** The call was not reached by the analysis: nothing may rest on it. */
const NOT_SEEN: CallContext = { held: 0, holder: undefined, maybe: 0, keeps: 0, proof: undefined, guards: [] };

const CHOSEN: Guard = { parameter: GuardOn.Switch, nonzero: true, usual: true };

/** The letters of a text are the caller's alone: no contract says which there may be. */
const CHOSEN_BY_TEXT: Guard = { ...CHOSEN, usual: false };

const ONE_OF_MANY: Guard = { parameter: GuardOn.OneOfMany, nonzero: true, usual: true };

/** Whatever is known of the parameters, it is not the last one for certain. */
const OWN_REFERENCE: Guard = { parameter: GuardOn.OwnReference, nonzero: true, usual: false };

const OF_KIND: Guard = { parameter: GuardOn.Kind, nonzero: true, usual: true };

const MISSING: Guard = { parameter: GuardOn.MakesMissing, nonzero: true, usual: true };

/** What else was found out about a function. */
interface RecordedActs {
  /** What its allocating calls do, by the offset of the called name. */
  readonly acts: ReadonlyMap<number, Act>;
  /** Parameters that are the masks of calls. */
  readonly deferred: ReadonlyMap<number, number>;
  /** What it does to its caller's locks. */
  readonly summary: LockSummary | undefined;
  /** What it says of its callers' context. */
  readonly stated: readonly Mention[];
}

/** Collects what the analysis of a whole tree asks of one function. Where its order of statements matters, it listens to the solver. */
export class FunctionLinker implements Observer {
  private readonly scan: CallScan;
  private readonly receivers: Receivers;
  private readonly parameters: readonly LinkedParameter[];
  private readonly watchedParameters: readonly LinkedParameter[];
  private readonly contexts: (CallContext | undefined)[];
  private readonly expanded: LinkedCall[] = [];
  /** Bit n: parameter n does not keep its value (of more than 32, which no kernel function has, parameters n and n + 32 share one). */
  private changed = 0;
  private readonly shared = new CallContexts();
  private flowed = false;
  private lastCompared: { readonly tests: ScannedCall['compared']; readonly linked: readonly LinkedTest[] } | undefined;

  constructor(
    private readonly scope: FileScope,
    private readonly names: LinkNames,
    private readonly entry: FunctionEntry,
    structs: FileStructs,
  ) {
    const { tree } = scope.file;
    const parameters = linkedParameters(tree, entry.node);
    this.parameters = parameters;
    const body = bodyOf(tree, entry.node);
    this.receivers = new Receivers(structs, tree.first[entry.node]!, tree.end[entry.node]!);
    this.receivers.declareParameters(tree.first[body]!);
    this.scan = new CallScan(tree.tokens, names, parameters, this.receivers).run(tree.first[body]!, tree.end[body]!);
    const { tested, bitTested, changed } = this.scan;
    this.watchedParameters = parameters.filter(({ symbol }) => (tested.has(symbol) || bitTested.has(symbol)) && !changed.has(symbol));
    for (const one of parameters) if (this.scan.changed.has(one.symbol)) this.changed |= 1 << one.index;
    this.contexts = new Array(this.scan.calls.length);
  }

  /** Parameters whose tests decide which calls are made. */
  get watched(): readonly LinkedParameter[] {
    return this.watchedParameters;
  }

  /** Whether the calls of the function can differ in context, so that its flow must be solved. `matters`: a call of a function of the file does. */
  needsFlow(matters: (symbol: number) => boolean): boolean {
    if (this.scan.calls.length === 0) return false;
    const { tested } = this.scan;
    if (this.watchedParameters.some((one) => one.choice && tested.has(one.symbol)) || this.scan.speaksOfSleeping) return true;
    const { tree } = this.scope.file;
    const [first, end] = [tree.first[this.entry.node]!, tree.end[this.entry.node]!];
    return this.scope.words.some(
      first,
      end,
      CHANGES_CONTEXT | Role.LocalMacro | Role.LocalCall,
      (symbol, role) =>
        (role & CHANGES_CONTEXT) !== 0 || (this.scope.macroRole(symbol) & (CHANGES_CONTEXT | Role.LocalCall)) !== 0 || matters(symbol),
    );
  }

  // ── listening ────────────────────────────────────────────────────────────────────────────────

  step(step: Step, state: State): void {
    this.flowed = true;
    if (step.tree !== this.scope.file.tree) {
      if (step.expansion && step.quiet)
        this.callsOfExpansion(step.tree, step.tree.first[step.node]!, step.tree.end[step.node]!, step.expansion, state);
      return;
    }
    const { calls } = this.scan;
    const [first, end] = [step.tree.first[step.node]!, step.tree.end[step.node]!];
    const from = firstThat(0, calls.length, (index) => calls[index]!.token >= first);
    for (let i = from; i < calls.length && calls[i]!.token < end; i++) this.contexts[i] ??= this.shared.of(state);
  }

  call(tree: Tree, node: number, state: State, _destination: Destination, expansion: Expansion | undefined): void {
    if (!expansion || tree === this.scope.file.tree) return;
    this.callsOfExpansion(tree, tree.first[node]!, tree.first[node]! + 1, expansion, state);
  }

  value(): void {}

  /** Calls that a macro of the file makes stand at the macro's use. */
  private callsOfExpansion(tree: Tree, first: number, end: number, expansion: Expansion, state: State): void {
    for (let at: Expansion | undefined = expansion; at; at = at.outer) if (at.macro.startsWith('wait_event')) return;
    const { kind, symbol } = tree.tokens;
    for (let token = first; token < end; token++) {
      if (kind[token] !== TokenKind.Identifier || kind[token + 1] !== TokenKind.LParen) continue;
      const offset = fileRange(tree, 0, expansion, this.scope.file.tree).start;
      const via = isMemberAccess(kind[token - 1]) ? Via.Member : Via.Name;
      this.expanded.push(plainCall(via, symbol[token]!, offset, this.shared.of(state)));
    }
  }

  // ── result ───────────────────────────────────────────────────────────────────────────────────

  finish({ acts, deferred, summary, stated }: RecordedActs): FunctionLinkage {
    const { file } = this.scope;
    const { tree } = file;
    const { tokens } = tree;
    const body = tree.first[bodyOf(tree, this.entry.node)]!;
    const sleep = this.flowed ? undefined : firstSleep(file, this.names, body, this.scan.calls);
    const rested = sleep && { ...AS_ENTERED, proof: sleep };
    const calls: LinkedCall[] = this.scan.calls.map((call, index) => {
      const offset = tokens.start[call.token]!;
      return {
        via: call.via,
        symbol: call.symbol,
        receiver: call.via === Via.Member ? this.receivers.ownerOf(call.token) : 0,
        offset,
        act: acts.get(offset) ?? Act.None,
        context: withMask(this.contextAt(call, index, sleep && offset > sleep.range.start ? rested! : AS_ENTERED), deferred.get(offset)),
        zeros: call.zeros,
        nonzeros: call.nonzeros,
        passedOn: this.passedOn(call),
        constants: call.constants?.map(({ position, symbol }) => ({ index: position, symbol })) ?? NO_CONSTANTS,
        cases: this.casesOf(call),
        flags: call.flags?.map(({ position, symbol }) => ({ index: position, symbol })) ?? NO_CONSTANTS,
        compared: this.compared(call),
      };
    });
    const name = tree.tok[this.entry.node]!;
    return {
      symbol: tokens.symbol[name]!,
      offset: tokens.start[name]!,
      linkage: this.linkage(),
      atInit: this.isInit(),
      ...leftHeld(summary),
      calls: [...calls, ...this.expanded, ...this.storedParameters()],
      mentions: [...functionMentions(this.scope, this.names, this.entry, this.scan, this.receivers), ...stated],
    };
  }

  /**
   * Functions that this one is given and stores: storing one in a member is like handing it to whoever calls that member. It is no call, so no context holds
   * there. One that the function assigns to need not be the caller's any more.
   */
  private storedParameters(): LinkedCall[] {
    const { start, symbol } = this.scope.file.tree.tokens;
    const stored = this.scan.stored.filter((one) => !this.scan.changed.has(one.symbol));
    return stored.map(({ token, parameter }) => ({
      ...plainCall(Via.Store, symbol[token]!, start[token]!, NOT_SEEN),
      receiver: this.receivers.ownerOf(token),
      passedOn: [{ position: 0, parameter }],
    }));
  }

  /** `entered`: the context where nothing in the function changes it. */
  private contextAt(call: ScannedCall, index: number, entered: CallContext): CallContext {
    if (call.inWait) return NOT_SEEN;
    const context = this.withBranches(call, this.flowed ? (this.contexts[index] ?? NOT_SEEN) : entered);
    if (call.oneOfMany) return this.shared.under(ONE_OF_MANY, context);
    return call.chosen ? this.shared.under(call.byText ? CHOSEN_BY_TEXT : CHOSEN, context) : context;
  }

  /** What the branches around a call say; of parameters the solver knows it better. */
  private withBranches({ tests, makesMissing, compared, ownReference }: ScannedCall, context: CallContext): CallContext {
    const guards: Guard[] = makesMissing ? [MISSING] : [];
    if (ownReference) guards.push(OWN_REFERENCE);
    if (compared.some(({ isFlag, equal, symbol }) => equal && !isFlag && this.names.isKind(symbol))) guards.push(OF_KIND);
    for (const { symbol, nonzero, isMild } of this.flowed ? [] : tests) {
      const parameter = this.parameters.find((one) => one.symbol === symbol && !this.scan.changed.has(symbol));
      if (parameter) guards.push({ parameter: parameter.index, nonzero, usual: isMild || (nonzero && !parameter.choice) });
    }
    return withGuards(context, guards);
  }

  /** What the caller passed says nothing of a parameter that was assigned to since. */
  private passedOn({ passedOn }: ScannedCall): readonly PassedOn[] {
    if (passedOn === undefined) return NOTHING_PASSED_ON;
    return this.changed === 0 ? passedOn : passedOn.filter(({ parameter }) => ((this.changed >> parameter) & 1) === 0);
  }

  /** A parameter that was assigned to since is not what the caller passed. */
  private casesOf({ cases }: ScannedCall): readonly NamedConstant[] {
    const kept = cases.filter(({ parameter }) => ((this.changed >> parameter) & 1) === 0);
    return kept.map(({ parameter, symbol }) => ({ index: parameter, symbol }));
  }

  /** Calls beside each other share one list. */
  private compared({ compared }: ScannedCall): readonly LinkedTest[] {
    if (compared.length === 0) return NOTHING_COMPARED;
    if (this.lastCompared?.tests !== compared) this.lastCompared = { tests: compared, linked: this.linkedTests(compared) };
    return this.lastCompared.linked;
  }

  private linkedTests(tests: ScannedCall['compared']): readonly LinkedTest[] {
    return tests.flatMap(({ isFlag, symbol, constant, equal }): LinkedTest[] => {
      if (!isFlag) return [{ parameter: -1, member: symbol, constant, equal }];
      const parameter = parameterOf(this.parameters, symbol);
      return parameter === undefined || parameter.index >= MAX_FLAGGED || this.scan.changed.has(symbol)
        ? []
        : [{ parameter: parameter.index, member: 0, constant, equal }];
    });
  }

  private linkage(): Linkage {
    const { tree } = this.scope.file;
    const { node } = this.entry;
    if ((tree.aux[node]! & DeclFlag.MacroHeader) !== 0)
      return /^(COMPAT_)?SYSCALL_DEFINE/.test(this.scope.texts.tokenText(tree, tree.first[tree.child[node]!]!))
        ? Linkage.EntryPoint
        : Linkage.Global;
    return isStaticFunction(tree, node) ? Linkage.Static : Linkage.Global;
  }

  private isInit(): boolean {
    const { tree } = this.scope.file;
    const body = bodyOf(tree, this.entry.node);
    for (let token = tree.first[this.entry.node]!; token < tree.first[body]!; token++)
      if (this.names.isInit(tree.tokens.symbol[token]!)) return true;
    return false;
  }
}

/** The bits a function returns with, on every path and on some. */
function leftHeld(summary: LockSummary | undefined): { readonly leaves: number; readonly mayLeave: number } {
  let [leaves, mayLeave] = [0, 0];
  for (const { resource, must } of summary?.held ?? []) {
    if (must) leaves |= enteredBit(resource);
    else mayLeave |= enteredBit(resource);
  }
  return { leaves, mayLeave };
}

function withMask(context: CallContext, parameter: number | undefined): CallContext {
  if (parameter === undefined) return context;
  return withGuards(context, [{ parameter: GuardOn.Mask - parameter, nonzero: true, usual: true }]);
}
