import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { before, test } from 'node:test';
import { rules } from '../server/src/rules/registry';

/**
 * sample/ shows a newcomer what each rule finds. The comment above a function begins with the rules that find something in it
 * (`rule-id, rule-id: why`); a function whose comment names none is right, and silent.
 */
const project = path.join(import.meta.dirname, '..');
const folder = 'sample/drivers/sample';

interface Finding {
  readonly file: string;
  readonly line: number;
  readonly rule: string;
}

let found: readonly Finding[] = [];

before(() => {
  const args = ['dist/cli.js', 'check', '--format', 'json', '--min-severity', 'hint', 'sample'];
  const { stdout, stderr, status } = spawnSync(process.execPath, args, { cwd: project, encoding: 'utf8' });
  assert.equal(status, 1, stderr);
  found = (JSON.parse(stdout) as { findings: Finding[] }).findings;
});

/** They ask for a configuration or a release that the sample does not have. */
const OUT_OF_PLACE = ['object-macro', 'rt-raw-context'];

test('every rule finds something', () => {
  const silent = rules.map((rule) => rule.id).filter((id) => !OUT_OF_PLACE.includes(id) && !found.some((finding) => finding.rule === id));
  assert.deepEqual(silent, []);
});

for (const name of readdirSync(path.join(project, folder)).filter((file) => file.endsWith('.c'))) {
  test(`${name} is found to have what its comments say`, () => {
    const lines = readFileSync(path.join(project, folder, name), 'utf8').split('\n');
    const known = new Set(rules.map((rule) => rule.id));
    const announced = lines
      .flatMap((line, index) => functionAt(lines, index, line))
      .map(({ at, rules: ids }) => ({ at, rules: ids.filter((id) => known.has(id)) }));
    const reported = announced.map(({ at }, i) => {
      const end = announced[i + 1]?.at ?? lines.length;
      const inside = found.filter((finding) => finding.file.endsWith(`/${name}`) && finding.line > at && finding.line <= end);
      return { at, rules: [...new Set(inside.map((finding) => finding.rule))].sort() };
    });
    assert.deepEqual(reported, announced);
  });
}

/** A function definition begins at `index`: its line (0-based) and the rules that the comment above names. */
function functionAt(lines: readonly string[], index: number, line: string): { at: number; rules: string[] }[] {
  if (!/^\w.*\(.*\)?$/.test(line) || line.startsWith('#') || line.endsWith(';')) return [];
  let start = index - 1;
  if (!lines[start]?.trimEnd().endsWith('*/')) return [{ at: index, rules: [] }];
  while (!lines[start]!.startsWith('/*')) start--;
  const comment = lines
    .slice(start, index)
    .join(' ')
    .replace(/\s*\n?\s\*\s|\/\*/g, ' ');
  const ids = /^\s*([a-z-]+(?:, [a-z-]+)*):/.exec(comment)?.[1]?.split(', ') ?? [];
  return [{ at: index, rules: ids.sort() }];
}
