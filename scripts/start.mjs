#!/usr/bin/env node
// Builds, and opens VS Code with the extension on sample/. Needs nothing installed beforehand but Node and npm.
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const project = fileURLToPath(new URL('..', import.meta.url));
const sample = path.join(project, 'sample');
const firstFile = path.join(sample, 'drivers/sample/context.c');
process.chdir(project);

if (dependenciesAreStale()) {
  console.log('installing the dependencies (npm ci)');
  execFileSync('npm', ['ci'], { stdio: 'inherit', shell: process.platform === 'win32' });
}
execFileSync(process.execPath, ['scripts/build.mjs', '--dev'], { stdio: 'inherit' });
if (!(await openInstalled())) await openEmbedded();

/** Whether node_modules is not what package-lock.json says. */
function dependenciesAreStale() {
  const installedFile = path.join(project, 'node_modules/.package-lock.json');
  if (!existsSync(installedFile)) return true;
  const wanted = JSON.parse(readFileSync(path.join(project, 'package-lock.json'), 'utf8')).packages;
  const installed = JSON.parse(readFileSync(installedFile, 'utf8')).packages;
  return Object.entries(wanted).some(
    ([place, { version, optional }]) => place !== '' && !optional && installed[place]?.version !== version,
  );
}

/** @returns {Promise<boolean>} whether an installed VS Code (or a fork with the same command line) took the sample */
async function openInstalled() {
  const { commandPath } = await import('./vscode-host/commandPath.mjs');
  const { hasDisplay } = await import('./vscode-host/find.mjs');
  if (!hasDisplay() && !process.env.WSL_DISTRO_NAME) return false;
  const executable = process.env.VSCODE_EXECUTABLE || ['code', 'codium', 'code-insiders'].map(commandPath).find(Boolean);
  if (!executable) return false;
  const args = ['--new-window', `--extensionDevelopmentPath=${project}`, sample, firstFile];
  const shell = process.platform === 'win32';
  const { status } = spawnSync(shell ? `"${executable}"` : executable, args, { stdio: 'inherit', shell });
  if (status === 0) console.log(`opened ${sample} in ${executable}`);
  else console.log(`${executable} did not start, taking the embedded VS Code`);
  return status === 0;
}

async function openEmbedded() {
  const { startServer, workbenchUrl } = await import('./vscode-host/server.mjs');
  const server = await startServer({
    say: console.log,
    settings: { 'workbench.startupEditor': 'none' },
    port: Number(process.env.PORT ?? 0),
  });
  console.log(
    `\nVS Code with GFP Lens is running. Open this address in a browser on this machine:\n\n  ${workbenchUrl(server, { folder: sample })}\n`,
  );
  console.log('Other users of this machine can open it too while it runs. Ctrl+C ends it.');
  const signal = new Promise((resolve) => {
    for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(name, () => resolve(name));
  });
  const ended = await Promise.race([signal, server.exited.then((code) => ({ code }))]);
  if (typeof ended === 'object') console.error(`VS Code ended with ${ended.code}:\n${server.log().slice(-2000)}`);
  await server.stop();
  process.exit(typeof ended === 'object' ? 1 : 0);
}
