// An esbuild plugin that counts how often each block of the sources under `server/src` is entered: `__hits[N]++`.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';

/** Room for the counters of all blocks, a multiple of eight. */
export const BLOCKS = 1 << 16;

/** @param {string} folder absolute; only files below it are counted */
export function instrument(folder) {
  let next = 0;
  return {
    name: 'instrument',
    setup(build) {
      build.onLoad({ filter: /\.ts$/ }, ({ path: file }) => {
        if (!file.startsWith(folder + path.sep)) return undefined;
        const { contents, count } = instrumented(file, next);
        next += count;
        if (next > BLOCKS) throw new Error(`more than ${BLOCKS} blocks`);
        return { contents, loader: 'ts' };
      });
    },
  };
}

function instrumented(file, first) {
  const source = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest, true);
  let count = 0;
  const { factory: f } = ts;
  const hit = () =>
    f.createPostfixIncrement(
      f.createElementAccessExpression(f.createPropertyAccessExpression(f.createIdentifier('globalThis'), '__hits'), first + count++),
    );
  const hitLine = () => f.createExpressionStatement(hit());
  const counted = (expression) => f.createParenthesizedExpression(f.createComma(hit(), f.createParenthesizedExpression(expression)));
  const block = (statement) => (ts.isBlock(statement) ? statement : f.createBlock([hitLine(), statement], true));

  const transform = (context) => {
    const visit = (given) => {
      const node = ts.visitEachChild(given, visit, context);
      if (ts.isBlock(node)) return f.updateBlock(node, [hitLine(), ...node.statements]);
      if (ts.isIfStatement(node))
        return f.updateIfStatement(node, node.expression, block(node.thenStatement), node.elseStatement && block(node.elseStatement));
      if (ts.isCaseClause(node)) return f.updateCaseClause(node, node.expression, [hitLine(), ...node.statements]);
      if (ts.isDefaultClause(node)) return f.updateDefaultClause(node, [hitLine(), ...node.statements]);
      if (ts.isConditionalExpression(node))
        return f.updateConditionalExpression(
          node,
          node.condition,
          node.questionToken,
          counted(node.whenTrue),
          node.colonToken,
          counted(node.whenFalse),
        );
      if (ts.isBinaryExpression(node) && SHORT_CIRCUITS.has(node.operatorToken.kind))
        return f.updateBinaryExpression(node, node.left, node.operatorToken, counted(node.right));
      return node;
    };
    return (root) => ts.visitEachChild(root, visit, context);
  };
  const result = ts.transform(source, [transform]);
  const contents = ts.createPrinter().printFile(result.transformed[0]);
  result.dispose();
  return { contents, count };
}

const SHORT_CIRCUITS = new Set([ts.SyntaxKind.AmpersandAmpersandToken, ts.SyntaxKind.BarBarToken, ts.SyntaxKind.QuestionQuestionToken]);
