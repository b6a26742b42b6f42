import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { CallSite, FileFacts, FunctionFacts } from '../../../server/src/facts/site';
import { loadModel, newestRelease } from '../../../server/src/kernel/index';
import { fingerprint } from '../../../server/src/rules/fingerprint';
import type { Rule, RuleFinding } from '../../../server/src/rules/rule';
import { asksProgram, DEFAULT_RULE_SETTINGS, type RuleRun, type RuleSettings, runRules } from '../../../server/src/rules/run';
import { unusedSuppression } from '../../../server/src/rules/unusedSuppression';
import { sourceFileOf } from './sourceFileOf';

const model = loadModel({ release: newestRelease() });
const TEXT = 'int f(void)\n{\n\tbad(1);\n\tbad(2);\n\tbad(2);\n}\n';

function functionOf(name: string, view: number): FunctionFacts {
  return { name, entry: { node: 0, name, view }, calls: [], masks: [], nameRange: { start: 4, end: 5 } } as unknown as FunctionFacts;
}

function factsOf(text: string, functions: readonly FunctionFacts[] = [functionOf('f', 0)]): FileFacts {
  const scope = undefined as unknown as FileFacts['scope'];
  return { file: sourceFileOf(text, 'drivers/a.c'), scope, headers: undefined, functions, masks: [], gaps: [] };
}

function ruleOf(id: string, check: NonNullable<Rule['checkFunction']>, severity: Rule['severity'] = 'warning'): Rule {
  return { id, summary: '', severity, doc: '', checkFunction: check };
}

