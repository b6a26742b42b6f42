import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { KERNEL_MAKEFILE, PADDING, runCli, temporaryFolder } from './runCli';

/** A lock in one file, the allocation in the next but one, and a second driver in which nothing is wrong. */
const TREE: Readonly<Record<string, string>> = {
  Makefile: KERNEL_MAKEFILE,
  'drivers/ring/main.c': `#include "ring.h"

void ring_fill(struct ring *r)
{
	spin_lock(&r->lock);
	ring_step(r);
	spin_unlock(&r->lock);
}
`,
  'drivers/ring/ring.h': `static inline int ring_step(struct ring *r)
{
	return ring_grow(r);
}
`,
  'drivers/ring/mem.c': `#include <linux/slab.h>

int ring_grow(struct ring *r)
{
	r->item = kmalloc(8, GFP_KERNEL);
	return r->item ? 0 : -ENOMEM;
}
`,
  'drivers/wheel/mem.c': `#include <linux/slab.h>

static int grow(struct wheel *w)
{
	w->item = kmalloc(8, GFP_KERNEL);
	return w->item ? 0 : -ENOMEM;
}

int wheel_fill(struct wheel *w)
{
	return grow(w);
}
`,
  // Brings the tree above the size that is analysed without threads.
  'lib/padding.c': PADDING,
};

interface Finding {
  readonly file: string;
  readonly line: number;
  readonly rule: string;
  readonly certainty: string;
  readonly message: string;
  readonly trace: readonly { readonly file: string; readonly line: number; readonly message: string }[];
}

interface Report {
  readonly findings: readonly Finding[];
  readonly stats: { readonly jobs: number };
}

const CHAIN = [
  ['drivers/ring/main.c', 5, '&r->lock is taken here by spin_lock()'],
  ['drivers/ring/main.c', 6, 'ring_fill() calls ring_step() here'],
  ['drivers/ring/ring.h', 3, 'ring_step() calls ring_grow() here'],
];

async function findingsOf(tree: string, ...options: readonly string[]): Promise<Report> {
  const { stdout, stderr, code } = await runCli(['check', tree, '--format', 'json', ...options]);
  assert.deepEqual([stderr, code], ['', 1]);
  return JSON.parse(stdout);
}

describe('gfp-lens check of a tree whose mistake spans files', () => {
  test('one finding, where the memory is taken, with each step of the way', async () => {
    const { findings } = await findingsOf(temporaryFolder(TREE), '--jobs', '1');
    assert.deepEqual(
      findings.map(({ file, line, rule, certainty }) => [file, line, rule, certainty]),
      [['drivers/ring/mem.c', 5, 'sleep-in-atomic', 'definite']],
    );
    assert.deepEqual(
      findings[0]!.trace.map(({ file, line, message }) => [file, line, message]),
      CHAIN,
    );
  });

  test('two threads find the same as one', async () => {
    const tree = temporaryFolder(TREE);
    const one = await findingsOf(tree, '--jobs', '1');
    const two = await findingsOf(tree, '--jobs', '2', '--no-cache');
    assert.deepEqual([one.stats.jobs, two.stats.jobs], [1, 2]);
    assert.deepEqual(two.findings, one.findings);
  });

  test('of one file alone nothing is known of its callers', async () => {
    const tree = temporaryFolder(TREE);
    const { stdout, code } = await runCli(['check', join(tree, 'drivers/ring/mem.c')]);
    assert.deepEqual([stdout, code], ['', 0]);
  });

  test('the text output names each step as a note, with its file and line', async () => {
    const tree = temporaryFolder(TREE);
    const { stdout } = await runCli(['check', '.'], { cwd: tree });
    const heads = stdout.split('\n').filter((line) => /^drivers\//.test(line));
    assert.match(heads[0]!, /^drivers\/ring\/mem\.c:5:\d+: error: .*spinlock &r->lock is held in ring_fill\(\) \[sleep-in-atomic\]$/);
    const notes = heads.slice(1).filter((line) => !line.includes(': note: fix: '));
    assert.deepEqual(
      notes.map((line) => line.replace(/:\d+: note: /, ' ')),
      CHAIN.map(([file, line, message]) => `${file}:${line} ${message}`),
    );
  });

  test('the SARIF code flow leads through the files, to the finding', async () => {
    const tree = temporaryFolder(TREE);
    const { stdout } = await runCli(['check', '.', '--format', 'sarif'], { cwd: tree });
    const [result] = JSON.parse(stdout).runs[0].results;
    const steps = result.codeFlows[0].threadFlows[0].locations.map(
      ({ location: { physicalLocation, message } }: { location: { physicalLocation: SarifPlace; message?: { text: string } } }) => [
        physicalLocation.artifactLocation.uri,
        physicalLocation.region.startLine,
        message?.text,
      ],
    );
    assert.deepEqual(steps.slice(0, CHAIN.length), CHAIN);
    assert.deepEqual(
      steps.slice(CHAIN.length).map((step: readonly unknown[]) => step.slice(0, 2)),
      [['drivers/ring/mem.c', 5]],
    );
  });
});

interface SarifPlace {
  readonly artifactLocation: { readonly uri: string };
  readonly region: { readonly startLine: number };
}
