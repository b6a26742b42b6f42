// Installs what was packaged in a clean place, as its users do, and runs it.
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import path from 'node:path';

const SOURCE =
  '#include <linux/slab.h>\nvoid f(struct ring *r)\n{\n\tspin_lock(&r->lock);\n\tr->p = kmalloc(8, GFP_KERNEL);\n\tspin_unlock(&r->lock);\n}\n';
const WAIT_MS = 30_000;

/** Installs the tarball with npm as the README says, without the network, and runs each command. Throws when one does not do what it should. */
export async function tryCommandLine(tarball, version) {
  await inCleanFolder(async (folder) => {
    execFileSync('npm', ['install', '--global', '--prefix', folder, '--offline', '--no-audit', '--no-fund', '--loglevel=error', tarball], {
      cwd: folder,
      stdio: 'inherit',
    });
    expect(existsSync(path.join(folder, 'share', 'man', 'man1', 'gfp-lens.1')), 'the manual page was not installed');
    await tryPrograms(path.join(folder, 'bin', 'gfp-lens'), [], folder, version);
  });
}

/** Unpacks the extension, runs what it brings along, and installs it in an embedded VS Code where one is kept. */
export async function tryExtension(vsix, version) {
  await inCleanFolder(async (folder) => {
    execFileSync(process.execPath, ['-e', UNZIP, vsix, folder], { stdio: 'inherit' });
    const dist = path.join(folder, 'extension', 'dist');
    for (const part of partsOf(dist)) expect(existsSync(part), `${part} is not in the VSIX`);
    const cli = path.join(dist, 'cli.js');
    await tryPrograms(process.execPath, [cli], folder, version);
    await tryServer(process.execPath, [path.join(dist, 'server.js'), '--stdio']);
    tryWorkbench(vsix, folder, version);
  });
}

/** The files beside them that the programs of a folder load when they need them. */
function partsOf(folder) {
  const programs = readdirSync(folder).filter((name) => name.endsWith('.js'));
  return programs.flatMap((name) =>
    [...readFileSync(path.join(folder, name), 'utf8').matchAll(/require\("\.\/([\w.]+)"\)/g)].map(([, part]) =>
      path.join(folder, path.extname(part) === '' ? `${part}.js` : part),
    ),
  );
}

/** Run with the project's yauzl, which vsce brings. */
const UNZIP = `
const [vsix, folder] = process.argv.slice(1);
const { createWriteStream, mkdirSync } = require('node:fs');
const path = require('node:path');
require('yauzl').open(vsix, { lazyEntries: true }, (error, zip) => {
  if (error) throw error;
  zip.on('entry', (entry) => {
    const target = path.join(folder, entry.fileName);
    mkdirSync(path.dirname(target), { recursive: true });
    if (entry.fileName.endsWith('/')) return zip.readEntry();
    zip.openReadStream(entry, (failure, stream) => {
      if (failure) throw failure;
      stream.pipe(createWriteStream(target)).on('close', () => zip.readEntry());
    });
  });
  zip.readEntry();
});`;

async function tryPrograms(command, before, folder, version) {
  const run = (...args) => spawnSync(command, [...before, ...args], { cwd: folder, encoding: 'utf8' });
  writeFileSync(path.join(folder, 'a.c'), SOURCE);
  expect(run('--version').stdout.trim() === version, `--version does not say ${version}`);
  const check = run('check', 'a.c');
  expect(check.status === 1 && check.stdout.includes('[sleep-in-atomic]'), `check found nothing: ${check.stdout}${check.stderr}`);
  expect(run('mask', '0xcc0', '--kernel', '6.1').stdout.includes('GFP_KERNEL'), 'mask does not decode 0xcc0');
  expect(run('rules', 'costly-order').status === 0, 'rules prints no page');
  await tryServer(command, [...before, 'lsp', '--stdio']);
}

/** Begins a session as an editor does. */
function tryServer(command, args) {
  const body = JSON.stringify({
    jsonrpc: '2.0',
    id: 1,
    method: 'initialize',
    params: { processId: null, rootUri: null, capabilities: {} },
  });
  const server = spawn(command, args, { stdio: ['pipe', 'pipe', 'inherit'] });
  server.stdin.write(`Content-Length: ${body.length}\r\n\r\n${body}`);
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error('the language server does not answer')), WAIT_MS);
    let answer = '';
    server.stdout.on('data', (data) => {
      answer += data;
      if (!answer.includes('"hoverProvider"')) return;
      clearTimeout(timer);
      server.kill();
      resolve();
    });
    server.on('error', reject);
  });
}

/** The workbench of the tests, if it was fetched: it says whether it takes the file. */
function tryWorkbench(vsix, folder, version) {
  const modules = path.join(process.env.XDG_CACHE_HOME ?? path.join(homedir(), '.cache'), 'gfp-lens', 'vscode-host', 'node_modules');
  const [node, entry] = [path.join(modules, `node-${process.platform}-${process.arch}`, 'bin', 'node'), path.join(modules, 'code-server')];
  const places = ['extensions', 'data'].map((name) => path.join(folder, name));
  for (const place of places) mkdirSync(place);
  const common = [entry, '--extensions-dir', places[0], '--user-data-dir', places[1]];
  const run = (...args) => spawnSync(node, [...common, ...args], { encoding: 'utf8' });
  const installed = run('--install-extension', vsix);
  if (installed.error?.code === 'ENOENT') {
    console.log('no embedded VS Code is kept: the installation in a workbench was not tried (npm test fetches one)');
    return;
  }
  const list = run('--list-extensions', '--show-versions').stdout;
  expect(list.includes(`gfp-lens.gfp-lens@${version}`), `VS Code does not take the VSIX: ${installed.stdout}${installed.stderr}${list}`);
}

function expect(condition, message) {
  if (!condition) throw new Error(message);
}

async function inCleanFolder(work) {
  const folder = mkdtempSync(path.join(tmpdir(), 'gfp-lens-package-'));
  try {
    await work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
