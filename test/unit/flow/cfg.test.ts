import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Interner } from '../../../server/src/base/interner';
import { buildCfg, type CfgHooks } from '../../../server/src/flow/buildCfg';
import { type Cfg, ENTRY, EXIT, StepKind } from '../../../server/src/flow/cfg';
import { NodeKind } from '../../../server/src/syntax/nodes';
import { parseFile } from '../../../server/src/syntax/parseFile';
import { childrenOf, kindOf, rangeOf, type Tree } from '../../../server/src/syntax/tree';

const encoder = new TextEncoder();

function cfgOf(body: string): { cfg: Cfg; text: (tree: Tree, node: number) => string } {
  const file = parseFile('test.c', encoder.encode(`void f(void)\n{\n${body}\n}\n`), { interner: new Interner() });
  const { tree } = file;
  const text = (of: Tree, node: number) => {
    const range = rangeOf(of, node);
    return new TextDecoder().decode(file.bytes.subarray(range.start, range.end));
  };
  const hooks: CfgHooks = {
    neverReturns: (of, call) => text(of, of.child[call]!) === 'BUG',
    passesTruth: (of, callee) => text(of, callee) === 'likely',
    constantTruth: (of, node) => (text(of, node) === '1' ? true : text(of, node) === '0' ? false : undefined),
    opensScope: (of, node) => kindOf(of, node) === NodeKind.Call && text(of, node).startsWith('guard('),
    expand: () => undefined,
  };
  const block = childrenOf(tree, file.functions[0]!.node).find((child) => kindOf(tree, child) === NodeKind.Block)!;
  const tokenText = (of: Tree, token: number) =>
    new TextDecoder().decode(file.bytes.subarray(of.tokens.start[token]!, of.tokens.end[token]!));
  return { cfg: buildCfg(tree, block, hooks, tokenText), text };
}

/** All ways from entry to exit that take no edge twice, as the texts of their calls; `!x` and `x` are conditions taken. */
function paths(body: string): string[] {
  const { cfg, text } = cfgOf(body);
  const found = new Set<string>();
  const walk = (block: number, trail: string[], taken: Set<string>) => {
    const steps = cfg.blocks[block]!.steps.map((step) => {
      const name = text(step.tree, step.node).replace(/\(\)|;/g, '');
      if (step.kind === StepKind.ScopeExit) return `-${name}`;
      return step.kind === StepKind.ScopeEnter ? `+${name}` : name;
    });
    const isCondition = new Set(
      cfg.blocks[block]!.successors.map((edge) => edge.condition && text(edge.condition.tree, edge.condition.node).replace('()', '')),
    );
    const here = [...trail, ...steps.filter((step) => !isCondition.has(step))];
    if (block === EXIT) return void found.add(here.join(' '));
    cfg.blocks[block]!.successors.forEach(({ to, condition }, index) => {
      const edge = `${block}:${index}`;
      if (taken.has(edge)) return;
      const test = condition ? [`${condition.sense ? '' : '!'}${text(condition.tree, condition.node).replace('()', '')}`] : [];
      walk(to, [...here, ...test], new Set([...taken, edge]));
    });
  };
  walk(ENTRY, [], new Set());
  return [...found].sort();
}

test('straight code, if and else', () => {
  assert.deepEqual(paths('a(); b();'), ['a b']);
  assert.deepEqual(paths('if (x) a(); else b(); c();'), ['!x b c', 'x a c']);
  assert.deepEqual(paths('if (x) return; a();'), ['!x a', 'x return']);
});

test('conditions with && || ! and likely() become edges of their own', () => {
  assert.deepEqual(paths('if (x && !y) a();'), ['!x', 'x !y a', 'x y']);
  assert.deepEqual(paths('if (likely(x) || y) a();'), ['!x !y', '!x y a', 'x a']);
});

test('loops, break and continue', () => {
  assert.deepEqual(paths('while (x) { if (y) break; a(); } b();'), ['!x b', 'x !y a !x b', 'x y b']);
  assert.deepEqual(paths('do { a(); } while (0); b();'), ['a b']);
  assert.deepEqual(paths('for (;;) { if (x) break; }'), ['x']);
  assert.deepEqual(paths('list_for_each(p, q) { if (x) continue; a(); } b();').length, 3);
});

test('goto, labels and code behind a return', () => {
  assert.deepEqual(paths('if (x) goto out; a(); return;\nout: b();'), ['!x a return', 'x b']);
  assert.deepEqual(paths('a(); BUG(); b();'), []);
});

test('switch with fallthrough and default', () => {
  assert.deepEqual(paths('switch (x) { case 1: a(); case 2: b(); break; default: c(); } d();'), ['x a b d', 'x b d', 'x c d']);
  assert.deepEqual(paths('switch (x) { case 1: a(); break; } d();'), ['x a d', 'x d']);
});

test('a guard ends with its block, on every way out of it', () => {
  assert.deepEqual(paths('{ guard(m)(l); a(); } b();'), ['guard(m)(l) a -guard(m)(l) b']);
  assert.deepEqual(paths('guard(m)(l); if (x) return; a();'), ['guard(m)(l) !x a -guard(m)(l)', 'guard(m)(l) x return -guard(m)(l)']);
  assert.deepEqual(
    paths('while (x) { guard(m)(l); if (y) break; }').filter((path) => path.includes(' y')),
    ['x guard(m)(l) y -guard(m)(l)'],
  );
  assert.deepEqual(paths('scoped_guard(m, l) { a(); } b();'), ['+scoped_guard(m, l) a -scoped_guard(m, l) b']);
});

test('a goto out of a scope releases it, one inside does not', () => {
  const out = paths('{ guard(m)(l); if (x) goto done; a(); }\ndone: b();');
  assert.deepEqual(out, ['guard(m)(l) !x a -guard(m)(l) b', 'guard(m)(l) x -guard(m)(l) b']);
});

test('statement expressions run before the expression that holds them', () => {
  assert.deepEqual(paths('y = ({ a(); b(); });'), ['a b y = ({ a b })']);
});

test('a chain of ten thousand else-ifs does not deepen the stack', () => {
  const chain = Array.from({ length: 10_000 }, (_, i) => `if (x${i}) a(); else `).join('');
  const { cfg } = cfgOf(`${chain} b();`);
  assert.equal(cfg.blocks.length, 20_004);
});
