import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { parseConfig, parseRelease } from '../server/src/kernel/index';
import { type AnalysisContext, analyseSource } from '../server/src/program/analyseSource';
import { treeContext } from '../server/src/program/treeContext';
import { rules } from '../server/src/rules/registry';
import { DEFAULT_RULE_SETTINGS } from '../server/src/rules/run';

const PROJECT = join(__dirname, '..');
const HEADINGS = ['What it finds', 'Why', 'Example', 'Instead', 'When it stays silent', 'References'];

/** The examples spell calls as all kernels have them; newer ones have kmalloc_obj() and hint at it. */
const WITHOUT_OBJECT_MACROS = '6.12.0';

/** The kernel that a block's first line `//# kernel X.Y` names. */
function contextOf(code: string): AnalysisContext {
  const named = /^\/\/# kernel (\S+)/m.exec(code)?.[1] ?? WITHOUT_OBJECT_MACROS;
  const release = parseRelease(named);
  assert.ok(release !== undefined, `"${named}" is not a kernel release`);
  const option = /^\/\/# config (\S+)/m.exec(code)?.[1];
  const config = option === undefined ? undefined : parseConfig(option);
  return treeContext({ tree: undefined, release, config, rules: DEFAULT_RULE_SETTINGS });
}

/** The code of the fenced blocks whose language line is `c bad` or `c good`. */
function blocks(doc: string, kind: 'bad' | 'good'): readonly string[] {
  return [...doc.matchAll(new RegExp(`^\`\`\`c ${kind}\\n([\\s\\S]*?)^\`\`\``, 'gm'))].map((match) => match[1]!);
}

function found(code: string): readonly string[] {
  return analyseSource('example.c', new TextEncoder().encode(code), contextOf(code)).findings.map((finding) => finding.rule);
}

for (const rule of rules) {
  describe(`the page of ${rule.id}`, () => {
    test('has all headings, in order', () => {
      assert.deepEqual(
        [...rule.doc.matchAll(/^## (.+)$/gm)].map((match) => match[1]),
        HEADINGS,
      );
    });

    test('every bad example yields this rule and no other', () => {
      const bad = blocks(rule.doc, 'bad');
      assert.ok(bad.length > 0, 'the page has no ```c bad block');
      for (const code of bad) assert.deepEqual([...new Set(found(code))], [rule.id], code);
    });

    test('no good example yields anything', () => {
      const good = blocks(rule.doc, 'good');
      assert.ok(good.length > 0, 'the page has no ```c good block');
      for (const code of good) assert.deepEqual(found(code), [], code);
    });
  });
}

test('rules are sorted by id, each id once, in kebab-case', () => {
  const ids = rules.map((rule) => rule.id);
  assert.deepEqual(ids, [...new Set(ids)].sort());
  assert.deepEqual(
    ids.filter((id) => !/^[a-z]+(-[a-z]+)*$/.test(id)),
    [],
  );
});

test('every file of server/src/rules that exports a rule is registered', () => {
  const folder = join(PROJECT, 'server', 'src', 'rules');
  const exported = readdirSync(folder).flatMap((name) => {
    const match = /^export const (\w+): Rule = \{\s*id: '([^']+)'/m.exec(readFileSync(join(folder, name), 'utf8'));
    if (match === null) return [];
    assert.equal(`${match[1]}.ts`, name, `${name} must be named after the rule it exports`);
    return [match[2]!];
  });
  assert.deepEqual(
    exported.sort(),
    rules.map((rule) => rule.id),
  );
});

test('docs/rules is what the registry gives', () => {
  execFileSync(process.execPath, [join(PROJECT, 'scripts', 'docs.mjs'), '--check'], { stdio: ['ignore', 'ignore', 'inherit'] });
});

const PAGES = ['README.md', 'CONTRIBUTING.md', ...readdirSync(join(PROJECT, 'docs')).map((name) => `docs/${name}`)].filter((name) =>
  name.endsWith('.md'),
);

/** The rule that docs/add-a-rule.md begins as an example. */
const EXAMPLE = 'zero-length-alloc';

for (const page of PAGES) {
  test(`what ${page} names is there: tests, scripts, commands of npm`, () => {
    const text = readFileSync(join(PROJECT, page), 'utf8');
    const { scripts } = JSON.parse(readFileSync(join(PROJECT, 'package.json'), 'utf8'));
    const paths = [...text.matchAll(/(?:`|node |tsx (?:--test )?)((?:test|bench)\/[\w./-]*\w|scripts\/[\w./-]+\.mjs)/g)].map(
      (match) => match[1]!,
    );
    assert.deepEqual(
      paths.filter((path) => !path.includes(EXAMPLE) && !existsSync(join(PROJECT, path))),
      [],
    );
    const commands = [...text.matchAll(/npm run ([\w:-]+)/g)].map((match) => match[1]!);
    assert.deepEqual(
      commands.filter((command) => scripts[command] === undefined),
      [],
    );
  });
}

test('every promise of docs/security.md names its test', () => {
  const text = readFileSync(join(PROJECT, 'docs', 'security.md'), 'utf8');
  const promises = text
    .split('\n## ')
    .filter((section) => /^\| (?:promise|fault) \|/m.test(section))
    .flatMap((section) =>
      section.split('\n').filter((line) => line.startsWith('| ') && !/^\| (?:promise|fault|folder) \||^\| `\w+\/` \|/.test(line)),
    );
  assert.ok(promises.length > 40);
  assert.deepEqual(
    promises.filter((line) => !/`test\/[\w./-]+`|`npx tsx bench\/|\| same(?:,| \|)/.test(line)),
    [],
  );
});
