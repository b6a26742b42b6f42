// An esbuild plugin that counts how often each block of the sources under `server/src` is entered: `__hits[N]++`.
// What it saw on the way: where the blocks are, and the words that the sources compare their input with.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';

/** Room for the counters of all blocks, a multiple of eight. */
export const BLOCKS = 1 << 16;

/**
 * @param {string} folder absolute; only files below it are counted
 * @returns the plugin; `blocks`: file and line of each block; `words`: by file, relative to the folder
 */
export function instrument(folder) {
  let next = 0;
  const blocks = [];
  const words = new Map();
  const plugin = {
    name: 'instrument',
    setup(build) {
      build.onLoad({ filter: /\.ts$/ }, ({ path: file }) => {
        if (!file.startsWith(folder + path.sep)) return undefined;
        const source = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest, true);
        const name = path.relative(folder, file);
        const { contents, lines } = instrumented(source, next);
        next += lines.length;
        if (next > BLOCKS) throw new Error(`more than ${BLOCKS} blocks`);
        blocks.push(...lines.map((line) => ({ file: name, line })));
        words.set(name, wordsOf(source));
        return { contents, loader: 'ts' };
      });
    },
  };
  return { plugin, blocks, words };
}

/** Texts and the fixed parts of patterns. */
function wordsOf(source) {
  const found = new Set();
  const visit = (node) => {
    if (ts.isImportDeclaration(node) || ts.isTypeNode(node)) return;
    if (ts.isStringLiteralLike(node) && node.text.length > 1 && node.text.length < 80) found.add(node.text);
    if (ts.isRegularExpressionLiteral(node))
      for (const [part] of node.text
        .replaceAll('\\s', ' ')
        .replace(/\\([^A-Za-z0-9])/g, '$1')
        .matchAll(/[\w :=.,/-]{3,}/g))
        found.add(part);
    ts.forEachChild(node, visit);
  };
  visit(source);
  return [...found];
}

function instrumented(source, first) {
  const lines = [];
  const { factory: f } = ts;
  const hit = (at) => {
    lines.push(source.getLineAndCharacterOfPosition(at.pos < 0 ? 0 : ts.skipTrivia(source.text, at.pos)).line + 1);
    return f.createPostfixIncrement(f.createElementAccessExpression(f.createIdentifier('__hits'), first + lines.length - 1));
  };
  const hitLine = (at) => f.createExpressionStatement(hit(at));
  const counted = (expression, at) => f.createParenthesizedExpression(f.createComma(hit(at), f.createParenthesizedExpression(expression)));
  const block = (statement, at) => (ts.isBlock(statement) ? statement : f.createBlock([hitLine(at), statement], true));

  const transform = (context) => {
    const visit = (given) => {
      const node = ts.visitEachChild(given, visit, context);
      if (ts.isBlock(node)) return f.updateBlock(node, [hitLine(given), ...node.statements]);
      if (ts.isIfStatement(node))
        return f.updateIfStatement(
          node,
          node.expression,
          block(node.thenStatement, given.thenStatement),
          node.elseStatement && block(node.elseStatement, given.elseStatement),
        );
      if (ts.isCaseClause(node)) return f.updateCaseClause(node, node.expression, [hitLine(given), ...node.statements]);
      if (ts.isDefaultClause(node)) return f.updateDefaultClause(node, [hitLine(given), ...node.statements]);
      if (ts.isConditionalExpression(node))
        return f.updateConditionalExpression(
          node,
          node.condition,
          node.questionToken,
          counted(node.whenTrue, given.whenTrue),
          node.colonToken,
          counted(node.whenFalse, given.whenFalse),
        );
      if (ts.isBinaryExpression(node) && SHORT_CIRCUITS.has(node.operatorToken.kind))
        return f.updateBinaryExpression(node, node.left, node.operatorToken, counted(node.right, given.right));
      return node;
    };
    return (root) => ts.visitEachChild(root, visit, context);
  };
  const result = ts.transform(source, [transform]);
  const contents = ts.createPrinter().printFile(result.transformed[0]);
  result.dispose();
  return { contents, lines };
}

const SHORT_CIRCUITS = new Set([ts.SyntaxKind.AmpersandAmpersandToken, ts.SyntaxKind.BarBarToken, ts.SyntaxKind.QuestionQuestionToken]);
