#!/usr/bin/env node
// Builds what is published: the VSIX (extension, server, worker; .vscodeignore names its files) and the npm package (command line,
// server, worker), put together in dist/package. Everything is bundled, so neither has dependencies.
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { createVSIX } from '@vscode/vsce';

const VSIX_LIMIT = 1024 * 1024;
const project = fileURLToPath(new URL('..', import.meta.url));
process.chdir(project);

const TEXTS = ['README.md', 'CHANGELOG.md', 'LICENSE'];
const manifest = JSON.parse(readFileSync('package.json', 'utf8'));

execFileSync(process.execPath, ['scripts/build.mjs'], { stdio: 'inherit' });
await packageExtension();
packageCommandLine();

async function packageExtension() {
  const vsix = path.join(project, `${manifest.name}-${manifest.version}.vsix`);
  await createVSIX({ cwd: project, packagePath: vsix, dependencies: false, allowMissingRepository: true, rewriteRelativeLinks: false });
  const { size } = statSync(vsix);
  report(vsix, size);
  if (size > VSIX_LIMIT) throw new Error(`the VSIX is larger than ${VSIX_LIMIT} bytes`);
}

function packageCommandLine() {
  const { name, description, version, license, keywords, bin } = manifest;
  const folder = stage(
    'npm',
    { name, description, version, license, keywords, engines: { node: manifest.engines.node }, bin, man: 'docs/gfp-lens.1' },
    [
      'dist/cli.js',
      'dist/server.js',
      'dist/worker.js',
      'dist/programs.js',
      'dist/maskWorker.js',
      'dist/mcp.js',
      'docs/gfp-lens.1',
      'docs/rules',
      'schemas',
      ...TEXTS,
    ],
  );
  const output = execFileSync('npm', ['pack', '--json', '--pack-destination', project], { cwd: folder, encoding: 'utf8' });
  const [tarball] = JSON.parse(output);
  report(path.join(project, tarball.filename), tarball.size);
}

/** @returns {string} a fresh folder with a manifest and copies of the files */
function stage(name, stagedManifest, files) {
  const folder = path.join(project, 'dist/package', name);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(folder, 'package.json'), `${JSON.stringify(stagedManifest, null, 2)}\n`);
  for (const file of files) {
    if (!existsSync(file)) throw new Error(`${file} is missing`);
    cpSync(file, path.join(folder, file), { recursive: true });
  }
  return folder;
}

function report(file, size) {
  console.log(`${path.relative(project, file)}  ${(size / 1024).toFixed(0)} KB`);
}
