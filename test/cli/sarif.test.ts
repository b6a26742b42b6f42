import assert from 'node:assert/strict';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import schema from '@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json';
import Ajv from 'ajv-draft-04';
import addFormats from 'ajv-formats';
import { rules } from '../../server/src/rules/registry';
import { BAD, FIXABLE, KERNEL_MAKEFILE, runCli, temporaryFolder } from './runCli';

interface Place {
  readonly physicalLocation: {
    readonly artifactLocation: { readonly uri: string; readonly uriBaseId?: string };
    readonly region: { readonly startLine: number; readonly startColumn: number };
  };
  readonly message?: { readonly text: string };
}

interface Result {
  readonly ruleId: string;
  readonly ruleIndex: number;
  readonly level: string;
  readonly message: { readonly text: string };
  readonly locations: readonly Place[];
  readonly codeFlows?: readonly { readonly threadFlows: readonly { readonly locations: readonly { readonly location: Place }[] }[] }[];
  readonly partialFingerprints: Readonly<Record<string, string>>;
  readonly baselineState?: string;
  readonly suppressions: readonly { readonly kind: string; readonly justification?: string }[];
  readonly fixes?: readonly {
    readonly description: { readonly text: string };
    readonly artifactChanges: readonly { readonly replacements: readonly { readonly insertedContent: { readonly text: string } }[] }[];
  }[];
}

interface Log {
  readonly version: string;
  readonly runs: readonly {
    readonly tool: {
      readonly driver: { readonly rules: readonly { readonly id: string; readonly help: { readonly markdown: string } }[] };
    };
    readonly results: readonly Result[];
    readonly invocations: readonly { readonly executionSuccessful: boolean }[];
  }[];
}

const ajv = new Ajv({ strict: false, allErrors: true, unicodeRegExp: false });
addFormats(ajv as never);
const validate = ajv.compile(schema);

/** The log of a run, held against the schema of the standard. */
async function sarifOf(cwd: string, ...args: readonly string[]): Promise<{ log: Log; results: readonly Result[]; code: number | null }> {
  const { stdout, code } = await runCli(['check', '--format', 'sarif', ...args], { cwd });
  const log: Log = JSON.parse(stdout);
  assert.ok(validate(log), JSON.stringify(validate.errors, undefined, 1));
  return { log, results: log.runs[0]!.results, code };
}

const LOCKED = `#include <linux/slab.h>

static int fill(struct dev *d)
{
	spin_lock(&d->lock);
	d->p = kmalloc(8, GFP_KERNEL);
	spin_unlock(&d->lock);
	return d->p ? 0 : -1;
}
`;

