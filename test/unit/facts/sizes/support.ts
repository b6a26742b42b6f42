import assert from 'node:assert/strict';
import { Interner } from '../../../../server/src/base/interner';
import type { SizeInterval } from '../../../../server/src/facts/site';
import { createSizeEvaluator, type Evaluated, type ValueEnvironment } from '../../../../server/src/facts/sizes';
import type { KernelModel } from '../../../../server/src/kernel/model';
import { NodeKind } from '../../../../server/src/syntax/nodes';
import { parseFile } from '../../../../server/src/syntax/parseFile';
import type { SourceFile } from '../../../../server/src/syntax/sourceFile';
import { childAt } from '../../../../server/src/syntax/tree';
import { modelFor } from '../../../support/analyse';

export const MODEL: KernelModel = modelFor('6.12', new Map());

/** Evaluates the argument of the last `probe(…)` call of a text. */
export function probe(text: string, model: KernelModel = MODEL, env?: ValueEnvironment): Evaluated {
  const { file, argument } = probed(text);
  return createSizeEvaluator(file, model).evaluate(file.tree, argument, env);
}

/** Whether tests hold that argument below a limit whose spelling `counts`. */
export function isHeld(text: string, counts: (limit: string) => boolean): boolean {
  const { file, argument } = probed(text);
  return createSizeEvaluator(file, MODEL).isHeldBelow(argument, counts);
}

function probed(text: string): { file: SourceFile; argument: number } {
  const interner = new Interner();
  const file = parseFile('probe.c', new TextEncoder().encode(text), { interner });
  assert.deepEqual(file.damage, [], 'the fixture must parse');
  const { tree } = file;
  const symbol = interner.intern('probe');
  let found = 0;
  for (let node = 1; node < tree.count; node++) {
    const callee = tree.kind[node] === NodeKind.Call ? tree.child[node]! : 0;
    if (callee !== 0 && tree.tokens.symbol[tree.tok[callee]!] === symbol) found = node;
  }
  assert.notEqual(found, 0, 'no probe() call');
  return { file, argument: childAt(tree, found, 1) };
}

/** The value of an expression in an empty function behind some declarations. */
export function valueOfText(expression: string, declarations = ''): SizeInterval {
  return probe(`${declarations}\nvoid f(void)\n{\n\tprobe(${expression});\n}\n`).interval;
}

/** The value of the `probe()` argument in a function body. */
export function valueIn(body: string, parameters = 'void', declarations = ''): SizeInterval {
  return probe(`${declarations}\nint f(${parameters})\n{\n${body}\n}\n`).interval;
}

export function exactly(value: number): SizeInterval {
  return { min: value, max: value };
}

export const UNBOUNDED: SizeInterval = { min: 0, max: undefined };
