import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { ASSIST_TOOLS } from '../server/src/assist/tools';
import { readSettings } from '../server/src/lsp/settings';
import { rules } from '../server/src/rules/registry';
import type { Rule } from '../server/src/rules/rule';

/** What the manifest promises, the README describes and the server understands is the same. */

interface Setting {
  readonly type: string;
  readonly default: unknown;
  readonly enum?: readonly string[];
  readonly scope: string;
  readonly order: number;
  readonly markdownDescription: string;
  properties?: Record<string, RuleSetting>;
}

interface RuleSetting {
  readonly type: 'string';
  readonly enum: readonly string[];
  readonly default: string;
  readonly description: string;
}

interface Manifest {
  readonly icon: string;
  readonly contributes: {
    readonly commands: readonly { readonly command: string; readonly category: string; readonly title: string }[];
    readonly menus: Readonly<Record<string, readonly { readonly command: string; readonly when?: string }[]>>;
    languageModelTools: unknown;
    readonly configuration: { readonly properties: Record<string, Setting> };
    readonly grammars: readonly { readonly path: string; readonly scopeName: string }[];
  };
}

const TOOL_ICONS = {
  decode_mask: '$(symbol-enum)',
  explain_log: '$(output)',
  check: '$(checklist)',
  explain_finding: '$(question)',
} as const;
const project = path.join(import.meta.dirname, '..');
const manifestFile = path.join(project, 'package.json');
const manifest = JSON.parse(readFileSync(manifestFile, 'utf8')) as Manifest;
const textsFile = path.join(project, 'package.nls.json');
/** Texts for people, by the key that stands for them in the manifest as `%key%`. */
const texts = JSON.parse(readFileSync(textsFile, 'utf8')) as Record<string, string>;
const readme = readFileSync(path.join(project, 'README.md'), 'utf8');
const { commands, menus, configuration, grammars } = manifest.contributes;
const settings = configuration.properties;

test('every key of the manifest has a text, and every text a key', () => {
  const used = [...readFileSync(manifestFile, 'utf8').matchAll(/"%([\w.-]+)%"/g)].map((match) => match[1]!);
  assert.deepEqual([...new Set(used)].sort(), Object.keys(texts).sort());
});

test('the rules that can be configured are the rules there are, with their default severities', () => {
  const expected = Object.fromEntries(rules.map((rule) => [rule.id, ruleSetting(rule)]));
  const summaries = Object.fromEntries(rules.map((rule) => [`rule.${rule.id}`, rule.summary]));
  const others = Object.fromEntries(Object.entries(texts).filter(([key]) => !key.startsWith('rule.')));
  if (process.env.UPDATE === '1') {
    settings['gfpLens.rules']!.properties = expected;
    writeFileSync(manifestFile, `${JSON.stringify(manifest, null, 2)}\n`);
    Object.assign(texts, summaries);
    writeFileSync(textsFile, `${JSON.stringify({ ...others, ...summaries }, null, 2)}\n`);
  }
  assert.deepEqual(settings['gfpLens.rules']?.properties, expected);
  for (const [key, summary] of Object.entries(summaries)) assert.equal(texts[key], summary, key);
});

test("language models are offered the tools of the assistants' server, in its words", () => {
  const expected = ASSIST_TOOLS.map(({ name, description, inputSchema }) => ({
    name: `gfpLens_${name}`,
    toolReferenceName: `gfp_${name}`,
    displayName: `%tool.${name}.title%`,
    modelDescription: description,
    userDescription: `%tool.${name}.description%`,
    canBeReferencedInPrompt: true,
    icon: TOOL_ICONS[name],
    tags: ['linux-kernel', 'gfp'],
    inputSchema,
  }));
  const words = Object.fromEntries(
    ASSIST_TOOLS.flatMap(({ name, title, description }) => [
      [`tool.${name}.title`, title],
      [`tool.${name}.description`, description],
    ]),
  );
  if (process.env.UPDATE === '1') {
    manifest.contributes.languageModelTools = expected;
    writeFileSync(manifestFile, `${JSON.stringify(manifest, null, 2)}\n`);
    writeFileSync(textsFile, `${JSON.stringify(Object.assign(texts, words), null, 2)}\n`);
  }
  assert.deepEqual(manifest.contributes.languageModelTools, JSON.parse(JSON.stringify(expected)));
  for (const [key, text] of Object.entries(words)) assert.equal(texts[key], text, key);
});

