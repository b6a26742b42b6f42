import { writeFileSync } from 'node:fs';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import * as vscode from 'vscode';
import { awaitFindings, eventually, open } from '../../test/vscode/support';

const ID = 'gfp-lens.gfp-lens';
/** The resolution of the loop's own clock, ms: what it measures where nothing holds it up. */
const RESOLUTION_MS = 1;

/** Called by VS Code inside its extension host: starts the extension with a kernel file, and writes down what VS Code itself measured. */
export async function run(): Promise<void> {
  const loop = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  loop.enable();
  const { document } = await open('drivers/sample/context.c');
  await awaitFindings(document.uri, 'sleep-in-atomic');
  loop.disable();
  await vscode.commands.executeCommand('perfview.show');
  const times = await eventually('the row of the extension', () => rowOf(ID));
  const [load, call, finish] = times;
  writeFileSync(process.env.GFP_LENS_BENCH_RESULT!, JSON.stringify({ load, call, finish, longestPause: loop.max / 1e6 - RESOLUTION_MS }));
}

/** "Startup Performance" has a table: extension, eager, load code, call activate, finish activate, event, by; ms. */
function rowOf(id: string): readonly [number, number, number] | undefined {
  const page = vscode.workspace.textDocuments.find(({ uri }) => uri.scheme === 'perf');
  const row = page
    ?.getText()
    .split('\n')
    .find((line) => line.startsWith(`|${id}`) || line.startsWith(`| ${id}`));
  if (row === undefined) return undefined;
  const [load, call, finish] = row
    .split('|')
    .slice(3, 6)
    .map((cell) => Number(cell));
  return load === undefined || call === undefined || finish === undefined ? undefined : [load, call, finish];
}
