/// <reference types="mocha" />
import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { eventually, findings, hoverText, positionOf } from '../support';

/** A window with three roots: a tree of 6.1, a tree of 6.12, and one of 5.15 that only the editor can read. Each has its own release, settings and findings. */

const SOURCE =
  '#include <linux/slab.h>\n\nvoid *sample(spinlock_t *lock)\n{\n\tvoid *p;\n\n\tspin_lock(lock);\n\tp = kmalloc(64, GFP_KERNEL);\n\tspin_unlock(lock);\n\treturn p;\n}\n';
const VIRTUAL: Readonly<Record<string, string>> = {
  '/linux/Makefile': 'VERSION = 5\nPATCHLEVEL = 15\nSUBLEVEL = 9\nEXTRAVERSION =\n',
  '/linux/drivers/sample.c': SOURCE,
};

/** A file system that no server can read: it lives in this process. */
class MemoryTree implements vscode.FileSystemProvider {
  private readonly changes = new vscode.EventEmitter<vscode.FileChangeEvent[]>();
  readonly onDidChangeFile = this.changes.event;
  readonly read: string[] = [];

  watch = (): vscode.Disposable => new vscode.Disposable(() => undefined);

  stat({ path }: vscode.Uri): vscode.FileStat {
    const text = VIRTUAL[path];
    const isFolder = Object.keys(VIRTUAL).some((file) => file.startsWith(`${path}/`));
    if (text === undefined && !isFolder) throw vscode.FileSystemError.FileNotFound(path);
    return { type: isFolder ? vscode.FileType.Directory : vscode.FileType.File, ctime: 0, mtime: 0, size: text?.length ?? 0 };
  }

  readFile({ path }: vscode.Uri): Uint8Array {
    const text = VIRTUAL[path];
    if (text === undefined) throw vscode.FileSystemError.FileNotFound(path);
    this.read.push(path);
    return new TextEncoder().encode(text);
  }

  readDirectory = (): [string, vscode.FileType][] => [];
  createDirectory = refuse;
  writeFile = refuse;
  delete = refuse;
  rename = refuse;
}

function refuse(): never {
  throw vscode.FileSystemError.NoPermissions();
}

function inRoot(name: string, path: string): vscode.Uri {
  const root = vscode.workspace.workspaceFolders?.find((folder) => folder.name === name);
  if (root === undefined) throw new Error(`there is no root ${name}`);
  return vscode.Uri.joinPath(root.uri, path);
}

async function show(name: string): Promise<vscode.TextDocument> {
  const document = await vscode.workspace.openTextDocument(inRoot(name, 'drivers/sample.c'));
  await vscode.window.showTextDocument(document);
  return document;
}

async function api(): Promise<{ statusText: () => string }> {
  const extension = vscode.extensions.getExtension('gfp-lens.gfp-lens');
  return (await extension!.activate()) as { statusText: () => string };
}

async function awaitRelease(release: RegExp): Promise<void> {
  const { statusText } = await api();
  await eventually(`${release} in the status`, () => (release.test(statusText()) ? true : undefined));
}

describe('several roots in one window', () => {
  const tree = new MemoryTree();
  let registered: vscode.Disposable;
  before(() => {
    registered = vscode.workspace.registerFileSystemProvider('memtree', tree, { isReadonly: true });
  });
  after(() => registered.dispose());

  it('judges each file by the kernel of its own root', async () => {
    const old = await show('old');
    await awaitRelease(/^Linux 6\.1\.192/);
    await eventually('the finding that only 6.12 has, not here', () => (findings(old.uri, 'removed-flag').length === 0 ? true : undefined));
    const recent = await show('new');
    await awaitRelease(/^Linux 6\.12\.7/);
    await eventually('__GFP_ATOMIC is gone since 6.3', () => (findings(recent.uri, 'removed-flag').length === 1 ? true : undefined));
    assert.deepEqual(findings(old.uri, 'removed-flag'), []);
    for (const [document, release] of [
      [old, /kernel 6\\?\.1\\?\.192/],
      [recent, /kernel 6\\?\.12\\?\.7/],
    ] as const) {
      await eventually(`a hover for ${release}`, async () => {
        const at = positionOf(document, 'GFP_KERNEL', 'kmalloc');
        const hovers = await vscode.commands.executeCommand<vscode.Hover[]>('vscode.executeHoverProvider', document.uri, at);
        return release.test(hoverText(hovers)) ? true : undefined;
      });
    }
  });

  it('takes severities from the settings of the root, and follows a change of them', async () => {
    const old = await show('old');
    const severities = (): readonly string[] =>
      findings(old.uri, 'redundant-flag').map(({ severity }) => vscode.DiagnosticSeverity[severity]!);
    await eventually('an error, as the settings of this root say', () => (severities().join() === 'Error' ? true : undefined));
    const recent = await show('new');
    await eventually('its other finding', () => (findings(recent.uri, 'removed-flag').length > 0 ? true : undefined));
    assert.deepEqual(findings(recent.uri, 'redundant-flag'), [], 'the settings of this root turn the rule off');
    const settings = vscode.workspace.getConfiguration('gfpLens', old.uri);
    await settings.update('rules', { 'redundant-flag': 'warning' }, vscode.ConfigurationTarget.WorkspaceFolder);
    await show('old');
    await eventually('a warning', () => (severities().join() === 'Warning' ? true : undefined));
  });

  it('a root that only the editor can read has its release, findings and hovers', async () => {
    const document = await show('virtual');
    await awaitRelease(/^Linux 5\.15\.9/);
    await eventually('the finding', () => (findings(document.uri, 'sleep-in-atomic').length === 1 ? true : undefined));
    assert.ok(tree.read.includes('/linux/Makefile'));
  });
});
