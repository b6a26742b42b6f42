import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { Interner } from '../../../../server/src/base/interner';
import {
  Act,
  ATOMIC_BITS,
  Entered,
  type FileLinkage,
  type FunctionLinkage,
  GuardOn,
  Linkage,
  type LinkedCall,
  type Mention,
  MentionUse,
  Via,
} from '../../../../server/src/facts/linkage/linkage';
import { MemoryAct } from '../../../../server/src/facts/linkage/memoryRecord';
import { type CodedTest, flagOfPlace, parameterOfPlace } from '../../../../server/src/program/link/codedTest';
import { ProgramGraph } from '../../../../server/src/program/link/graph';
import { nameCode, ShardWriter } from '../../../../server/src/program/link/shard';

const interner = new Interner();
const NAMES = ['grow', 'naïve', 'x', '_', 'a_rather_long_name_for_a_function_of_a_driver_of_a_ring', 'ring_ops', 'timer_setup'];

// Numbers stand for names below (`slot`): each has to have been given out before.
for (const name of NAMES) interner.intern(name);

const symbol = fc.constantFrom(...NAMES).map((name) => interner.intern(name));
const offset = fc.integer({ min: 0, max: 0x7fffffff });
const bits = fc.integer({ min: 0, max: Entered.All });
const sixteen = fc.integer({ min: 0, max: 0xffff });
const parameter = fc.integer({ min: 0, max: 40 });
const resource = fc.constantFrom('spinlock' as const, 'irqs-off' as const, 'fs-transaction' as const, 'mutex' as const);

const held = fc
  .record({ resource, instance: fc.constantFrom('', '&r->lock', 'größe'), by: fc.constantFrom('spin_lock', 'mutex_lock'), start: offset })
  .map(({ start, ...rest }) => ({ ...rest, range: { start, end: start } }));

const call: fc.Arbitrary<LinkedCall> = fc
  .record({
    target: fc.oneof(
      fc.record({ via: fc.constant(Via.Name), symbol, receiver: fc.constant(0) }),
      fc.record({ via: fc.constant(Via.Member), symbol, receiver: fc.oneof(fc.constant(0), symbol) }),
      fc.record({ via: fc.constant(Via.Parameter), symbol: parameter, receiver: fc.constant(0) }),
    ),
    offset,
    act: fc.constantFrom(Act.None, Act.Atomic, Act.Blocks, Act.BlocksOnly, Act.BlocksIo, Act.BlocksFs),
    // Whatever is held has an event.
    hold: fc.oneof(
      fc.constant({ held: 0, holder: undefined }),
      fc.record({ held: fc.integer({ min: 1, max: Entered.All }), holder: held }),
    ),
    // A file system transaction that may be open is not followed.
    maybe: fc.integer({ min: 0, max: ATOMIC_BITS }),
    keeps: bits,
    proof: fc.option(held, { nil: undefined }),
    guards: fc.array(
      fc.record({ parameter: fc.integer({ min: GuardOn.MakesMissing, max: 40 }), nonzero: fc.boolean(), usual: fc.boolean() }),
      {
        maxLength: 4,
      },
    ),
    zeros: sixteen,
    nonzeros: sixteen,
    passedOn: fc.uniqueArray(fc.record({ position: fc.integer({ min: 0, max: 15 }), parameter }), {
      maxLength: 4,
      selector: ({ position }) => position,
    }),
    constants: fc.uniqueArray(fc.record({ index: fc.integer({ min: 0, max: 15 }), symbol }), {
      maxLength: 3,
      selector: ({ index }) => index,
    }),
    cases: fc.array(fc.record({ index: fc.integer({ min: 0, max: 31 }), symbol: fc.oneof(fc.constant(0), symbol) }), { maxLength: 3 }),
    flags: fc.array(fc.record({ index: fc.integer({ min: 0, max: 15 }), symbol }), { maxLength: 3 }),
    compared: fc.array(
      fc.oneof(
        fc.record({ parameter: fc.constant(-1), member: symbol, constant: symbol, equal: fc.boolean() }),
        fc.record({ parameter: fc.integer({ min: 0, max: 15 }), member: fc.constant(0), constant: symbol, equal: fc.boolean() }),
      ),
      { maxLength: 3 },
    ),
  })
  .map(({ target, hold, maybe, keeps, proof, guards, zeros, ...rest }) => ({
    ...rest,
    ...target,
    context: { ...hold, maybe, keeps, proof, guards },
    zeros,
    nonzeros: rest.nonzeros & ~zeros,
  }));

const mention = (calls: number): fc.Arbitrary<Mention> =>
  fc.record({
    function: symbol,
    offset,
    use: fc.constantFrom(MentionUse.Call, MentionUse.Member, MentionUse.Export, MentionUse.Excused, MentionUse.Unknown),
    owner: fc.oneof(fc.constant(0), symbol),
    slot: fc.integer({ min: 1, max: NAMES.length }),
    call: fc.integer({ min: -1, max: calls - 1 }),
  });

