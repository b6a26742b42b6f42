import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { rules } from '../../server/src/rules/registry';
import type { Rule } from '../../server/src/rules/rule';
import { type Fixture, readFixture } from '../support/fixture';
import { applyAllFixes, compare, judge, type Mismatch } from '../support/ruleRunner';

const UPDATE = process.env.UPDATE === '1';
const HEADINGS = ['What it finds', 'Why', 'Example', 'Instead', 'When it stays silent', 'References'];
const folders = readdirSync(import.meta.dirname).filter((name) => statSync(join(import.meta.dirname, name)).isDirectory());

test('every rule has fixtures and every fixture folder a rule', () => {
  assert.deepEqual(folders.sort(), rules.map((rule) => rule.id).sort());
});

for (const rule of rules) {
  describe(rule.id, () => {
    const fixtures = fixturesOf(rule.id);
    test('has a bad, a good and a silent fixture', () => {
      assert.ok(
        fixtures.some((fixture) => fixture.name.startsWith('bad') && fixture.wants.some((want) => want.rule === rule.id)),
        'bad*.c',
      );
      for (const kind of ['good', 'silent'])
        assert.ok(
          fixtures.some((fixture) => fixture.name.startsWith(kind)),
          `${kind}*.c`,
        );
    });
    for (const fixture of fixtures) checkFixture(rule.id, fixture);
    checkManual(rule);
  });
}

function fixturesOf(id: string): Fixture[] {
  const folder = join(import.meta.dirname, id);
  if (!existsSync(folder)) return [];
  const names = readdirSync(folder).filter((name) => name.endsWith('.c') && !name.endsWith('.fixed.c'));
  return names.sort().map((name) => readFixture(name, readFileSync(join(folder, name), 'utf8')));
}

function checkFixture(id: string, fixture: Fixture): void {
  test(fixture.name, () => {
    assertMatch(compare(fixture));
  });
  test(`${fixture.name}, fixed`, () => {
    const golden = join(import.meta.dirname, id, fixture.name.replace(/\.c$/, '.fixed.c'));
    const fixed = applyAllFixes(fixture);
    if (UPDATE && fixed !== undefined) writeFileSync(golden, fixed);
    const expected = existsSync(golden) ? readFileSync(golden, 'utf8') : undefined;
    assert.equal(
      fixed,
      expected,
      expected === undefined ? 'there are fixes but no .fixed.c: run with UPDATE=1' : 'the fixed text differs from .fixed.c',
    );
  });
}

/** The manual page is executed: its bad block is found by this rule and by no other beyond a hint, its good block by none. */
function checkManual(rule: Rule): void {
  test('manual page', () => {
    const headings = [...rule.doc.matchAll(/^## (.*)$/gm)].map((match) => match[1]);
    assert.deepEqual(headings, HEADINGS);
    const blocks = [...rule.doc.matchAll(/^```c (bad|good)\n(.*?)^```$/gms)].map((match) => ({ kind: match[1]!, text: match[2]! }));
    for (const kind of ['bad', 'good'])
      assert.ok(
        blocks.some((block) => block.kind === kind),
        `a \`\`\`c ${kind} block`,
      );
    for (const { kind, text } of blocks) {
      const { findings, facts } = judge(readFixture(`manual-${kind}.c`, text));
      assert.deepEqual(facts.file.damage, [], 'the block can be parsed');
      // Hints of other rules about the same lines are no contradiction.
      const loud = findings.filter(
        (finding) => finding.certainty === 'definite' && (finding.severity !== 'hint' || finding.rule === rule.id),
      );
      const found = [...new Set(loud.map((finding) => finding.rule))];
      assert.deepEqual(found, kind === 'bad' ? [rule.id] : [], findings.map((finding) => `${finding.rule}: ${finding.message}`).join('\n'));
    }
  });
}

function assertMatch({ missing, surplus }: Mismatch): void {
  const lists = [...missing.map((line) => `missing  ${line}`), ...surplus.map((line) => `surplus  ${line}`)];
  assert.equal(lists.join('\n'), '');
}
