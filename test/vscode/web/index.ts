import * as vscode from 'vscode';
import { awaitFindings, eventually, hoverText, open, positionOf, sampleUri } from '../support';

/**
 * The extension with its `browser` entry, in the extension host that runs inside the page. There is no Node.js and no mocha here: a test is a name and a function, and
 * the first that throws ends the run.
 */
const TESTS: Readonly<Record<string, () => Promise<void>>> = {
  'it starts, and knows the release of the open tree': async () => {
    await open('drivers/sample/context.c');
    const extension = vscode.extensions.getExtension('gfp-lens.gfp-lens');
    if (extension === undefined) throw new Error('the extension is not there');
    const { statusText } = (await extension.activate()) as { statusText: () => string };
    await eventually('the kernel of the sample', () => (/^Linux 6\.1/.test(statusText()) ? true : undefined));
  },
  'findings have their evidence': async () => {
    const { document } = await open('drivers/sample/context.c');
    const found = await awaitFindings(document.uri, 'sleep-in-atomic');
    if (!found.some(({ relatedInformation = [] }) => relatedInformation.length > 0)) throw new Error('no related information');
  },
  'a mask explains itself': async () => {
    const { document } = await open('drivers/sample/masks.c');
    const position = positionOf(document, '__GFP_IO |', 'sample_spelled_out(');
    await eventually('GFP_USER in the hover', async () => {
      const hovers = await vscode.commands.executeCommand<vscode.Hover[]>('vscode.executeHoverProvider', document.uri, position);
      return hoverText(hovers).includes('GFP_USER') ? true : undefined;
    });
  },
  'a finding is fixed': async () => {
    const { document } = await open('drivers/sample/masks.c');
    const [finding] = await awaitFindings(document.uri, 'logical-mask');
    const fix = await eventually('a quick fix', async () => {
      const actions = await vscode.commands.executeCommand<vscode.CodeAction[]>(
        'vscode.executeCodeActionProvider',
        document.uri,
        finding!.range,
        'quickfix',
      );
      return actions.find((action) => action.edit !== undefined);
    });
    if (!(await vscode.workspace.applyEdit(fix.edit!))) throw new Error('the fix cannot be applied');
    await eventually('no finding any more', () => (/GFP_KERNEL \| __GFP_ZERO\);/.test(document.getText()) ? true : undefined));
    await vscode.commands.executeCommand('workbench.action.files.revert');
  },
  'the mask explorer opens': async () => {
    await vscode.commands.executeCommand('gfpLens.exploreMask', 'GFP_NOFS');
    await eventually('the explorer', () => webview('Mask Explorer'));
  },
  'a log is explained': async () => {
    await open('failure.dmesg');
    await vscode.commands.executeCommand('gfpLens.explainFailure');
    await eventually('the page', () => webview('page allocation failure: fragmentation'));
  },
};

function labels(): readonly string[] {
  return vscode.window.tabGroups.all.flatMap((group) => group.tabs.map(({ label }) => label));
}

function webview(label: string): true | undefined {
  const tabs = vscode.window.tabGroups.all.flatMap((group) => group.tabs);
  return tabs.some((tab) => tab.label === label && tab.input instanceof vscode.TabInputWebview) ? true : undefined;
}

/** Called by VS Code. The lines go to a file in the open folder: the console of a worker reaches nobody. */
export async function run(): Promise<void> {
  const lines: string[] = [];
  const print = (line: string): Thenable<void> => {
    lines.push(line);
    return vscode.workspace.fs.writeFile(sampleUri('web-results.txt'), new TextEncoder().encode(`${lines.join('\n')}\n`));
  };
  for (const [name, test] of Object.entries(TESTS)) {
    try {
      await test();
      await print(`  ok       ${name}`);
    } catch (error) {
      await print(`  FAILED   ${name}: ${error instanceof Error ? error.message : String(error)}\n           open: ${labels().join(', ')}`);
      throw error;
    }
  }
}
