#!/usr/bin/env node
// Builds what is published: the VSIX (extension, server, worker; .vscodeignore names its files), the npm package (command line, server, worker), and a bill
// of materials. Everything is bundled, so neither has dependencies. Both are made twice and have to be the same byte for byte, and are installed in a
// clean place and run (`--no-try` leaves that out).
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { createVSIX } from '@vscode/vsce';
import { compact } from './package/compact.mjs';
import { noticesOf } from './package/notices.mjs';
import { sbomOf } from './package/sbom.mjs';
import { shippedPackages } from './package/shipped.mjs';
import { tryCommandLine, tryExtension } from './package/tryOut.mjs';

const VSIX_LIMIT = 1024 * 1024;
const NOTICES = 'dist/THIRD-PARTY-NOTICES.txt';
const project = fileURLToPath(new URL('..', import.meta.url));
process.chdir(project);
// The time of each file in the VSIX; another one would be another file.
process.env.SOURCE_DATE_EPOCH ??= '315532800';

const TEXTS = ['README.md', 'CHANGELOG.md', 'LICENSE', NOTICES];
const manifest = JSON.parse(readFileSync('package.json', 'utf8'));
const vsix = path.join(project, `${manifest.name}-${manifest.version}.vsix`);

const first = await buildAll();
const tarball = first.tarball;
const before = [vsix, tarball].map((file) => readFileSync(file));
await buildAll();
for (const [index, file] of [vsix, tarball].entries()) {
  if (!readFileSync(file).equals(before[index])) throw new Error(`${path.basename(file)} is another file when it is built again`);
}
const sbom = path.join(project, `${manifest.name}-${manifest.version}.cdx.json`);
writeFileSync(sbom, sbomOf(manifest, first.shipped));

for (const file of [vsix, tarball, sbom]) report(file);
if (statSync(vsix).size > VSIX_LIMIT) throw new Error(`the VSIX is larger than ${VSIX_LIMIT} bytes`);
console.log(`${first.shipped.length} packages bundled, all licences compatible; VSIX and npm package are the same when built again`);
if (!process.argv.includes('--no-try')) {
  await tryCommandLine(tarball, manifest.version);
  await tryExtension(vsix, manifest.version);
  console.log('both were installed in a clean folder and run');
}

async function buildAll() {
  rmSync('dist', { recursive: true, force: true });
  execFileSync(process.execPath, ['scripts/build.mjs'], { stdio: 'inherit' });
  await compact('dist');
  const shipped = shippedPackages(project);
  writeFileSync(NOTICES, noticesOf(shipped));
  await createVSIX({ cwd: project, packagePath: vsix, dependencies: false, allowMissingRepository: true, rewriteRelativeLinks: false });
  return { shipped, tarball: packageCommandLine() };
}

/** @returns {string} the tarball */
function packageCommandLine() {
  const { name, description, version, license, keywords, bin } = manifest;
  const folder = stage(
    'npm',
    { name, description, version, license, keywords, engines: { node: manifest.engines.node }, bin, man: ['docs/gfp-lens.1'] },
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
  return path.join(project, JSON.parse(output)[0].filename);
}

/** @returns {string} a fresh folder with a manifest and copies of the files */
function stage(name, stagedManifest, files) {
  const folder = path.join(project, 'dist/package', name);
  mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(folder, 'package.json'), `${JSON.stringify(stagedManifest, null, 2)}\n`);
  for (const file of files) {
    if (!existsSync(file)) throw new Error(`${file} is missing`);
    cpSync(file, path.join(folder, file), { recursive: true });
  }
  return folder;
}

function report(file) {
  console.log(`${path.relative(project, file)}  ${(statSync(file).size / 1024).toFixed(0)} KB`);
}
