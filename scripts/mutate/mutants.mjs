// The mutants of a file: each is one small mistake that a person could make.
import ts from 'typescript';

const OPERATORS = new Map([
  ['<', '<='],
  ['<=', '<'],
  ['>', '>='],
  ['>=', '>'],
  ['===', '!=='],
  ['!==', '==='],
  ['&&', '||'],
  ['||', '&&'],
  ['??', '&&'],
  ['+', '-'],
  ['-', '+'],
  ['*', '/'],
  ['/', '*'],
  ['%', '*'],
  ['&', '|'],
  ['|', '&'],
  ['<<', '>>>'],
  ['>>>', '<<'],
]);

/**
 * @param {string} file
 * @param {string} text
 * @returns {readonly { file: string, line: number, before: string, after: string, text: () => string }[]}
 */
export function mutantsOf(file, text) {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  const mutants = [];
  const add = (start, end, after) => {
    const line = source.getLineAndCharacterOfPosition(start).line;
    const whole = text.split('\n')[line].trim();
    const column =
      start - source.getPositionOfLineAndCharacter(line, 0) - (text.split('\n')[line].length - text.split('\n')[line].trimStart().length);
    const shown = `${whole.slice(0, Math.max(0, column))}«${after}»${whole.slice(column + end - start)}`;
    mutants.push({ file, line: line + 1, before: whole, after: shown, text: () => text.slice(0, start) + after + text.slice(end) });
  };
  const visit = (node) => {
    // Types, imports and tables of facts are no arithmetic.
    if (ts.isTypeNode(node) || ts.isImportDeclaration(node) || ts.isInterfaceDeclaration(node) || ts.isTypeAliasDeclaration(node)) return;
    if (ts.isBinaryExpression(node)) {
      const operator = node.operatorToken.getText();
      const other = OPERATORS.get(operator);
      const joinsText =
        operator === '+' && [node.left, node.right].some((side) => ts.isStringLiteralLike(side) || ts.isTemplateExpression(side));
      if (other !== undefined && !joinsText) add(node.operatorToken.getStart(), node.operatorToken.getEnd(), other);
    }
    if (ts.isPrefixUnaryExpression(node) && node.operator === ts.SyntaxKind.ExclamationToken)
      add(node.getStart(), node.operand.getStart(), '');
    if (ts.isConditionalExpression(node)) add(node.condition.getStart(), node.condition.getEnd(), `!(${node.condition.getText()})`);
    if (ts.isIfStatement(node)) add(node.expression.getStart(), node.expression.getEnd(), `!(${node.expression.getText()})`);
    if (isInFunction(node) && ts.isNumericLiteral(node)) add(node.getStart(), node.getEnd(), `(${node.getText()} + 1)`);
    if (
      isInFunction(node) &&
      (node.kind === ts.SyntaxKind.TrueKeyword || node.kind === ts.SyntaxKind.FalseKeyword) &&
      !ts.isLiteralTypeNode(node.parent)
    )
      add(node.getStart(), node.getEnd(), node.kind === ts.SyntaxKind.TrueKeyword ? 'false' : 'true');
    ts.forEachChild(node, visit);
  };
  visit(source);
  return mutants;
}

function isInFunction(node) {
  for (let at = node.parent; at !== undefined; at = at.parent) if (ts.isFunctionLike(at)) return true;
  return false;
}
