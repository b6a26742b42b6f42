import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import type { FunctionCalls } from './differential/functionCalls';
import { ourFunctions } from './differential/ours';
import { rewrite } from './differential/rewrite';
import { loadTreeSitter, treeSitterFunctions } from './differential/treeSitter';

const TREE = join(process.env.GFP_KERNELS ?? join(homedir(), '.cache', 'kernels'), 'linux-source-6.1');
const FOLDERS = ['drivers/net', 'fs', 'mm', 'kernel', 'sound', 'drivers/gpu'];
/** Every n-th file in the order of names; `GFP_DIFFERENTIAL=1` compares all of them, `8/3` the fourth of eight parts. */
const [STEP, PART] = (process.env.GFP_DIFFERENTIAL ?? '5').split('/').map(Number);
const WANTED = 0.995;

/**
 * Why the two differ, for the classes that are known. In each the kernel's own reading is ours:
 *
 * | class | source | tree-sitter-c |
 * |---|---|---|
 * | declaring macro | `static DEFINE_MUTEX(lock);`, `__DECLARE_MASK(m) = { 0 };` in a function | declares a function `DEFINE_MUTEX` |
 * | macro header | `static DECLARE_OP(name) { … }` | a function without a name, because the header has no type |
 * | literal | `"text" STRINGIFY(x)` | calls the literal |
 * | parenthesised call | `(f(x)) && y`, `(f(x)) & y` | casts `&&y` or `&y` to the type `f(x)` |
 * | pointer to array | `u8 (*map)[4] = x;` | calls `u8` |
 * | cast | `(u8)(x)` | calls `(u8)`; left out on both sides before the comparison |
 *
 * Left out altogether: functions in which tree-sitter itself reports an error (about 1 %).
 */
function classOf(ours: FunctionCalls, theirs: FunctionCalls, text: string): string {
  if (ours.end !== theirs.end) return 'extent';
  const [onlyOurs, onlyTheirs] = [without(ours.calls, theirs.calls), without(theirs.calls, ours.calls)];
  if (ours.name !== theirs.name) return theirs.name === '' && onlyOurs.length + onlyTheirs.length === 0 ? 'macro header' : 'name';
  const classes = new Set([
    ...onlyTheirs.map((call) => (/^\d+ "/.test(call) ? 'literal' : /^\d+ \w+\(\*\w+\)$/.test(call) ? 'pointer to array' : 'call')),
    ...onlyOurs.map((call) => {
      const at = Number.parseInt(call, 10);
      if (/(?:^|[;{}]\s*)(?:static\s+|const\s+)*$/.test(text.slice(0, at).replace(/\/\*[\s\S]*?\*\//g, ''))) return 'declaring macro';
      return /\(\s*$/.test(text.slice(0, at)) ? 'parenthesised call' : 'call';
    }),
  ]);
  return classes.size === 1 ? [...classes][0]! : 'call';
}

function without(calls: readonly string[], others: readonly string[]): readonly string[] {
  const known = new Set(others);
  return calls.filter((call) => !known.has(call));
}

function agrees(ours: FunctionCalls, theirs: FunctionCalls): boolean {
  if (ours.name !== theirs.name || ours.end !== theirs.end || ours.calls.length !== theirs.calls.length) return false;
  return ours.calls.every((call, index) => call === theirs.calls[index]);
}

function sampledFiles(): readonly string[] {
  const all = FOLDERS.flatMap((folder) =>
    readdirSync(join(TREE, folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.c'))
      .map((name) => join(folder, name)),
  );
  return all.sort().filter((_, index) => index % STEP! === (PART ?? 0));
}

test('functions, calls and arguments agree with tree-sitter-c', { skip: existsSync(TREE) ? false : `no ${TREE}` }, async (context) => {
  const parser = await loadTreeSitter();
  const counts = new Map<string, number>();
  const unknown: string[] = [];
  let compared = 0;
  let equal = 0;
  for (const path of sampledFiles()) {
    const bytes = readFileSync(join(TREE, path));
    // One character per byte: offsets are the same on both sides.
    const text = Buffer.from(rewrite(bytes)).toString('latin1');
    const byBody = new Map(ourFunctions(path, bytes, text).map((fn) => [fn.body, fn]));
    for (const theirs of treeSitterFunctions(parser, text)) {
      if (theirs.broken) continue;
      compared++;
      const ours = byBody.get(theirs.body);
      if (ours !== undefined && agrees(ours, theirs)) {
        equal++;
        continue;
      }
      const reason = ours === undefined ? 'missing' : classOf(ours, theirs, text);
      counts.set(reason, (counts.get(reason) ?? 0) + 1);
      if (['missing', 'extent', 'name', 'call'].includes(reason)) unknown.push(`${reason}: ${path} ${theirs.name}`);
    }
  }
  context.diagnostic(`${equal} of ${compared} functions agree (${((100 * equal) / compared).toFixed(3)} %)`);
  for (const [reason, count] of counts) context.diagnostic(`${reason}: ${count}`);
  for (const line of unknown.slice(0, 50)) context.diagnostic(line);
  assert.ok(compared > 1000, 'too few functions compared');
  assert.ok(equal / compared >= WANTED, `only ${equal} of ${compared} agree`);
});