const fn: fc.Arbitrary<FunctionLinkage> = fc.array(call, { maxLength: 4 }).chain((calls) =>
  fc.record({
    symbol,
    offset,
    linkage: fc.constantFrom(Linkage.Global, Linkage.Static, Linkage.EntryPoint, Linkage.Macro),
    atInit: fc.boolean(),
    leaves: fc.nat({ max: 255 }),
    mayLeave: fc.nat({ max: 255 }),
    calls: fc.constant(calls),
    mentions: fc.array(mention(calls.length), { maxLength: 3 }),
  }),
);

const file: fc.Arbitrary<FileLinkage> = fc.record({
  functions: fc.array(fn, { maxLength: 4 }),
  mentions: fc.array(mention(0), { maxLength: 3 }),
  memory: fc.array(
    fc.record({
      member: symbol,
      act: fc.constantFrom(MemoryAct.Fills, MemoryAct.FillsLarge, MemoryAct.FillsUnbounded, MemoryAct.Frees),
      families: sixteen,
    }),
    { maxLength: 3 },
  ),
  frees: fc.constant([]),
  types: fc.array(fc.record({ owner: fc.oneof(fc.constant(0), symbol), member: symbol, type: symbol }), { maxLength: 3 }),
});

const tree = fc.uniqueArray(fc.tuple(fc.constantFrom('drivers/a.c', 'drivers/b.c', 'include/linux/c.h', 'lib/d.c'), file), {
  minLength: 1,
  maxLength: 4,
  selector: ([path]) => path,
});

/** What the linkage of a file says, with names spelt out. */
function written([path, { functions, mentions, memory }]: readonly [string, FileLinkage]) {
  return {
    path,
    functions: functions.map((one) => ({
      name: interner.text(one.symbol),
      offset: one.offset,
      linkage: one.linkage,
      atInit: one.atInit,
      leaves: one.leaves,
      mayLeave: one.mayLeave,
      calls: one.calls.map(writtenCall),
      mentions: one.mentions.map(writtenMention),
    })),
    mentions: mentions.map(writtenMention),
    memory: memory.map(({ member, act, families }) => ({ member: interner.text(member), act, families })),
  };
}

function writtenCall(one: LinkedCall) {
  const { context } = one;
  const provesSleep = (context.held & ATOMIC_BITS) === 0 && context.proof !== undefined;
  const holder = context.held !== 0 ? context.holder : context.proof;
  return {
    callee: one.via === Via.Parameter ? one.symbol : interner.text(one.symbol),
    via: one.via,
    receiver: interner.text(one.receiver),
    offset: one.offset,
    act: one.act,
    held: context.held,
    maybe: context.maybe,
    keeps: context.keeps,
    provesSleep,
    holder: holder && { instance: holder.instance, by: holder.by, offset: holder.range.start, resource: holder.resource },
    guards: context.guards.map((guard) => ({ ...guard })),
    constants: POSITIONS.map((position): number => ((one.zeros >> position) & 1 ? 1 : (one.nonzeros >> position) & 1 ? 2 : 0)),
    passedOn: POSITIONS.map((position) => one.passedOn.find((passed) => passed.position === position)?.parameter ?? -1),
    named: POSITIONS.map((position) => codeOfName(one.constants.find(({ index }) => index === position)?.symbol ?? 0)),
    flags: POSITIONS.map((position) => {
      const alone = one.constants.find(({ index }) => index === position);
      const passed = alone ? [alone] : one.flags.filter(({ index }) => index === position);
      return NAMES.filter((name) => passed.some((flag) => interner.text(flag.symbol) === name));
    }),
    tests: one.compared.map(({ parameter, constant, equal }) => ({
      parameter,
      constant: parameter < 0 ? codeOfName(constant) & 0x3fff : codeOfName(constant),
      equal,
    })),
    cases: PARAMETERS.map((parameter) => one.cases.filter(({ index }) => index === parameter).map((known) => codeOfName(known.symbol))),
  };
}

const PARAMETERS = Array.from({ length: 32 }, (_, parameter) => parameter);

/** Names are told apart by a code alone. */
const codeOfName = (name: number): number => nameCode(interner, name);

const POSITIONS = Array.from({ length: 18 }, (_, position) => position);

function hasNamedSlot(use: MentionUse): boolean {
  return use === MentionUse.Member || use === MentionUse.Excused;
}

function writtenMention(one: Mention) {
  return {
    name: interner.text(one.function),
    offset: one.offset,
    use: one.use,
    owner: interner.text(one.owner),
    slot: hasNamedSlot(one.use) ? interner.text(one.slot) : one.slot,
    call: one.call,
  };
}

