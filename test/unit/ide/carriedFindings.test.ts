import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { Interner } from '../../../server/src/base/interner';
import { functionEdit, judgedText } from '../../../server/src/ide/carriedFindings';
import { loadModel, parseRelease } from '../../../server/src/kernel/index';
import { type AnalysisContext, analyseSource, type SourceAnalysis } from '../../../server/src/program/analyseSource';
import { DEFAULT_RULE_SETTINGS, runRules } from '../../../server/src/rules/run';
import { Random } from '../../fuzz/random';
import { seedsOf } from '../../fuzz/seeds';
import { ALLOCATION_WORDS, C_WORDS, DIRECTIVE_WORDS } from '../../fuzz/targets/words';

const context: AnalysisContext = {
  model: loadModel({ release: parseRelease('6.1.192')! }),
  interner: new Interner(),
  annotations: new Set(),
  branches: undefined,
  headers: undefined,
  rules: { ...DEFAULT_RULE_SETTINGS, possible: true },
};

function analyse(text: string): SourceAnalysis {
  return analyseSource('drivers/ring.c', new TextEncoder().encode(text), context);
}

function editOf(older: string, newer: string) {
  const { facts, findings } = analyse(older);
  return functionEdit(judgedText(facts, findings)!, analyse(newer).facts);
}

const SOURCE = `#include <linux/slab.h>

#define RINGS 4

static int fill(struct ring *r)
{
	/* before the lock */
	spin_lock(&r->lock);
	r->slots = kvcalloc(RINGS, 8, GFP_ATOMIC);
	spin_unlock(&r->lock);
#ifdef CONFIG_RING
	r->debug = true;
#endif
	return 0;
}

static void drain(struct ring *r)
{
	kfree(r->slots);
	r->next = kmalloc(8, GFP_KERNEL | GFP_DMA32);
}
`;

describe('an edit between the braces of one function', () => {
  const messages = (edit: ReturnType<typeof editOf>): readonly string[] => edit!.carried.map(({ message }) => message.split(':')[0]!);

  test('leaves the findings of the others where their text went', () => {
    const edit = editOf(SOURCE, SOURCE.replace('RINGS, 8', 'RINGS, sizeof(long)'));
    assert.deepEqual(
      edit?.functions.map(({ name }) => name),
      ['fill'],
    );
    const newer = SOURCE.replace('RINGS, 8', 'RINGS, sizeof(long)');
    const [free, ...others] = edit!.carried;
    assert.equal(newer.slice(free!.range.start, free!.range.end), 'kfree(r->slots)');
    const [step] = free!.trace!;
    assert.equal(newer.slice(step!.range.start, step!.range.end), 'kvcalloc(RINGS, sizeof(long), GFP_ATOMIC)');
    assert.ok(others.length > 0);
  });

  test('takes along neither fixes nor what they were made from: those are asked for when they are needed', () => {
    for (const finding of editOf(SOURCE, SOURCE.replace('RINGS, 8', 'RINGS, 16'))!.carried)
      for (const key of ['fixes', 'call', 'mask', 'function']) assert.ok(!(key in finding), key);
  });

  test('a text that is what it was keeps all of them', () => {
    const edit = editOf(SOURCE, SOURCE);
    assert.deepEqual(edit?.functions, []);
    assert.equal(edit?.carried.length, analyse(SOURCE).findings.length);
    assert.ok(messages(edit).length > 1);
  });

  test('a brace too many or too few is a matter of its function', () => {
    for (const broken of ['return 0; }', 'if (r) {'])
      assert.deepEqual(
        editOf(SOURCE, SOURCE.replace('return 0;', broken))?.functions.map(({ name }) => name),
        ['fill'],
      );
  });

  const elsewhere: Record<string, (source: string) => string> = {
    'a declaration between functions': (source) => source.replace('static void drain', 'int x;\nstatic void drain'),
    'the head of a function': (source) => source.replace('fill(struct ring *r)', 'fill(struct ring *r, gfp_t gfp)'),
    'the name of a function': (source) => source.replace('fill', 'refill'),
    'a macro': (source) => source.replace('RINGS 4', 'RINGS 40'),
    'a condition of the preprocessor inside of a function': (source) => source.replace('CONFIG_RING', 'CONFIG_RING2'),
    'a new macro inside of a function': (source) => source.replace('/* before the lock */', '\n#define GFP GFP_KERNEL'),
    'a line that goes on': (source) => source.replace('return 0;', 'return \\\n0;'),
    'two functions': (source) => source.replace('RINGS, 8', 'RINGS, 16').replace('kmalloc(8', 'kmalloc(16'),
    'a comment that does not end': (source) => source.replace('return 0;', 'return 0; /*'),
    'a comment that allows findings': (source) => source.replace('return 0;', '/* gfp-lens: allow(free-mismatch) */'),
  };
  for (const [what, edited] of Object.entries(elsewhere)) {
    test(`${what}: everything is looked at`, () => {
      assert.notEqual(edited(SOURCE), SOURCE);
      assert.equal(editOf(SOURCE, edited(SOURCE)), undefined);
      assert.equal(editOf(SOURCE.replaceAll('\n', '\r\n'), edited(SOURCE).replaceAll('\n', '\r\n')), undefined, 'with CRLF');
    });
  }

  test('a function that stands there twice: everything is looked at', () => {
    const twice = `#ifdef CONFIG_A\n${SOURCE}#else\n${SOURCE}#endif\n`;
    assert.equal(editOf(twice, twice.replace('RINGS, 8', 'RINGS, 16')), undefined);
  });

  test('comments that allow findings need all findings: such a text is not carried over', () => {
    const { facts, findings } = analyse(SOURCE.replace('/* before', '/* gfp-lens: allow(costly-order) why\n * before'));
    assert.equal(judgedText(facts, findings), undefined);
  });
});

