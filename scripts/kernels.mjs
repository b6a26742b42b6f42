#!/usr/bin/env node
// Makes sure that the kernel sources which test/kernel and the bench read are there: $GFP_KERNELS/linux-source-X, unpacked from
// Debian's packages, never inside the project.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

const RELEASES = ['6.1', '6.12'];

export const kernelsFolder = process.env.GFP_KERNELS || path.join(homedir(), '.cache/kernels');

/** Unpacks what is missing; throws with a line for the user when that is impossible here. */
export function ensureKernels() {
  for (const release of RELEASES) ensureKernel(`linux-source-${release}`);
}

function ensureKernel(name) {
  const tree = path.join(kernelsFolder, name);
  if (existsSync(path.join(tree, 'Makefile'))) return;
  const archive = `/usr/src/${name}.tar.xz`;
  if (!existsSync(archive)) installPackage(name);
  if (!existsSync(archive)) throw new Error(`the package ${name} did not bring ${archive}`);
  console.error(`unpacking ${archive} into ${kernelsFolder}`);
  mkdirSync(kernelsFolder, { recursive: true });
  const unfinished = mkdtempSync(path.join(kernelsFolder, '.unpacking-'));
  try {
    execFileSync('tar', ['-xJf', archive, '-C', unfinished], { stdio: 'inherit' });
    renameSync(path.join(unfinished, name), tree);
  } finally {
    rmSync(unfinished, { recursive: true, force: true });
  }
}

function installPackage(name) {
  if (process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) {
    throw new Error(
      `${name} is missing: install Debian's package ${name} (and xz-utils), or unpack a kernel tree to ${path.join(kernelsFolder, name)}`,
    );
  }
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  execFileSync('apt-get', ['update', '-q'], { env, stdio: 'inherit' });
  execFileSync('apt-get', ['install', '-qy', '--no-install-recommends', name, 'xz-utils'], { env, stdio: 'inherit' });
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  ensureKernels();
  console.log(kernelsFolder);
}
