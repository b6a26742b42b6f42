import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { seedsOf } from '../../fuzz/seeds';
import { runEditScript } from '../../support/editScript';

/** `GFP_SCRIPTS=1000` runs as many as a release is tried with. */
const SCRIPTS = Number(process.env.GFP_SCRIPTS ?? 12);
const FIRST = Number(process.env.GFP_FIRST_SCRIPT ?? 1);
const STEPS = 30;

test(`${SCRIPTS} random edit scripts: the answers are those of a fresh editor`, () => {
  const sources = seedsOf('analyse', join(__dirname, '..', '..', '..')).map((bytes) => Buffer.from(bytes).toString('utf8'));
  let [compared, findings] = [0, 0];
  for (let script = 0; script < SCRIPTS; script++) {
    const result = runEditScript(FIRST + script, sources, STEPS);
    compared += result.compared;
    findings += result.findings;
  }
  assert.ok(compared >= SCRIPTS && findings >= SCRIPTS, 'nothing was compared');
  if (process.env.GFP_SCRIPTS !== undefined)
    console.log(`${SCRIPTS} scripts of ${STEPS} steps, ${compared} comparisons, ${findings} findings`);
});