test('random edits: what is judged anew is what a look at everything finds there', () => {
  const WORDS = [...ALLOCATION_WORDS, ...C_WORDS, ...DIRECTIVE_WORDS, 'x', ';', '{', '}', '/*', '*/', '"', '\n', '\\\n', ''];
  const sources = seedsOf('analyse', join(__dirname, '..', '..', '..')).map((bytes) => Buffer.from(bytes).toString('latin1'));
  const random = new Random(7);
  let [compared, judged] = [0, 0];
  for (let round = 0; round < 600; round++) {
    const older = Buffer.from(random.pick(sources), 'latin1').toString('latin1');
    const at = random.below(older.length + 1);
    const newer = older.slice(0, at) + random.pick(WORDS) + older.slice(at + random.pick([0, 0, 1, 5]));
    const before = analyseSource('drivers/ring.c', Buffer.from(older, 'latin1'), context);
    const after = analyseSource('drivers/ring.c', Buffer.from(newer, 'latin1'), context);
    const known = judgedText(before.facts, before.findings);
    const edit = known && functionEdit(known, after.facts);
    if (edit === undefined) continue;
    compared++;
    const { model, rules } = context;
    const { findings } = runRules(after.facts, model, rules, { functions: edit.functions });
    const here = new Set(edit.functions.map(({ name }) => name));
    const wanted = after.findings.filter((finding) => finding.function !== undefined && here.has(finding.function.name));
    const seen = (list: typeof findings): unknown =>
      list.map(({ rule, message, range, fingerprint }) => [rule, message, range, fingerprint]);
    assert.deepEqual(seen(findings), seen(wanted), `round ${round}`);
    judged += findings.length;
    for (const { range } of edit.carried) assert.ok(range.start >= 0 && range.start <= range.end && range.end <= newer.length);
  }
  assert.ok(compared > 100 && judged > 50, `compared ${compared} times, ${judged} findings`);
});
