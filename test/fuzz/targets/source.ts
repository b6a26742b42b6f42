import assert from 'node:assert/strict';
import { Interner } from '../../../server/src/base/interner';
import type { TextRange } from '../../../server/src/base/range';
import { createHeaders } from '../../../server/src/facts/headers/headers';
import { configOf, loadModel, parseRelease } from '../../../server/src/kernel/index';
import { type AnalysisContext, analyseSource } from '../../../server/src/program/analyseSource';
import { fixSource } from '../../../server/src/program/fixSource';
import { branchesOf } from '../../../server/src/program/treeContext';
import { recordOf } from '../../../server/src/report/record';
import type { Finding } from '../../../server/src/rules/rule';
import { DEFAULT_RULE_SETTINGS } from '../../../server/src/rules/run';
import { evaluateCondition, soleMacro } from '../../../server/src/syntax/condition';
import { lex } from '../../../server/src/syntax/lexer';
import { expandCall, parseMacroBody } from '../../../server/src/syntax/macros';
import { parseFile } from '../../../server/src/syntax/parseFile';
import { linkTree, verdictLines } from '../../support/linkedTree';
import { assertWellFormed } from '../../unit/syntax/wellFormed';
import type { Random } from '../random';
import type { FuzzTarget } from '../target';
import { ALLOCATION_WORDS, C_WORDS, DIRECTIVE_WORDS } from './words';

/** Names of all inputs would fill the memory of a long run. */
const MAX_NAMES = 300_000;
const config = configOf({ CONFIG_A: true, CONFIG_B: 'm', CONFIG_HZ: 250, CONFIG_PREEMPT_RT: false });
const branches = branchesOf(config);
let shared = new Interner();

function interner(): Interner {
  if (shared.size > MAX_NAMES) shared = new Interner();
  return shared;
}

export const lexer: FuzzTarget = {
  name: 'lexer',
  sources: ['syntax/'],
  words: [...C_WORDS, ...DIRECTIVE_WORDS],
  run(input) {
    const { tokens } = lex(input, interner());
    for (let token = 1; token < tokens.count - 1; token++)
      assert.ok(tokens.start[token]! < tokens.end[token]! && tokens.end[token]! <= tokens.start[token + 1]!);
    assert.ok(tokens.end[tokens.count - 1]! <= input.length);
    lex(input, interner(), undefined, true);
  },
};

export const parser: FuzzTarget = {
  name: 'parser',
  sources: ['syntax/'],
  words: [...C_WORDS, ...DIRECTIVE_WORDS],
  run(input, random) {
    const file = parseFile('fs/a.c', input, { interner: interner(), ...(random.once(2) && { branches }) });
    assertWellFormed(file);
    for (const macro of file.macros.all.slice(0, 50)) {
      const fragment = parseMacroBody(macro, file);
      assert.ok(fragment === undefined || fragment.source.tree.count > 0);
      if (macro.parameters !== undefined) expandCall(file, macro, Array(macro.parameters.length).fill('a + (b'));
    }
  },
};

