import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { findSuppressions, suppresses } from '../../../server/src/rules/suppression';
import { sourceFileOf } from './sourceFileOf';

/** The words `hit…` that the suppressions of the text cover for rule `r`. */
function covered(text: string): readonly string[] {
  const found = findSuppressions(sourceFileOf(text));
  return [...text.matchAll(/\bhit\w*/g)].filter((match) => found.some((one) => suppresses(one, 'r', match.index))).map((match) => match[0]);
}

const ALLOW = '/* gfp-lens: allow(r) because */';

describe('a suppression comment', () => {
  test('tells its rules and its reason', () => {
    const [one, two, three] = findSuppressions(
      sourceFileOf(
        '/* gfp-lens: allow(a-b, c) lock is never\n * taken */ int x; // gfp-lens: allow-file(d): yes\n/* gfp-lens:allow( e )*/',
      ),
    );
    assert.deepEqual([one!.rules, one!.reason, one!.malformed], [['a-b', 'c'], 'lock is never taken', false]);
    assert.deepEqual([two!.rules, two!.reason, two!.covers], [['d'], 'yes', undefined]);
    assert.deepEqual([three!.rules, three!.reason], [['e'], '']);
  });

  test('may be written as a comment of several lines', () => {
    const [one] = findSuppressions(sourceFileOf('/*\n * gfp-lens: allow(r) a long\n * reason\n */\nint x;\n'));
    assert.deepEqual([one!.rules, one!.reason], [['r'], 'a long reason']);
    assert.equal(one!.range.start, 0);
  });

  test('in another form is malformed and covers nothing', () => {
    for (const words of ['allow r', 'allow()', 'deny(r) x', 'allow(r', '']) {
      const text = `hit(); /* gfp-lens: ${words} */\n`;
      assert.equal(findSuppressions(sourceFileOf(text))[0]?.malformed, true, words);
      assert.deepEqual(covered(text), []);
    }
  });

  test('inside a string, a character or the middle of a comment is none', () => {
    for (const text of [
      'char *s = "/* gfp-lens: allow(r) x */";',
      'char *s = "\\"/* gfp-lens: allow(r) x */";',
      '/* see gfp-lens: allow(r) x */',
      'gfp-lens: allow(r)',
      '#define S "/* gfp-lens: allow(r) */"',
      'int c = \'"\'; char *s = "/* gfp-lens: allow(r) */";',
    ]) {
      assert.deepEqual(findSuppressions(sourceFileOf(text)), [], text);
    }
  });

  test('behind a string on the same line is one', () => {
    assert.deepEqual(covered(`f("a \\" b", '"', hit); ${ALLOW}\n`), ['hit']);
    assert.deepEqual(covered(`f(/* don't */ hit); ${ALLOW}\n`), ['hit']);
  });
});

describe('a suppression beside code covers', () => {
  test('the statements on its line and no others', () => {
    assert.deepEqual(covered(`void f(void)\n{\n\thit1();\n\thit2(); ${ALLOW}\n\thit3();\n}\n`), ['hit2']);
    assert.deepEqual(covered(`void f(void)\n{\n\thit1();\n\thit2(); hit3(); // gfp-lens: allow(r) x\n\thit4();\n}\n`), ['hit2', 'hit3']);
  });

  test('a statement of several lines from whichever of them', () => {
    assert.deepEqual(covered(`void f(void)\n{\n\thit0();\n\tp = hit1(a,\n\t\thit2); ${ALLOW}\n\thit3();\n}\n`), ['hit1', 'hit2']);
    assert.deepEqual(covered(`void f(void)\n{\n\tp = hit1(a, ${ALLOW}\n\t\thit2);\n\thit3();\n}\n`), ['hit1', 'hit2']);
  });

  test('a statement from its first word to its last', () => {
    assert.deepEqual(covered(`void f(void)\n{\n\thit0();\n\thit1(a,\n\t\thit2); ${ALLOW}\n\thit3();\n}\n`), ['hit1', 'hit2']);
    assert.deepEqual(covered(`void f(void)\n{\n\tp = g(a, ${ALLOW}\n\t\tb) + hit1;\n\thit2();\n}\n`), ['hit1']);
  });

  test('one item of an initialiser', () => {
    assert.deepEqual(covered(`struct s x = {\n\t.a = hit1,\n\t.b = hit2, ${ALLOW}\n\t.c = hit3,\n};\n`), ['hit2']);
  });
});

describe('a suppression on its own line covers', () => {
  test('the statement behind it, to its end', () => {
    assert.deepEqual(covered(`void f(void)\n{\n\thit0();\n\t${ALLOW}\n\tp = hit1(a,\n\t\thit2);\n\thit3();\n}\n`), ['hit1', 'hit2']);
  });

  test('the head of a block statement, not what is in the block', () => {
    assert.deepEqual(covered(`void f(void)\n{\n\t${ALLOW}\n\tif (hit1(a)) {\n\t\thit2();\n\t}\n}\n`), ['hit1']);
  });

  test('what stands in parentheses, whatever ends there', () => {
    assert.deepEqual(covered(`void f(void)\n{\n\t${ALLOW}\n\tp = g((struct s){ .a = hit1 }, hit2);\n\thit3();\n}\n`), ['hit1', 'hit2']);
    assert.deepEqual(covered(`void f(void)\n{\n\t${ALLOW}\n\tfor (i = 0; hit1(i); hit2(i)) {\n\t\thit3();\n\t}\n}\n`), ['hit1', 'hit2']);
  });

  test('the statement behind other comments and empty lines', () => {
    assert.deepEqual(covered(`void f(void)\n{\n\t${ALLOW}\n\n\t/* and this */\n\thit1();\n\thit2();\n}\n`), ['hit1']);
  });

  test('a directive with its continuation lines', () => {
    assert.deepEqual(covered(`${ALLOW}\n#define M hit1 \\\n\thit2\n#define N hit3\n`), ['hit1', 'hit2']);
  });

  test('nothing at the end of a block or file', () => {
    assert.deepEqual(covered(`void f(void)\n{\n\thit1();\n\t${ALLOW}\n}\nint hit2;\n`), []);
    assert.deepEqual(covered(`int hit1;\n${ALLOW}`), []);
  });
});

test('allow-file covers the whole file', () => {
  assert.deepEqual(covered('int hit1;\n/* gfp-lens: allow-file(r) x */\nint hit2;\n'), ['hit1', 'hit2']);
});

test('only the rules it names', () => {
  const [one] = findSuppressions(sourceFileOf('f(); /* gfp-lens: allow(a, b) x */\n'));
  assert.deepEqual(
    ['a', 'b', 'c'].map((rule) => suppresses(one!, rule, 0)),
    [true, true, false],
  );
});