/** The same of a file in a graph. */
function read(graph: ProgramGraph, path: string): ReturnType<typeof written> {
  const functions = range(graph.functionCount).filter((one) => graph.pathOf(one) === path);
  const mentions = range(graph.mentionCount).map((index) => graph.mention(index));
  const ofScope = (scope: number) =>
    mentions
      .filter((one) => one.scope === scope && graph.files[one.file] === path)
      .map((one) => ({
        name: graph.names.text(one.name),
        offset: one.offset,
        use: one.use,
        owner: graph.names.text(one.owner),
        slot: hasNamedSlot(one.use) ? graph.names.text(one.slot) : one.slot,
        call: one.call < 0 ? -1 : one.call - graph.callsFrom(scope),
      }));
  const memory: ReturnType<typeof written>['memory'] = [];
  graph.eachMemoryRecord((file, { member, act, families }) => {
    if (graph.files[file] === path) memory.push({ member: graph.names.text(member), act, families });
  });
  return {
    path,
    functions: functions.map((one) => ({
      name: graph.textOf(one),
      offset: graph.offsetOf(one),
      linkage: graph.linkageOf(one),
      atInit: graph.isInit(one),
      leaves: graph.leavesOf(one),
      mayLeave: graph.mayLeaveOf(one),
      calls: range(graph.callsEnd(one) - graph.callsFrom(one)).map((index) => readCall(graph, graph.callsFrom(one) + index)),
      mentions: ofScope(one),
    })),
    mentions: ofScope(-1),
    memory,
  };
}

function readCall(graph: ProgramGraph, one: number): ReturnType<typeof writtenCall> {
  const guards: { parameter: number; nonzero: boolean; usual: boolean }[] = [];
  graph.everyGuard(one, (parameter, nonzero, usual) => guards.push({ parameter, nonzero, usual }) > 0);
  const tests: CodedTest[] = [];
  graph.eachTest(one, (test) => tests.push(test));
  const via = graph.viaOf(one);
  const provesSleep = graph.provesSleep(one);
  return {
    callee: via === Via.Parameter ? graph.calleeOf(one) : graph.names.text(graph.calleeOf(one)),
    via,
    receiver: graph.names.text(graph.receiverOf(one)),
    offset: graph.callOffsetOf(one),
    act: graph.actOf(one),
    held: graph.heldAt(one),
    maybe: graph.maybeAt(one),
    keeps: graph.keepsOf(one),
    provesSleep,
    holder: graph.heldAt(one) !== 0 || provesSleep ? (graph.holderAt(one) as ReturnType<typeof writtenCall>['holder']) : undefined,
    guards,
    constants: POSITIONS.map((position) => graph.constantAt(one, position)),
    passedOn: POSITIONS.map((position) => graph.passedOnAt(one, position)),
    named: POSITIONS.map((position) => graph.namedConstantAt(one, position)),
    flags: POSITIONS.map((position) => NAMES.filter((name) => graph.hasFlagAt(one, position, codeOfName(interner.intern(name))) === true)),
    tests: tests.map(({ place, constant, equal }) => {
      const parameter = parameterOfPlace(place);
      return { parameter, constant: parameter < 0 ? constant : flagOfPlace(place), equal };
    }),
    cases: PARAMETERS.map((parameter) => [...graph.casesAt(one, parameter)]),
  };
}

function range(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index);
}

describe('what files say of themselves', () => {
  test('comes back from a graph as it went into the shards', () => {
    fc.assert(
      fc.property(tree, fc.boolean(), (files, split) => {
        const writer = new ShardWriter(interner);
        const shards = files.flatMap(([path, linkage], index) => {
          writer.add(path, linkage);
          return split || index === files.length - 1 ? [writer.take()] : [];
        });
        const graph = ProgramGraph.of(shards);
        assert.deepEqual(
          files.map(([path]) => read(graph, path)),
          files.map(written),
        );
      }),
      { numRuns: 300 },
    );
  });

  test('functions are found by name in every file that has one', () => {
    fc.assert(
      fc.property(tree, (files) => {
        const writer = new ShardWriter(interner);
        for (const [path, linkage] of files) writer.add(path, linkage);
        const graph = ProgramGraph.of([writer.take()]);
        for (const name of NAMES) {
          const found: number[] = [];
          const id = graph.names.find(name);
          for (let one = id === 0 ? -1 : graph.firstNamed(id); one >= 0; one = graph.nextNamesake(one)) found.push(one);
          assert.deepEqual(
            found,
            range(graph.functionCount).filter((one) => graph.textOf(one) === name),
          );
        }
      }),
      { numRuns: 100 },
    );
  });

  test('no files make an empty graph', () => {
    const graph = ProgramGraph.of([new ShardWriter(interner).take()]);
    assert.deepEqual([graph.files.length, graph.functionCount, graph.callCount, graph.mentionCount], [0, 0, 0, 0]);
  });
});