test('the server understands every setting', () => {
  const given: Record<string, unknown> = {
    'gfpLens.enable': 'always',
    'gfpLens.kernel.version': '6.12',
    'gfpLens.kernel.root': '/linux',
    'gfpLens.kernel.config': '/linux/.config',
    'gfpLens.rules': { [rules[0]!.id]: 'off' },
    'gfpLens.showPossible': true,
    'gfpLens.inlayHints': true,
    'gfpLens.codeLens': true,
    'gfpLens.contextLens': true,
    'gfpLens.contextHints': true,
    'gfpLens.index.enable': true,
  };
  const readByTheClient = ['gfpLens.trace.server'];
  assert.deepEqual(Object.keys(settings).sort(), [...Object.keys(given), ...readByTheClient].sort());
  const untouched = readSettings({});
  for (const [name, value] of Object.entries(given)) {
    assert.notDeepEqual(readSettings(section(name, value)), untouched, name);
    assert.deepEqual(
      readSettings(section(name, settings[name]!.default)),
      untouched,
      `${name}: the manifest's default is not the server's`,
    );
  }
});

test('what adds to the text of the editor is off until it is asked for', () => {
  for (const name of ['gfpLens.inlayHints', 'gfpLens.codeLens', 'gfpLens.showPossible']) assert.equal(settings[name]!.default, false, name);
});

test('every choice of gfpLens.enable has a meaning of its own', () => {
  const meanings = settings['gfpLens.enable']!.enum!.map((choice) => readSettings({ enable: choice }).enable);
  assert.equal(new Set(meanings).size, meanings.length);
});

test('settings are described, ordered, and scoped', () => {
  const all = Object.values(settings);
  assert.deepEqual(
    all.map((setting) => setting.order),
    all.map((_, i) => i + 1),
  );
  for (const [name, setting] of Object.entries(settings)) {
    assert.ok(textOf(setting.markdownDescription).length > 20, name);
    assert.ok(['resource', 'machine-overridable', 'window'].includes(setting.scope), name);
  }
});

test('the README lists every setting with its default', () => {
  for (const [name, setting] of Object.entries(settings)) {
    assert.ok(readme.includes(`| \`${name}\` | \`${JSON.stringify(setting.default)}\` |`), name);
  }
});

test('commands carry the category, and menus name only commands there are', () => {
  const known = new Set(commands.map(({ command }) => command));
  assert.ok(commands.every(({ command, category }) => command.startsWith('gfpLens.') && category === 'GFP Lens'));
  for (const [menu, items] of Object.entries(menus)) {
    for (const { command, when } of items) {
      assert.ok(known.has(command), `${menu}: ${command}`);
      assert.ok(when, `${menu}: ${command} is shown everywhere`);
    }
  }
});

test('files named by the manifest exist', () => {
  for (const file of [manifest.icon, ...grammars.map((grammar) => grammar.path)]) assert.ok(existsSync(path.join(project, file)), file);
  for (const grammar of grammars) {
    const { scopeName } = JSON.parse(readFileSync(path.join(project, grammar.path), 'utf8')) as { scopeName: string };
    assert.equal(scopeName, grammar.scopeName);
  }
});

function textOf(value: string): string {
  const key = /^%(.+)%$/.exec(value)?.[1];
  return key === undefined ? value : (texts[key] ?? '');
}

function ruleSetting(rule: Rule): RuleSetting {
  return { type: 'string', enum: ['off', 'hint', 'info', 'warning', 'error'], default: rule.severity, description: `%rule.${rule.id}%` };
}

/** A setting as the section that a client sends: `gfpLens.kernel.root` is `{ kernel: { root } }`. */
function section(name: string, value: unknown): unknown {
  return name
    .split('.')
    .slice(1)
    .reduceRight((inner: unknown, key) => ({ [key]: inner }), value);
}

test('the README has no links to files: packages are refused that cannot make them absolute', () => {
  const readme = readFileSync(path.join(__dirname, '..', 'README.md'), 'utf8');
  assert.deepEqual(
    [...readme.matchAll(/\]\((?!https:|#)([^)]*)\)/g)].map((match) => match[1]),
    [],
  );
});
