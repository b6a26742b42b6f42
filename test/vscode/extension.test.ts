/// <reference types="mocha" />
import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import manifest from '../../package.json';
import { awaitFindings, eventually, findings, hoverText, open, positionOf, sampleUri } from './support';

const CONTEXT = 'drivers/sample/context.c';
const MASKS = 'drivers/sample/masks.c';

async function api(): Promise<{ statusText: () => string; statusDetail: () => string }> {
  const extension = vscode.extensions.getExtension('gfp-lens.gfp-lens');
  return (await extension!.activate()) as { statusText: () => string; statusDetail: () => string };
}

/** Whether a rendered Markdown page with this title is open. */
function preview(title: string): boolean {
  const tabs = vscode.window.tabGroups.all.flatMap((group) => group.tabs);
  return tabs.some(
    (tab) => tab.label === title && tab.input instanceof vscode.TabInputCustom && tab.input.viewType === 'vscode.markdown.preview.editor',
  );
}

describe('GFP Lens in VS Code', () => {
  it('starts when kernel C is opened and names the kernel in its status', async () => {
    await open(CONTEXT);
    const extension = vscode.extensions.getExtension('gfp-lens.gfp-lens');
    assert.ok(extension);
    const { statusText } = (await extension.activate()) as { statusText: () => string };
    await eventually('the kernel of the sample in the status item', () => (/^Linux 6\.1/.test(statusText()) ? true : undefined));
  });

  it('says what is wrong in .gfp-lens.json while it is written, and follows what is right in it', async () => {
    const { document } = await open(CONTEXT);
    const project = sampleUri('.gfp-lens.json');
    const text =
      '{\n  "kernel": "six",\n  "rules": { "sleep-in-atomic": "loud", "unknown-rule": "off", "unused-suppression": "error" }\n}\n';
    await vscode.workspace.fs.writeFile(project, new TextEncoder().encode(text));
    try {
      const editor = await vscode.window.showTextDocument(project);
      assert.equal(editor.document.languageId, 'jsonc');
      // Those of the schema have no source.
      const messages = (source: string | undefined): string[] =>
        vscode.languages
          .getDiagnostics(project)
          .filter((one) => one.source === source)
          .map(({ message, range }) => `${range.start.line + 1}: ${message}`);
      await eventually('what the schema says', () => {
        const said = messages(undefined).join('\n');
        return /^2: A kernel release such as 6\.1 or 6\.12\.3/m.test(said) &&
          /^3: .*"error", "warning"/m.test(said) &&
          /unknown-rule/.test(said)
          ? true
          : undefined;
      });
      await eventually('what the server says', () => (messages('gfp-lens').some((one) => one.startsWith('2: "six"')) ? true : undefined));
      await vscode.window.showTextDocument(document);
      await eventually('a severity of the file', () =>
        findings(document.uri, 'unused-suppression').some(({ severity }) => severity === vscode.DiagnosticSeverity.Error)
          ? true
          : undefined,
      );
    } finally {
      await vscode.workspace.fs.delete(project);
    }
    await eventually('the usual severity', () =>
      findings(document.uri, 'unused-suppression').some(({ severity }) => severity === vscode.DiagnosticSeverity.Warning)
        ? true
        : undefined,
    );
  });

  it('registers every command of the manifest', async () => {
    const registered = new Set(await vscode.commands.getCommands(true));
    const missing = manifest.contributes.commands.filter(({ command }) => !registered.has(command));
    assert.deepEqual(missing, []);
  });

  it('reports an allocation that may sleep under a spinlock, at the mask or the call', async () => {
    const { document } = await open(CONTEXT);
    const found = await awaitFindings(document.uri, 'sleep-in-atomic');
    const call = positionOf(document, 'kmalloc', 'spin_lock_irqsave(');
    assert.ok(found.some((diagnostic) => diagnostic.range.start.line === call.line));
    assert.ok(found.every((diagnostic) => diagnostic.source === 'gfp-lens'));
    assert.ok(
      found.some((diagnostic) => (diagnostic.relatedInformation ?? []).length > 0),
      'the lock is shown as evidence',
    );
  });

  it('explains a spelled-out mask by its name', async () => {
    const { document } = await open(MASKS);
    const position = positionOf(document, '__GFP_IO |', 'sample_spelled_out(');
    await eventually('GFP_USER in the hover', async () => {
      const hovers = await vscode.commands.executeCommand<vscode.Hover[]>('vscode.executeHoverProvider', document.uri, position);
      return hoverText(hovers).includes('GFP_USER') ? true : undefined;
    });
  });

  it('fixes a finding, and the finding goes away', async () => {
    const { document } = await open(MASKS);
    const [finding] = await awaitFindings(document.uri, 'logical-mask');
    assert.ok(finding);
    const fix = await eventually('a quick fix for ||', async () => {
      const actions = await vscode.commands.executeCommand<vscode.CodeAction[]>(
        'vscode.executeCodeActionProvider',
        document.uri,
        finding.range,
        'quickfix',
      );
      return actions.find((action) => action.edit !== undefined);
    });
    assert.ok(fix.edit && (await vscode.workspace.applyEdit(fix.edit)));
    assert.match(document.getText(), /GFP_KERNEL \| __GFP_ZERO\);/);
    await eventually('no logical-mask any more', () => (findings(document.uri, 'logical-mask').length === 0 ? true : undefined));
  });

  it('fixes on save what is safe, when the user asks for it in settings of his own', async () => {
    const source = '#include <linux/slab.h>\nvoid *f(void)\n{\n\treturn kmalloc(8, GFP_KERNEL || __GFP_ZERO);\n}\n';
    const saved = async (name: string): Promise<string> => {
      const uri = sampleUri(name);
      await vscode.workspace.fs.writeFile(uri, new TextEncoder().encode(source));
      const editor = await vscode.window.showTextDocument(uri);
      await awaitFindings(uri, 'logical-mask');
      await editor.edit((edit) => edit.insert(new vscode.Position(0, 0), '\n'));
      await editor.document.save();
      return editor.document.getText();
    };
    const onSave = { 'source.fixAll.gfpLens': 'explicit' };
    const settings = vscode.workspace.getConfiguration('editor');
    try {
      await settings.update('codeActionsOnSave', onSave, vscode.ConfigurationTarget.Workspace);
      assert.match(await saved('by-workspace.c'), /GFP_KERNEL \|\| /, 'the folder alone does not decide that its files are changed');
      await settings.update('codeActionsOnSave', undefined, vscode.ConfigurationTarget.Workspace);
      await settings.update('codeActionsOnSave', onSave, vscode.ConfigurationTarget.Global);
      assert.match(await saved('by-user.c'), /kzalloc\(8, GFP_KERNEL\)/);
    } finally {
      for (const target of [vscode.ConfigurationTarget.Workspace, vscode.ConfigurationTarget.Global])
        await settings.update('codeActionsOnSave', undefined, target);
      for (const name of ['by-workspace.c', 'by-user.c']) await vscode.workspace.fs.delete(sampleUri(name));
    }
  });

  it('hints and lenses are off, and each comes with its switch', async () => {
    const { document } = await open('drivers/sample/ring.c');
    const all = new vscode.Range(0, 0, document.lineCount, 0);
    const hints = async (): Promise<string[]> => {
      const found = await vscode.commands.executeCommand<vscode.InlayHint[]>('vscode.executeInlayHintProvider', document.uri, all);
      return found.map(({ label }) => (typeof label === 'string' ? label : label.map(({ value }) => value).join('')));
    };
    const lenses = async (): Promise<string[]> => {
      const found = await vscode.commands.executeCommand<vscode.CodeLens[]>('vscode.executeCodeLensProvider', document.uri, 100);
      return found.map(({ command }) => command?.title ?? '');
    };
    await awaitFindings(document.uri, 'prefer-kvmalloc');
    assert.deepEqual([await hints(), await lenses()], [[], []]);
    const settings = vscode.workspace.getConfiguration('gfpLens');
    try {
      await settings.update('inlayHints', true, vscode.ConfigurationTarget.Global);
      await eventually('effective mask and order', async () =>
        (await hints()).some((hint) => /__GFP_ZERO, order 6/.test(hint)) ? true : undefined,
      );
      assert.deepEqual(await lenses(), []);
      await settings.update('inlayHints', undefined, vscode.ConfigurationTarget.Global);
      await settings.update('codeLens', true, vscode.ConfigurationTarget.Global);
      await eventually('a line above a function', async () =>
        (await lenses()).some((lens) => /^1 allocation/.test(lens)) ? true : undefined,
      );
      assert.deepEqual(await hints(), []);
    } finally {
      for (const name of ['inlayHints', 'codeLens']) await settings.update(name, undefined, vscode.ConfigurationTarget.Global);
    }
  });

  it('decodes a number into a read-only page', async () => {
    await vscode.commands.executeCommand('gfpLens.decodeMask', '0xcc0');
    const page = vscode.workspace.textDocuments.find(({ uri }) => uri.path === '/mask/0xcc0.md');
    assert.match(page?.getText() ?? '', /GFP_KERNEL/);
    assert.ok(preview('0xcc0.md'));
  });

  it('opens the mask explorer', async () => {
    await vscode.commands.executeCommand('gfpLens.exploreMask', 'GFP_NOFS');
    await eventually('the explorer', () => {
      const tabs = vscode.window.tabGroups.all.flatMap((group) => group.tabs);
      return tabs.some((tab) => tab.label === 'Mask Explorer' && tab.input instanceof vscode.TabInputWebview) ? true : undefined;
    });
  });

  it('compares two masks, and a mask across releases', async () => {
    const shown = (words: string): boolean =>
      vscode.workspace.textDocuments.some((page) => page.uri.scheme === 'gfp-lens' && page.getText().includes(words));
    await vscode.commands.executeCommand('gfpLens.compareMasks', 'GFP_KERNEL', 'GFP_ATOMIC');
    assert.ok(shown('| may sleep | yes | no |'));
    await vscode.commands.executeCommand('gfpLens.compareReleases', 'GFP_KERNEL | __GFP_NOFAIL');
    assert.ok(shown('Only what changed is shown'));
  });

  it('completes flags inside masks, those that must not sleep first under a lock, and nothing elsewhere', async () => {
    const { document } = await open(CONTEXT);
    const names = async (position: vscode.Position): Promise<string[]> => {
      const list = await vscode.commands.executeCommand<vscode.CompletionList>(
        'vscode.executeCompletionItemProvider',
        document.uri,
        position,
      );
      return (
        list.items
          // Words of the text are completed by the editor itself.
          .filter(({ label, kind }) => String(label).includes('GFP_') && kind !== vscode.CompletionItemKind.Text)
          .sort((a, b) => ((a.sortText ?? '') < (b.sortText ?? '') ? -1 : 1))
          .map(({ label }) => String(label))
      );
    };
    const inside = positionOf(document, 'GFP_KERNEL', 'spin_lock_irqsave(').translate(0, 2);
    await eventually('GFP_ATOMIC first', async () => ((await names(inside))[0] === 'GFP_ATOMIC' ? true : undefined));
    const elsewhere = positionOf(document, 'list_add_tail', 'spin_lock_irqsave(').translate(0, 4);
    assert.deepEqual(await names(elsewhere), []);
  });

  it('answers the tools of language models', async () => {
    const names = vscode.lm.tools.map(({ name }) => name).filter((name) => name.startsWith('gfpLens_'));
    assert.deepEqual(names.sort(), manifest.contributes.languageModelTools.map(({ name }) => name).sort());
    const ask = async (name: string, input: object): Promise<string> => {
      const { content } = await vscode.lm.invokeTool(name, { input, toolInvocationToken: undefined });
      return content.map((part) => (part instanceof vscode.LanguageModelTextPart ? part.value : '')).join('');
    };
    assert.match(await ask('gfpLens_decode_mask', { mask: '0xcc0' }), /GFP_KERNEL[\s\S]*on Linux 6\.1/);
    assert.match(await ask('gfpLens_check', { path: 'drivers/sample/context.c' }), /error \[sleep-in-atomic\]/);
    await assert.rejects(ask('gfpLens_explain_log', { log: 'all is well' }), /no allocation failure/);
  });

  it('offers the check of the tree as a task', async () => {
    const tasks = await vscode.tasks.fetchTasks({ type: 'gfp-lens' });
    assert.deepEqual(
      tasks.map(({ name, definition }) => [name, definition.check]),
      [['check the kernel tree', '.']],
    );
    assert.deepEqual(tasks[0]?.problemMatchers, ['$gfp-lens']);
  });

  it('shows the manual page of a rule, where the code of a finding leads to', async () => {
    const { document } = await open(CONTEXT);
    const [finding] = await awaitFindings(document.uri, 'sleep-in-atomic');
    const target = typeof finding?.code === 'object' ? finding.code.target : undefined;
    assert.equal(target?.toString(), 'gfp-lens:/rule/sleep-in-atomic.md');
    await vscode.commands.executeCommand('vscode.open', target);
    const page = vscode.workspace.textDocuments.find(({ uri }) => uri.path === target.path);
    assert.match(page?.getText() ?? '', /## Why/);
    assert.ok(preview('sleep-in-atomic.md'));
  });

  it('checks files that are not open', async () => {
    const uri = sampleUri('drivers/sample/sizes.c');
    assert.deepEqual(findings(uri, 'order-too-large'), []);
    await vscode.commands.executeCommand('gfpLens.checkFolder', sampleUri('drivers/sample'));
    await awaitFindings(uri, 'order-too-large');
    await eventually('the report', () => {
      const tabs = vscode.window.tabGroups.all.flatMap((group) => group.tabs);
      return tabs.some((tab) => tab.label === 'Check of drivers/sample' && tab.input instanceof vscode.TabInputWebview) ? true : undefined;
    });
    const { statusDetail } = await api();
    assert.match(statusDetail(), /\n\d+ findings in 7 files\nlast check .*\d/);
  });

  it('indexes the tree on request: an open file learns who calls it, and in which context', async () => {
    const extension = vscode.extensions.getExtension('gfp-lens.gfp-lens');
    const { statusDetail } = (await extension!.activate()) as { statusDetail: () => string };
    await open(CONTEXT);
    assert.doesNotMatch(statusDetail(), /index of/);
    await vscode.commands.executeCommand('gfpLens.indexTree');
    await eventually('the index in the status item', () => (/index of \d+ files$/m.test(statusDetail()) ? true : undefined));
  });

  it('is well again after a restart', async () => {
    const { document } = await open(CONTEXT);
    await vscode.commands.executeCommand('gfpLens.restartServer');
    await awaitFindings(document.uri, 'sleep-in-atomic');
  });

  it('what a task finds in files that are not open stands in the Problems panel', async () => {
    const [task] = await vscode.tasks.fetchTasks({ type: 'gfp-lens' });
    const uri = sampleUri('drivers/never-opened.c');
    const text = '#include <linux/slab.h>\nvoid *f(void)\n{\n\treturn kmalloc(8, GFP_KERNEL || __GFP_ZERO);\n}\n';
    await vscode.workspace.fs.writeFile(uri, new TextEncoder().encode(text));
    const ended = new Promise<number | undefined>((resolve) => {
      const listening = vscode.tasks.onDidEndTaskProcess(({ execution, exitCode }) => {
        if (execution.task.name !== task?.name) return;
        listening.dispose();
        resolve(exitCode);
      });
    });
    await vscode.tasks.executeTask(task!);
    assert.equal(await ended, 1);
    const [finding] = await awaitFindings(uri, 'logical-mask');
    assert.equal(finding?.source, 'gfp-lens');
    await vscode.workspace.fs.delete(uri);
  });
});
