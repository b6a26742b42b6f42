import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { configOf, parseConfig } from '../../../server/src/kernel/index';
import { branchesOf, treeContext } from '../../../server/src/program/treeContext';
import { DEFAULT_RULE_SETTINGS } from '../../../server/src/rules/run';

function contextOf(files: Readonly<Record<string, string>>): ReturnType<typeof treeContext> {
  return treeContext({
    tree: { read: (path) => files[path], readBytes: (path) => (files[path] === undefined ? undefined : Buffer.from(files[path])) },
    release: undefined,
    config: undefined,
    rules: DEFAULT_RULE_SETTINGS,
  });
}

describe('the context of a tree', () => {
  test('takes release, annotation words and configuration from the tree', () => {
    const context = contextOf({
      Makefile: 'VERSION = 5\nPATCHLEVEL = 15\nSUBLEVEL = 3\n',
      'include/linux/init.h': '#define __here __section(".here")\n',
      '.config': 'CONFIG_NET=y\n# CONFIG_USB is not set\n',
    });
    assert.deepEqual(context.model.release, { major: 5, minor: 15, patch: 3 });
    assert.ok(context.annotations.has('__here'));
    assert.equal(context.branches?.configDefined('CONFIG_NET'), true);
    assert.equal(context.model.config?.value('CONFIG_NET'), 'y');
  });

  test('without a .config what the last build used', () => {
    const context = contextOf({ 'include/generated/autoconf.h': '#define CONFIG_NET 1\n#define CONFIG_USB_MODULE 1\n' });
    assert.deepEqual(
      ['CONFIG_NET', 'CONFIG_USB', 'CONFIG_USB_MODULE', 'CONFIG_MTD'].map((name) => context.branches!.configDefined(name)),
      [true, false, true, false],
    );
  });

  test('without any configuration no branch is decided', () => {
    assert.equal(contextOf({ Makefile: 'VERSION = 6\nPATCHLEVEL = 1\nSUBLEVEL = 0\n' }).branches, undefined);
  });
});

test('branches are decided as the preprocessor does', () => {
  const oracle = branchesOf(parseConfig('CONFIG_A=y\nCONFIG_M=m\n# CONFIG_N is not set\nCONFIG_S="text"\nCONFIG_V=0x10\n'));
  const defined = ['CONFIG_A', 'CONFIG_S', 'CONFIG_V', 'CONFIG_M_MODULE'];
  const not = ['CONFIG_M', 'CONFIG_N', 'CONFIG_A_MODULE', 'CONFIG_UNHEARD_OF'];
  assert.deepEqual(
    defined.map((name) => oracle.configDefined(name)),
    defined.map(() => true),
  );
  assert.deepEqual(
    not.map((name) => oracle.configDefined(name)),
    not.map(() => false),
  );
  assert.equal(branchesOf(configOf({ CONFIG_A: true })).configDefined('CONFIG_A'), true);
});