export const preprocessor: FuzzTarget = {
  name: 'preprocessor',
  sources: ['syntax/'],
  words: [...DIRECTIVE_WORDS, '&&', '||', '!', '==', '>=', '<<', '?', ':', '(', ')', '/*', '*/', "'a'", '0x10u', 'CONFIG_A', 'X'],
  run(input) {
    const text = Buffer.from(input).toString('latin1');
    const assumed = new Map([['X', true]]);
    for (const [, condition] of text.matchAll(/#\s*(?:el)?if\b(.*)/g)) {
      const value = evaluateCondition(condition!, branches, assumed);
      assert.ok(value === undefined || typeof value === 'number');
      soleMacro(condition!);
    }
    assertWellFormed(parseFile('include/linux/a.h', input, { interner: interner(), branches }));
  },
};

/**
 * Everything that is done with a file: facts, rules, callers within it, fixes, records for the reports. The input is a source; behind form feeds follow
 * headers that it may include, and the makefile of its folder.
 */
export const analyse: FuzzTarget = {
  name: 'analyse',
  sources: ['facts/', 'rules/', 'kernel/functions/', 'kernel/contexts/'],
  words: [...C_WORDS, ...ALLOCATION_WORDS, ...DIRECTIVE_WORDS, '\f'],
  run(input, random) {
    const { source, context } = worldOf(input, random);
    const { findings, facts } = analyseSource(PATHS[0]!, source, context, { alone: true });
    for (const finding of findings) assertInside(finding, source);
    for (const finding of findings.slice(0, 20)) recordOf(finding, facts.file, context.model, () => undefined);
    if (findings.some((one) => one.fixes?.some((fix) => fix.safety === 'safe'))) {
      const fixed = fixSource(PATHS[0]!, source, context, () => true);
      assert.ok(fixed.findings.length <= findings.length || facts.file.damage.length > 0);
    }
    if (random.once(4)) {
      const again = analyseSource(PATHS[0]!, source, context, { alone: true }).findings;
      assert.deepEqual(again.map(plain), findings.map(plain), 'the same question twice');
    }
  },
};

/** The sizes that allocations ask for: constants, types, macros, bounds. */
export const sizes: FuzzTarget = {
  name: 'sizes',
  sources: ['facts/sizes/', 'kernel/functions/'],
  words: [
    ...C_WORDS,
    'kmalloc(',
    'sizeof(struct s)',
    'sizeof(*p)',
    'struct_size(p, items, n)',
    'array_size(n, 8)',
    'size_add(',
    'size_mul(',
    'PAGE_SIZE',
    'BIT(3)',
    'SZ_4K',
    'GENMASK(7, 0)',
    'roundup_pow_of_two(',
    'min_t(size_t, n, 64)',
    'DECLARE_BITMAP(map, 70);',
    'u8 pad[100];',
    'u64 x:3;',
    '__packed',
    '__aligned(64)',
    'enum { A = 3, B };',
    'union { u8 a; u64 b; };',
    'struct s { int a; };',
    'if (n > 100) return 0;',
    'while (n--)',
    'n <<= 3;',
  ],
  run(input, random) {
    const { source, context } = worldOf(input, random);
    const { facts } = analyseSource(PATHS[0]!, source, context);
    for (const fn of facts.functions) {
      for (const { size } of fn.calls) {
        for (const part of [size?.bytes, size?.order, size?.count?.interval, size?.element?.interval]) {
          if (part === undefined) continue;
          const { min, max = Number.POSITIVE_INFINITY } = part;
          assert.ok(min >= 0 && min <= max, `${min}..${max}`);
        }
      }
    }
  },
};

const LINKED = ['fs/a.c', 'fs/b.c', 'net/c.c', 'include/linux/d.h', 'drivers/e.c'];

/** Several files put together: pieces of the input between form feeds. The answer must not depend on their order and on threads. */
export const link: FuzzTarget = {
  name: 'link',
  sources: ['facts/', 'kernel/functions/', 'kernel/contexts/', 'program/link/'],
  words: [
    ...ALLOCATION_WORDS,
    '\f',
    'EXPORT_SYMBOL(grow);',
    'static void grow(struct ring *r)\n{\n',
    'grow(r);',
    'timer_setup(&r->timer, grow, 0);',
    'request_irq(1, grow, 0, "", r);',
    'static const struct net_device_ops ops = {\n\t.ndo_start_xmit = grow,\n};',
    'INIT_WORK(&r->work, grow);',
    'module_init(grow);',
    '#define grow(r) shrink(r)',
  ],
  run(input) {
    const pieces = Buffer.from(input).toString('utf8').split('\f').slice(0, LINKED.length);
    const files = Object.fromEntries(pieces.map((piece, index) => [LINKED[index]!, piece]));
    const lines = verdictLines(linkTree(files));
    const turned = Object.fromEntries(Object.entries(files).reverse());
    assert.deepEqual(verdictLines(linkTree(turned, { shards: 2 })), lines);
  },
};

const PATHS = ['drivers/net/a.c', 'drivers/net/ring.h', 'include/linux/more.h', 'drivers/net/Makefile'];
const FORM_FEED = 12;
const models = ['4.4', '5.10', '6.1', '6.12', '6.19'].map((release) => loadModel({ release: parseRelease(release)!, config: undefined }));
const realTime = configOf({ CONFIG_PREEMPT_RT: true, CONFIG_MMU: true, CONFIG_A: false });

/** The source in an input, in one of several kernels, with the headers that stand behind it in the input. */
function worldOf(input: Uint8Array, random: Random): { readonly source: Uint8Array; readonly context: AnalysisContext } {
  const pieces = piecesOf(input);
  const chosen = random.once(3) ? undefined : random.once(2) ? config : realTime;
  const worldModel = chosen === realTime ? realTimeModel : random.pick(models);
  const oracle = chosen === undefined ? undefined : branchesOf(chosen);
  const read = (path: string): Uint8Array | undefined => pieces[PATHS.indexOf(path)];
  const annotations = new Set<string>();
  const headers = pieces.length > 1 ? createHeaders({ read, model: worldModel, branches: oracle, annotations }) : undefined;
  const rules = { ...DEFAULT_RULE_SETTINGS, possible: true };
  return { source: pieces[0]!, context: { model: worldModel, interner: interner(), annotations, branches: oracle, headers, rules } };
}

const realTimeModel = loadModel({ release: parseRelease('6.12')!, config: realTime });

function piecesOf(input: Uint8Array): readonly Uint8Array[] {
  const pieces: Uint8Array[] = [];
  let from = 0;
  for (let at = input.indexOf(FORM_FEED); at >= 0 && pieces.length < PATHS.length; at = input.indexOf(FORM_FEED, from)) {
    pieces.push(input.subarray(from, at));
    from = at + 1;
  }
  return [...pieces, input.subarray(from)];
}

function plain({ rule, range, message, certainty }: Finding): unknown {
  return [rule, range, message, certainty];
}

function assertInside(finding: Finding, input: Uint8Array): void {
  const ranges: readonly TextRange[] = [
    finding.range,
    ...(finding.trace ?? []).map((step) => step.range),
    ...(finding.fixes ?? []).flatMap((fix) => fix.edits.map((edit) => edit.range)),
  ];
  for (const { start, end } of ranges) assert.ok(0 <= start && start <= end && end <= input.length, `${finding.rule}: ${start}..${end}`);
}
