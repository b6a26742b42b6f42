import * as vscode from 'vscode';

const TYPE = 'gfp-lens';

interface CheckDefinition extends vscode.TaskDefinition {
  readonly check: string;
  readonly args?: readonly string[];
}

/** `gfp-lens check` as a task, so that a whole tree is checked in a terminal and its findings go to the Problems panel. */
export class CheckTasks implements vscode.TaskProvider {
  /** @param program absolute path of the bundled command line */
  constructor(private readonly program: string) {}

  provideTasks(): vscode.Task[] {
    return (vscode.workspace.workspaceFolders ?? []).map((folder) => this.task({ type: TYPE, check: '.' }, folder));
  }

  resolveTask(task: vscode.Task): vscode.Task | undefined {
    const definition = task.definition as CheckDefinition;
    return typeof definition.check === 'string' ? this.task(definition, task.scope ?? vscode.TaskScope.Workspace) : undefined;
  }

  private task(definition: CheckDefinition, scope: vscode.WorkspaceFolder | vscode.TaskScope): vscode.Task {
    const { check, args = [] } = definition;
    // The runtime of the editor itself: users need not have Node.js.
    const execution = new vscode.ProcessExecution(process.execPath, [this.program, 'check', ...args, check], {
      env: { ELECTRON_RUN_AS_NODE: '1' },
    });
    const name = check === '.' ? vscode.l10n.t('check the kernel tree') : vscode.l10n.t('check {0}', check);
    const task = new vscode.Task(definition, scope, name, 'GFP Lens', execution, '$gfp-lens');
    task.group = vscode.TaskGroup.Test;
    task.presentationOptions = { reveal: vscode.TaskRevealKind.Silent, clear: true };
    return task;
  }
}

export function registerTasks(program: string): vscode.Disposable {
  return vscode.tasks.registerTaskProvider(TYPE, new CheckTasks(program));
}