describe('check --format sarif', () => {
  test('every rule with its manual page; nothing found is a valid log', async () => {
    const { log, code } = await sarifOf(temporaryFolder({ 'a.c': 'int x;\n' }));
    const described = log.runs[0]!.tool.driver.rules;
    assert.deepEqual([code, log.version, log.runs[0]!.results.length], [0, '2.1.0', 0]);
    assert.deepEqual(
      described.map((rule) => rule.id),
      rules.map((rule) => rule.id),
    );
    for (const rule of described) assert.match(rule.help.markdown, /## Why/);
  });

  test('a result: place, level, fix, fingerprint of the JSON output, and the chain as a code flow that ends at the finding', async () => {
    const cwd = temporaryFolder({ Makefile: KERNEL_MAKEFILE, 'drivers/a b/lock.c': LOCKED });
    const { results, code } = await sarifOf(cwd);
    assert.equal(code, 1);
    const [result] = results;
    assert.deepEqual([results.length, result!.ruleId, result!.level], [1, 'sleep-in-atomic', 'error']);
    assert.equal(rules[result!.ruleIndex]!.id, 'sleep-in-atomic');
    const { artifactLocation, region } = result!.locations[0]!.physicalLocation;
    assert.deepEqual(artifactLocation, { uri: 'drivers/a%20b/lock.c', uriBaseId: '%SRCROOT%' });
    assert.equal(region.startLine, 6);
    const flow = result!.codeFlows![0]!.threadFlows[0]!.locations.map(({ location }) => location);
    assert.deepEqual(
      flow.map((step) => step.physicalLocation.region.startLine),
      [5, 6],
    );
    assert.equal(flow[1]!.message!.text, result!.message.text);
    assert.deepEqual(result!.suppressions, []);
    const json = JSON.parse((await runCli(['check', '--format', 'json'], { cwd })).stdout);
    assert.equal(result!.partialFingerprints['gfpLens/v1'], json.findings[0].fingerprint);
  });

  test('fixes replace what the fix of the JSON output replaces', async () => {
    const { results } = await sarifOf(temporaryFolder({ 'a.c': FIXABLE }));
    const [fix] = results[0]!.fixes!;
    assert.match(fix!.description.text, /\|/);
    assert.equal(fix!.artifactChanges[0]!.replacements[0]!.insertedContent.text.includes('|'), true);
  });

  test('with a baseline: known results are unchanged and suppressed, others new; only those count for the exit code', async () => {
    const cwd = temporaryFolder({ 'old.c': BAD });
    await runCli(['check', '--baseline', 'known.json', '--update-baseline'], { cwd });
    const old = await sarifOf(cwd, '--baseline', 'known.json');
    assert.deepEqual([old.code, old.results.map((one) => one.baselineState)], [0, ['unchanged']]);
    assert.deepEqual(old.results[0]!.suppressions[0]!.kind, 'external');
    const other = temporaryFolder({ 'old.c': BAD, 'new.c': BAD });
    const both = await sarifOf(other, '--baseline', join(cwd, 'known.json'));
    assert.deepEqual([both.code, both.results.map((one) => one.baselineState)], [1, ['new', 'unchanged']]);
  });

  test('findings of the baseline that are gone are absent, but only if the run would have found them', async () => {
    const cwd = temporaryFolder({ 'a.c': BAD, 'fs/b.c': BAD });
    await runCli(['check', '--baseline', 'known.json', '--update-baseline'], { cwd });
    const states = async (...args: string[]): Promise<string[]> => {
      const { results } = await sarifOf(cwd, '--baseline', 'known.json', ...args);
      return results.map((one) => `${one.locations[0]!.physicalLocation.artifactLocation.uri} ${one.baselineState}`).sort();
    };
    assert.deepEqual(await states(), ['a.c unchanged', 'fs/b.c unchanged']);
    writeFileSync(join(cwd, 'a.c'), '');
    rmSync(join(cwd, 'fs/b.c'));
    assert.deepEqual(await states(), ['a.c absent', 'fs/b.c absent']);
    assert.deepEqual(await states('a.c'), ['a.c absent']);
    assert.deepEqual(await states('--rule', 'sleep-in-atomic'), []);
  });

  test('what a comment allows is in the log, with the reason; the other results keep their fingerprints', async () => {
    const twice = `${BAD}${BAD.split('\n').slice(2).join('\n')}`;
    const allowed = twice.replace('\treturn', '\t/* gfp-lens: allow(zone-conflict) seen on a board */\n\treturn');
    const cwd = temporaryFolder({ 'a.c': allowed });
    const { results, code } = await sarifOf(cwd);
    assert.equal(code, 1);
    assert.deepEqual(
      results.map((one) => one.suppressions),
      [[{ kind: 'inSource', justification: 'seen on a board' }], []],
    );
    const json = JSON.parse((await runCli(['check', '--format', 'json'], { cwd })).stdout);
    assert.deepEqual(
      json.findings.map((one: { fingerprint: string }) => one.fingerprint),
      [results[1]!.partialFingerprints['gfpLens/v1']],
    );
    assert.notEqual(results[0]!.partialFingerprints['gfpLens/v1'], json.findings[0].fingerprint);
  });

  test('a path that cannot be read: the log says that the run is not complete', async () => {
    const { log, code } = await sarifOf(temporaryFolder({ 'a.c': BAD }), 'a.c', 'missing.c');
    assert.deepEqual([code, log.runs[0]!.invocations[0]!.executionSuccessful], [2, false]);
  });
});

describe('check --format github', () => {
  test('an annotation a finding, with paths relative to the checkout and everything escaped', async () => {
    const checkout = temporaryFolder({ 'k/drivers/a,b:c%.c': LOCKED, 'k/Makefile': KERNEL_MAKEFILE });
    const { code, stdout } = await runCli(['check', '--format', 'github'], {
      cwd: join(checkout, 'k'),
      env: { GITHUB_WORKSPACE: checkout },
    });
    assert.equal(code, 1);
    const [line, end] = stdout.split('\n');
    assert.equal(end, '');
    assert.match(
      line!,
      /^::error file=k\/drivers\/a%2Cb%3Ac%25\.c,line=6,endLine=6,col=\d+,endColumn=\d+,title=gfp-lens%3A sleep-in-atomic::/,
    );
    assert.match(line!, /%0Ak\/drivers\/a,b:c%25\.c:5: /);
  });

  test('hints and notes are notices', async () => {
    const cwd = temporaryFolder({ 'a.c': LOCKED.replace('GFP_KERNEL', '__GFP_HIGH | __GFP_KSWAPD_RECLAIM') });
    const { code, stdout } = await runCli(['check', '--format', 'github', '--min-severity', 'hint'], { cwd });
    assert.deepEqual([code, /^::notice file=a\.c,/.test(stdout)], [0, true]);
  });
});
