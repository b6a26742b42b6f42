#!/usr/bin/env node
// Begins a rule: `npm run new-rule -- RULE-ID "what it finds in a few words"`. Writes a rule that works, its entry in the registry, its fixtures, its page and
// its place in package.json; docs/add-a-rule.md goes on from there.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { project } from './new/bundle.mjs';
import { ruleFixtures, ruleSource } from './new/ruleTemplate.mjs';

const REGISTRY = join(project, 'server', 'src', 'rules', 'registry.ts');
const [id, summary = 'what it finds, in a few words'] = process.argv.slice(2);
if (id === undefined || !/^[a-z][a-z0-9]*(-[a-z0-9]+)+$/.test(id))
  fail('usage: npm run new-rule -- RULE-ID "SUMMARY"   (words with hyphens, such as zero-length-alloc)');
const name = id.replace(/-([a-z0-9])/g, (_, letter) => letter.toUpperCase());
const source = join(project, 'server', 'src', 'rules', `${name}.ts`);
const fixtures = join(project, 'test', 'rules', id);
for (const path of [source, fixtures]) if (existsSync(path)) fail(`${path} is there already`);

writeFileSync(source, ruleSource(id, name, summary));
register();
mkdirSync(fixtures, { recursive: true });
for (const [file, text] of Object.entries(ruleFixtures(id))) writeFileSync(join(fixtures, file), text);
run('node_modules/@biomejs/biome/bin/biome', ['check', '--write', '--log-level=error', REGISTRY, source]);
run('scripts/docs.mjs', []);
run('--import', ['tsx', '--test', 'test/manifest.test.ts'], { UPDATE: '1' });
console.log(`server/src/rules/${name}.ts     the rule and its page
test/rules/${id}/     fixtures: bad.c, good.c, silent.c
docs/rules/${id}.md     made from the rule: node scripts/docs.mjs

next: docs/add-a-rule.md; npx tsx --test test/rules/rules.test.ts runs the fixtures and the examples of the page`);

/** One import and one line of the list; both are sorted. */
function register() {
  const lines = readFileSync(REGISTRY, 'utf8').split('\n');
  insertSorted(lines, `import { ${name} } from './${name}';`, /^import \{/);
  insertSorted(lines, `  ${name},`, /^ {2}\w+,$/);
  writeFileSync(REGISTRY, lines.join('\n'));
}

function insertSorted(lines, line, kind) {
  const before = lines.findLastIndex((other) => kind.test(other) && other.toLowerCase() < line.toLowerCase());
  lines.splice((before < 0 ? lines.findIndex((other) => kind.test(other)) - 1 : before) + 1, 0, line);
}

function run(script, args, env = {}) {
  execFileSync(process.execPath, [script, ...args], {
    cwd: project,
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...process.env, ...env },
  });
}

function fail(message) {
  console.error(message);
  process.exit(2);
}
