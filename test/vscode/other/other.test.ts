/// <reference types="mocha" />
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import * as vscode from 'vscode';
import { eventually, open } from '../support';

/** A window with C that has nothing to do with the kernel. */

/** Command lines of the processes that this extension host has started. */
function children(): string {
  return execFileSync('ps', ['-o', 'args=', '--ppid', String(process.pid)], { encoding: 'utf8' });
}

describe('C outside of kernel trees', () => {
  it('starts no server, and no rule looks at it, until the user asks for that', async () => {
    const { document } = await open('main.c');
    const extension = vscode.extensions.getExtension('gfp-lens.gfp-lens');
    const { statusText, statusDetail } = (await extension!.activate()) as { statusText: () => string; statusDetail: () => string };
    // Time for whatever would start.
    await new Promise((resolve) => setTimeout(resolve, 2000));
    assert.deepEqual([statusText(), statusDetail()], ['GFP Lens', 'waits for kernel code']);
    assert.doesNotMatch(children(), /server\.js/);
    assert.deepEqual(vscode.languages.getDiagnostics(document.uri), []);

    await vscode.workspace.getConfiguration('gfpLens').update('enable', 'always', vscode.ConfigurationTarget.Global);
    try {
      await eventually('the server', () => (/^Linux /.test(statusText()) ? true : undefined));
      assert.match(children(), /server\.js/);
    } finally {
      await vscode.workspace.getConfiguration('gfpLens').update('enable', undefined, vscode.ConfigurationTarget.Global);
    }
  });
});
