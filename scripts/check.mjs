#!/usr/bin/env node
// Everything that can be said about the sources without running them: types, lint and format, the folder table, fresh documentation.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const project = fileURLToPath(new URL('..', import.meta.url));
const node = process.execPath;

const steps = [
  { name: 'types', command: [node, 'node_modules/typescript/bin/tsc', '-p', '.'] },
  { name: 'types of the views', command: [node, 'node_modules/typescript/bin/tsc', '-p', 'client/webview'] },
  {
    name: 'lint and format',
    command: [node, 'node_modules/@biomejs/biome/bin/biome', 'ci', ...(process.stdout.isTTY ? [] : ['--colors=off']), '.'],
  },
  // Files, exports and packages that nothing uses: knip.json.
  { name: 'dead code', command: [node, 'node_modules/knip/bin/knip.js', '--no-progress'] },
  {
    name: 'layers',
    command: [node, '--import', 'tsx', '--test', '--test-reporter=spec', 'test/layers.test.ts'],
    needs: 'test/layers.test.ts',
  },
  { name: 'documentation', command: [node, 'scripts/docs.mjs', '--check'], needs: 'scripts/docs.mjs' },
];

const failed = [];
for (const { name, command, needs } of steps) {
  if (needs && !existsSync(`${project}/${needs}`)) {
    failed.push(`${name} (${needs} is missing)`);
    continue;
  }
  const [program, ...args] = command;
  const { status } = spawnSync(program, args, { cwd: project, stdio: 'inherit' });
  console.log(`${status === 0 ? 'ok    ' : 'FAILED'} ${name}`);
  if (status !== 0) failed.push(name);
}
if (failed.length > 0) {
  console.error(`check failed: ${failed.join(', ')}`);
  process.exitCode = 1;
}
