// The mutants of a file: each is one small mistake that a person could make. All of them are written into the text at once; `__mutants` (runtime.mjs) says
// which one is switched on.
import ts from 'typescript';

/** Operators whose operands are always evaluated, with what they are taken for. */
const OPERATORS = new Map([
  ['<', '<='],
  ['<=', '<'],
  ['>', '>='],
  ['>=', '>'],
  ['===', '!=='],
  ['!==', '==='],
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
const LAZY_OPERATORS = new Map([
  ['&&', '||'],
  ['||', '&&'],
  ['??', '&&'],
]);

/**
 * @typedef {{ id: number, file: string, line: number, after: string }} Mutant
 * @param {string} file
 * @param {string} text
 * @param {number} first the number of the file's first mutant
 * @returns {{ text: string, mutants: Mutant[] }}
 */
export function withMutants(file, text, first) {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  const mutants = [];
  const edits = new Edits(text);
  /** Notes a mutant that replaces a range of the text, for people. */
  const add = (start, end, after) => {
    const { line } = source.getLineAndCharacterOfPosition(start);
    const from = source.getPositionOfLineAndCharacter(line, 0);
    const until = text.indexOf('\n', from);
    const whole = text.slice(from, until < 0 ? undefined : until);
    const shown = `${whole.slice(0, start - from)}«${after}»${whole.slice(Math.min(end - from, whole.length))}`;
    const id = first + mutants.length;
    mutants.push({ id, file, line: line + 1, after: shown.trim() });
    return id;
  };
  const negated = (node) => {
    const id = add(node.getStart(), node.getEnd(), `!(${node.getText()})`);
    edits.around(node, `__mutants.negated(${id}, `, ')');
  };
  const visit = (node) => {
    // Types, imports and tables of facts are no arithmetic.
    if (ts.isTypeNode(node) || ts.isImportDeclaration(node) || ts.isInterfaceDeclaration(node) || ts.isTypeAliasDeclaration(node)) return;
    if (ts.isEnumDeclaration(node)) return;
    if (ts.isIfStatement(node)) negated(node.expression);
    if (ts.isConditionalExpression(node)) negated(node.condition);
    if (ts.isBinaryExpression(node)) mutateOperator(node, add, edits);
    if (ts.isPrefixUnaryExpression(node) && node.operator === ts.SyntaxKind.ExclamationToken) {
      const id = add(node.getStart(), node.operand.getStart(), '');
      edits.around(node, `__mutants.not(${id}, `, ')');
      edits.replace(node.getStart(), node.getStart() + 1, '');
    }
    if (isInFunction(node) && ts.isNumericLiteral(node) && !isName(node)) {
      const id = add(node.getStart(), node.getEnd(), `(${node.getText()} + 1)`);
      edits.around(node, `(__mutants.on(${id}) ? ${node.getText()} + 1 : `, ')');
    }
    if (isInFunction(node) && (node.kind === ts.SyntaxKind.TrueKeyword || node.kind === ts.SyntaxKind.FalseKeyword)) {
      const other = node.kind === ts.SyntaxKind.TrueKeyword ? 'false' : 'true';
      const id = add(node.getStart(), node.getEnd(), other);
      edits.around(node, `(__mutants.on(${id}) ? ${other} : `, ')');
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return { text: edits.applied(), mutants };
}

function mutateOperator(node, add, edits) {
  const operator = node.operatorToken.getText();
  const [start, end] = [node.operatorToken.getStart(), node.operatorToken.getEnd()];
  const other = OPERATORS.get(operator);
  const lazy = LAZY_OPERATORS.get(operator);
  const joinsText =
    operator === '+' && [node.left, node.right].some((side) => ts.isStringLiteralLike(side) || ts.isTemplateExpression(side));
  if (other !== undefined && !joinsText) {
    const id = add(start, end, other);
    edits.around(node, `__mutants.operate(${id}, '${operator}', '${other}', `, ')');
    edits.replace(start, end, ',');
  } else if (lazy !== undefined && !suspends(node.left) && !suspends(node.right)) {
    const id = add(start, end, lazy);
    edits.around(node, `__mutants.choose(${id}, '${operator}', '${lazy}', () => (`, '))');
    edits.replace(start, end, '), () => (');
  }
}

/** Whether an expression may not be put into a function of its own. */
function suspends(node) {
  if (ts.isFunctionLike(node)) return false;
  return ts.isAwaitExpression(node) || ts.isYieldExpression(node) || (ts.forEachChild(node, suspends) ?? false);
}

function isInFunction(node) {
  for (let at = node.parent; at !== undefined; at = at.parent) if (ts.isFunctionLike(at)) return true;
  return false;
}

/** The key of a property. */
function isName(node) {
  return (ts.isPropertyAssignment(node.parent) || ts.isPropertyDeclaration(node.parent)) && node.parent.name === node;
}

/** Changes of a text that nest as its expressions do. */
class Edits {
  #opening = new Map();
  #closing = new Map();
  #replaced = new Map();

  constructor(text) {
    this.text = text;
  }

  /** Outer expressions come first. */
  around(node, before, after) {
    this.#opening.set(node.getStart(), (this.#opening.get(node.getStart()) ?? '') + before);
    this.#closing.set(node.getEnd(), after + (this.#closing.get(node.getEnd()) ?? ''));
  }

  replace(start, end, other) {
    this.#replaced.set(start, { end, other });
  }

  applied() {
    let out = '';
    let copied = 0;
    const places = [...new Set([...this.#opening.keys(), ...this.#closing.keys(), ...this.#replaced.keys()])].sort((a, b) => a - b);
    for (const place of places) {
      out += this.text.slice(copied, place);
      copied = Math.max(copied, place);
      out += (this.#closing.get(place) ?? '') + (this.#opening.get(place) ?? '');
      const replaced = this.#replaced.get(place);
      if (replaced === undefined) continue;
      out += replaced.other;
      copied = replaced.end;
    }
    return out + this.text.slice(copied);
  }
}
