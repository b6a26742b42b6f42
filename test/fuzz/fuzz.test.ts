import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { type FuzzFinding, fuzz } from './loop';
import { seedsOf } from './seeds';
import { TARGETS } from './targets';

const PROJECT = join(__dirname, '..', '..');
/** Mutated inputs of each target, beside the seeds; the long runs are those of `npm run fuzz`. */
const INPUTS: Readonly<Record<string, number>> = { analyse: 60, link: 60, editor: 60, lsp: 60, mcp: 20, log: 100 };
const USUAL_INPUTS = 250;

describe('broken input, the same in every run', () => {
  for (const target of TARGETS) {
    test(target.name, async () => {
      const seeds = seedsOf(target.name, PROJECT);
      assert.ok(seeds.length > 0, `test/fuzz/corpus/${target.name} is empty`);
      const findings: FuzzFinding[] = [];
      const inputs = INPUTS[target.name] ?? USUAL_INPUTS;
      const result = await fuzz({
        target,
        seed: 1,
        // A few of many fixtures: they are tests of their own elsewhere.
        corpus: seeds.filter((_, index) => index % Math.ceil(seeds.length / 24) === 0),
        words: [],
        hits: undefined,
        timed: false,
        starting: () => undefined,
        found: (finding) => findings.push(finding),
        kept: () => undefined,
        proceed: (done) => done < inputs,
      });
      assert.ok(result.inputs >= inputs);
      const told = findings.map(({ message, input }) => `${message}\n${Buffer.from(input).toString('base64')}`);
      assert.deepEqual(told, []);
    });
  }
});
