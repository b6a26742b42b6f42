import assert from 'node:assert/strict';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import ts from 'typescript';

/** The extension can be translated: no text for people stands in the client's code or in the manifest without going through VS Code's translations. */

const project = path.join(import.meta.dirname, '..');
const bundleFile = path.join(project, 'l10n', 'bundle.l10n.json');
const manifest = readFileSync(path.join(project, 'package.json'), 'utf8');

interface Text {
  readonly at: string;
  readonly text: string;
  readonly translated: boolean;
}

const texts = readdirSync(path.join(project, 'client/src'), { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts'))
  .flatMap((name) => textsOf(path.join('client/src', name)));

/** Every string of a file: what is handed to `l10n.t()`, and what is not. */
function textsOf(name: string): Text[] {
  const found: Text[] = [];
  const file = ts.createSourceFile(name, readFileSync(path.join(project, name), 'utf8'), ts.ScriptTarget.ES2022, true);
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node) || isForDevelopers(node)) return;
    if (ts.isStringLiteralLike(node) || ts.isTemplateExpression(node)) {
      const { line } = file.getLineAndCharacterOfPosition(node.getStart());
      found.push({ at: `${name}:${line + 1}`, text: wordsOf(node), translated: isTranslated(node) });
    }
    if (!ts.isStringLiteralLike(node)) ts.forEachChild(node, visit);
  };
  visit(file);
  return found;
}

function wordsOf(node: ts.StringLiteralLike | ts.TemplateExpression): string {
  if (ts.isStringLiteralLike(node)) return node.text;
  return [node.head.text, ...node.templateSpans.map(({ literal }) => literal.text)].join('');
}

function isTranslated({ parent }: ts.Node): boolean {
  return ts.isCallExpression(parent) && parent.expression.getText() === 'vscode.l10n.t';
}

/** The log, and errors that end there, stay in English: they are pasted into reports. */
function isForDevelopers(node: ts.Node): boolean {
  if (ts.isNewExpression(node)) return node.expression.getText() === 'Error';
  return ts.isCallExpression(node) && /(^|\.)output\.(info|error|warn)$/.test(node.expression.getText());
}

/** Whether somebody would read this as a sentence: words, and none of the signs of markup, globs and addresses. */
function isProse(text: string): boolean {
  return /[A-Za-z]{2,} +[a-z]{2,}/.test(text) && !/[<>*;=]|^[\w-]+ [\w-]+:/.test(text);
}

test('what the client says goes through translations', () => {
  const names = ['GFP Lens'];
  const bare = texts.filter(({ text, translated }) => !translated && isProse(text) && !names.includes(text));
  assert.deepEqual(bare, []);
});

test('translators get every text of the client, and no other', () => {
  const expected = [...new Set(texts.filter(({ translated }) => translated).map(({ text }) => text))].sort();
  assert.ok(expected.length > 20, `only ${expected.length} texts were found`);
  if (process.env.UPDATE === '1')
    writeFileSync(bundleFile, `${JSON.stringify(Object.fromEntries(expected.map((text) => [text, text])), null, 2)}\n`);
  assert.deepEqual(JSON.parse(readFileSync(bundleFile, 'utf8')), Object.fromEntries(expected.map((text) => [text, text])));
});

test('the manifest says what is for people by keys, but for names, and what npm and language models read', () => {
  const { contributes, l10n } = JSON.parse(manifest) as { contributes: Record<string, unknown>; l10n: string };
  assert.equal(l10n, './l10n');
  const bare: string[] = [];
  const look = (value: unknown, at: string): void => {
    if (typeof value === 'object' && value !== null) {
      for (const [key, inner] of Object.entries(value)) if (key !== 'inputSchema') look(inner, `${at}.${key}`);
    } else if (/\.(title|description|markdownDescription|displayName|userDescription|label|patternErrorMessage)$/.test(at)) {
      if (typeof value === 'string' && !/^%[\w.-]+%$/.test(value) && value !== 'GFP Lens') bare.push(`${at}: ${value}`);
    }
  };
  look(contributes, 'contributes');
  assert.deepEqual(bare, []);
});