/** A finding on each `bad(` of the text. */
function everyBad(facts: FunctionFacts, text: string, extra: Partial<RuleFinding> = {}): RuleFinding[] {
  return [...text.matchAll(/bad\(/g)].map((match) => ({
    range: { start: match.index, end: match.index + 3 },
    message: 'bad',
    certainty: 'definite' as const,
    function: facts,
    ...extra,
  }));
}

function run(text: string, rule: Rule, settings: Partial<RuleSettings> = {}, functions?: readonly FunctionFacts[]): RuleRun {
  return runRules(factsOf(text, functions), model, { ...DEFAULT_RULE_SETTINGS, ...settings }, { list: [rule, unusedSuppression] });
}

const bad = ruleOf('bad', (fn) => everyBad(fn, TEXT));

describe('the rule driver', () => {
  test('sorts findings and adds rule, path and severity', () => {
    const shuffled = ruleOf('bad', (fn) => everyBad(fn, TEXT).reverse());
    const { findings } = run(TEXT, shuffled);
    assert.deepEqual(
      findings.map(({ rule, path, severity, range }) => [rule, path, severity, range.start]),
      [15, 24, 33].map((start) => ['bad', 'drivers/a.c', 'warning', start]),
    );
  });

  test('at one place: the shorter range first, then rules by name, then messages', () => {
    const at = (length: number, message: string): RuleFinding => ({
      range: { start: 15, end: 15 + length },
      message,
      certainty: 'definite',
    });
    const worse = ruleOf('worse', () => [at(3, 'b'), at(3, 'a'), at(4, 'a'), at(2, 'z')]);
    const list = [worse, ruleOf('bad', () => [at(3, 'c'), at(4, 'b')])];
    const { findings } = runRules(factsOf(TEXT), model, DEFAULT_RULE_SETTINGS, { list });
    assert.deepEqual(
      findings.map(({ rule, message, range }) => `${range.end - range.start} ${rule} ${message}`),
      ['2 worse z', '3 bad c', '3 worse a', '3 worse b', '4 bad b', '4 worse a'],
    );
  });

  test('settings of the nearest folder above the file replace those of the rules', () => {
    const within = (path: string, severity: 'off' | 'error' | 'info') => ({ path, severities: new Map([['bad', severity] as const]) });
    const severityWith = (...folders: readonly ReturnType<typeof within>[]) => run(TEXT, bad, { folders }).findings[0]?.severity;
    assert.equal(severityWith(within('', 'error')), 'error');
    assert.equal(severityWith(within('drivers', 'info'), within('', 'error')), 'info');
    assert.equal(severityWith(within('', 'error'), within('drivers', 'info')), 'info');
    // The file itself may be named; what only begins alike is another folder.
    assert.equal(severityWith(within('drivers', 'info'), within('drivers/a.c', 'error')), 'error');
    assert.equal(severityWith(within('driver', 'error'), within('drivers/a', 'error'), within('drivers/a.c/x', 'error')), 'warning');
    assert.equal(severityWith(within('drivers', 'off')), undefined);
  });

  test('fingerprints differ for the same text on two lines and survive changes elsewhere', () => {
    const prints = (text: string): string[] =>
      run(
        text,
        ruleOf('bad', (fn) => everyBad(fn, text)),
      ).findings.map((finding) => finding.fingerprint);
    const before = prints(TEXT);
    assert.equal(new Set(before).size, 3);
    assert.deepEqual(prints(`#include <x.h>\n\n${TEXT.replaceAll('\t', '        ')}`), before);
  });

  test('of lines that read alike the fingerprints are told apart by their order', () => {
    const line = (occurrence: number): string =>
      fingerprint({ rule: 'bad', path: 'drivers/a.c', function: 'f', line: 'bad(2);', occurrence });
    assert.deepEqual(
      run(TEXT, bad).findings.map((finding) => finding.fingerprint),
      [fingerprint({ rule: 'bad', path: 'drivers/a.c', function: 'f', line: 'bad(1);', occurrence: 0 }), line(0), line(1)],
    );
  });

  test('known findings are left out, and change nothing about the others', () => {
    const [first, ...others] = run(TEXT, bad).findings.map((finding) => finding.fingerprint);
    assert.deepEqual(
      run(TEXT, bad, { known: new Set([first!]) }).findings.map((finding) => finding.fingerprint),
      others,
    );
  });

  test('possible findings are hints, and hidden unless asked for', () => {
    const possible = ruleOf('bad', (fn) => everyBad(fn, TEXT, { certainty: 'possible' }), 'error');
    assert.deepEqual(run(TEXT, possible).findings, []);
    assert.deepEqual(new Set(run(TEXT, possible, { possible: true }).findings.map((finding) => finding.severity)), new Set(['hint']));
  });

  test('a finding of a call brings its function and mask, one of a function no mask', () => {
    const owner = functionOf('g', 0);
    const call = { function: owner, mask: { value: { set: 1, clear: 2 } }, range: { start: 15, end: 18 } } as unknown as CallSite;
    const found = (finding: RuleFinding) =>
      run(
        TEXT,
        ruleOf('bad', () => [finding]),
      ).findings[0]!;
    const place = { range: { start: 15, end: 18 }, message: 'bad', certainty: 'definite' } as const;
    const ofCall = found({ ...place, call });
    assert.deepEqual([ofCall.function?.name, ofCall.mask], ['g', { set: 1, clear: 2 }]);
    const ofFunction = found(place);
    assert.equal(ofFunction.function?.name, 'f');
    assert.ok(!('mask' in ofFunction) && !('call' in ofFunction));
  });

  test('severities: the setting, else the finding, else the rule', () => {
    const own = ruleOf('bad', (fn) => everyBad(fn, TEXT, { severity: 'info' }));
    assert.equal(run(TEXT, own).findings[0]!.severity, 'info');
    assert.equal(run(TEXT, own, { severities: new Map([['bad', 'error']]) }).findings[0]!.severity, 'error');
  });

  test('rules can be switched off or chosen', () => {
    assert.deepEqual(run(TEXT, bad, { severities: new Map([['bad', 'off']]) }).findings, []);
    assert.deepEqual(run(TEXT, bad, { enabled: new Set(['other']) }).findings, []);
    assert.equal(run(TEXT, bad, { enabled: new Set(['bad']) }).findings.length, 3);
  });

  test('a rule that throws is a gap, and the others go on', () => {
    const broken = ruleOf('broken', () => {
      throw new Error('oops');
    });
    const result = runRules(factsOf(TEXT), model, DEFAULT_RULE_SETTINGS, { list: [broken, bad] });
    assert.equal(result.findings.length, 3);
    assert.deepEqual(
      result.gaps.map((gap) => gap.reason),
      ['rule broken failed'],
    );
  });

  test('the same mistake in both views of a function is one finding, two messages of one view are two', () => {
    const views = [functionOf('f', 0), functionOf('f', 1)];
    const both = ruleOf('bad', (fn) => everyBad(fn, TEXT, { message: `in view ${fn.entry.view}` }));
    assert.deepEqual(
      run(TEXT, both, {}, views).findings.map((finding) => finding.message),
      ['in view 0', 'in view 0', 'in view 0'],
    );
    const twice = ruleOf('bad', (fn) => [...everyBad(fn, 'bad('), ...everyBad(fn, 'bad(', { message: 'also bad' })]);
    assert.equal(run(TEXT, twice).findings.length, 2);
  });

  test('a view that proves it wins over one that does not', () => {
    const views = [functionOf('f', 0), functionOf('f', 1)];
    const both = ruleOf('bad', (fn) => everyBad(fn, 'bad(', { certainty: fn.entry.view === 0 ? 'possible' : 'definite' }));
    assert.equal(run(TEXT, both, {}, views).findings[0]!.certainty, 'definite');
  });
});

describe('suppressions in a run', () => {
  const lines = (text: string, settings: Partial<RuleSettings> = {}): string[] =>
    run(
      text,
      ruleOf('bad', (fn) => everyBad(fn, text)),
      settings,
    ).findings.map((finding) => `${finding.rule}: ${finding.message}`);

  test('silence what they cover', () => {
    assert.deepEqual(lines('void f(void) { bad(1); } /* gfp-lens: allow(bad) known */\n'), []);
  });

  test('are told with the findings they silence when somebody asks for those', () => {
    const text = 'void f(void)\n{\n\tbad(1); /* gfp-lens: allow(bad) known */\n\tbad(2);\n}\n';
    const rule = ruleOf('bad', (fn) => everyBad(fn, text));
    const asked = run(text, rule, { suppressed: true }).findings;
    assert.deepEqual(
      asked.map(({ suppressedBy }) => suppressedBy),
      ['known', undefined],
    );
    assert.deepEqual(
      run(text, rule).findings.map((finding) => finding.fingerprint),
      [asked[1]!.fingerprint],
    );
  });

  test('that nothing needs are reported, and can be removed', () => {
    const text = 'int x; /* gfp-lens: allow(bad) known */\n';
    const { findings } = run(
      text,
      ruleOf('bad', () => []),
    );
    assert.equal(findings[0]!.rule, 'unused-suppression');
    assert.equal(findings[0]!.message, 'nothing to suppress here for bad');
    assert.equal(findings[0]!.fixes?.[0]?.safety, 'unsafe');
  });

  test('without a reason, of unknown rules, or malformed are reported', () => {
    assert.match(lines('void f(void) { bad(1); } // gfp-lens: allow(bad)\n').join(), /gives no reason/);
    assert.match(lines('int x; // gfp-lens: allow(worse) x\n').join(), /there is no rule "worse"/);
    assert.match(lines('int x; // gfp-lens: please\n').join(), /cannot be read/);
  });

  test('of a rule that does not run are not judged', () => {
    assert.deepEqual(lines('int x; // gfp-lens: allow(bad) x\n', { severities: new Map([['bad', 'off']]) }), []);
    assert.deepEqual(lines('int x; // gfp-lens: allow(bad) x\n', { enabled: new Set(['unused-suppression']) }), []);
  });

  test('are used by a possible finding that is not shown', () => {
    const text = 'void f(void) { bad(1); } // gfp-lens: allow(bad) x\n';
    assert.deepEqual(
      run(
        text,
        ruleOf('bad', (fn) => everyBad(fn, text, { certainty: 'possible' })),
      ).findings,
      [],
    );
  });

  test('can silence unused-suppression itself', () => {
    assert.deepEqual(lines('/* gfp-lens: allow-file(unused-suppression) two configurations */\nint x; // gfp-lens: allow(bad) x\n'), []);
  });
});

describe('what the whole tree says', () => {
  const verdict = { kind: 'atomic', offset: 0, end: 3, certainty: 'definite', reason: 'a caller holds a lock', steps: [] } as const;
  const seen = (asks: Pick<Rule, 'asksProgram'>): unknown[] => {
    const heard: unknown[] = [];
    const checkFunction: NonNullable<Rule['checkFunction']> = (_, { verdictAt }) => {
      heard.push(verdictAt(0));
      return [];
    };
    const listening: Rule = { ...ruleOf('hears', checkFunction), ...asks };
    runRules(factsOf(TEXT), model, DEFAULT_RULE_SETTINGS, { list: [listening], verdicts: [verdict] });
    return heard;
  };

  test('is told to the rules that ask for it', () => assert.deepEqual(seen({ asksProgram: true }), [verdict]));
  test('is not told to others, so that a run without them need not find it out', () => assert.deepEqual(seen({}), [undefined]));

  test('need not be known for rules that look at one file', () => {
    const only = (...ids: string[]): boolean => asksProgram({ ...DEFAULT_RULE_SETTINGS, enabled: new Set(ids) });
    assert.equal(only('dma-mask', 'conflicting-flags'), false);
    assert.equal(only('dma-mask', 'free-mismatch'), true);
    assert.equal(asksProgram(DEFAULT_RULE_SETTINGS), true);
  });

  test('must be known where a folder may switch a rule on', () => {
    const severities = new Map(
      ['free-mismatch', 'sleep-in-atomic', 'needless-atomic', 'reclaim-recursion', 'prefer-kvmalloc'].map((id) => [id, 'off'] as const),
    );
    assert.equal(asksProgram({ ...DEFAULT_RULE_SETTINGS, severities }), false);
    assert.equal(asksProgram({ ...DEFAULT_RULE_SETTINGS, severities, folders: [{ path: 'fs', severities: new Map() }] }), true);
  });
});
