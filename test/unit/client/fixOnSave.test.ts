import assert from 'node:assert/strict';
import { test } from 'node:test';
import { wantsFixOnSave } from '../../../client/src/fixOnSave';

test('a workspace alone cannot switch fixes on save on', () => {
  const workspace = { workspaceValue: { 'source.fixAll.gfpLens': 'always' }, workspaceFolderValue: { 'source.fixAll': true } };
  assert.equal(wantsFixOnSave(workspace as object), false);
  assert.equal(wantsFixOnSave({ ...workspace, globalValue: {} } as object), false);
  assert.equal(wantsFixOnSave({ ...workspace, globalValue: { 'source.organizeImports': true } } as object), false);
});

test('the user can, for all files or for C, in every way the setting is written', () => {
  for (const value of [
    { 'source.fixAll.gfpLens': 'explicit' },
    { 'source.fixAll.gfpLens': 'always' },
    { 'source.fixAll.gfpLens': true },
    { 'source.fixAll': 'explicit' },
    { 'source.fixAll': false, 'source.fixAll.gfpLens': true },
    ['source.fixAll'],
    ['source.organizeImports', 'source.fixAll.gfpLens'],
  ]) {
    assert.ok(wantsFixOnSave({ globalValue: value }), JSON.stringify(value));
    assert.ok(wantsFixOnSave({ globalLanguageValue: value }), JSON.stringify(value));
  }
});

test('what the user switched off stays off', () => {
  for (const value of [
    { 'source.fixAll': 'never' },
    { 'source.fixAll': true, 'source.fixAll.gfpLens': 'never' },
    { 'source.fixAll': true, 'source.fixAll.gfpLens': false },
    {},
    [],
    null,
    'source.fixAll',
  ])
    assert.ok(!wantsFixOnSave({ globalValue: value }), JSON.stringify(value));
});
