// Starts the embedded VS Code (code-server) on the loopback interface with a throw-away profile, and ends it with all its workers.
import { spawn } from 'node:child_process';
import { closeSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { installCodeServer } from './codeServer.mjs';

const START_LIMIT_MS = 60_000;
const STOP_LIMIT_MS = 5_000;

/** Nothing that talks, asks or moves by itself. */
const QUIET_SETTINGS = {
  'telemetry.telemetryLevel': 'off',
  'chat.disableAIFeatures': true,
  'workbench.startupEditor': 'none',
  'workbench.enableExperiments': false,
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'extensions.autoUpdate': false,
  'extensions.autoCheckUpdates': false,
  'extensions.ignoreRecommendations': true,
  'update.mode': 'none',
  'git.enabled': false,
  'security.workspace.trust.startupPrompt': 'never',
  'security.workspace.trust.banner': 'never',
};

/**
 * @typedef {object} EmbeddedServer
 * @property {string} address `http://127.0.0.1:port`
 * @property {string} scratch a folder of this run, deleted by `stop`
 * @property {() => string} log what the server printed so far
 * @property {Promise<number | null>} exited
 * @property {() => Promise<void>} stop
 */

/**
 * @param {object} options
 * @param {(line: string) => void} options.say
 * @param {Record<string, unknown>} [options.settings] user settings besides the quiet ones
 * @param {(scratch: string) => Record<string, string>} [options.env]
 * @param {string} [options.extension] project folder of an extension that is there as if installed
 * @param {boolean} [options.trusted] false: windows open in Restricted Mode
 * @param {boolean} [options.testDriver] lets the address name an extension under development and its tests; without it both are ignored
 * @param {number} [options.port] 0: any free one
 * @returns {Promise<EmbeddedServer>}
 */
export async function startServer({ say, settings = {}, env = () => ({}), extension, testDriver = false, trusted = true, port = 0 }) {
  const { node, entry } = await installCodeServer(say);
  const chosenPort = await freePort(port);
  const scratch = mkdtempSync(path.join(tmpdir(), 'gfp-lens-vscode-'));
  const profile = writeProfile(scratch, settings, extension);
  const logFile = path.join(scratch, 'server.log');
  const logDescriptor = openSync(logFile, 'a');
  const child = spawn(
    node,
    [
      entry,
      ...profile,
      '--auth',
      'none',
      '--bind-addr',
      `127.0.0.1:${chosenPort}`,
      ...quietArguments,
      ...(trusted ? ['--disable-workspace-trust'] : []),
      ...(testDriver ? ['--vscode-option', 'enable-smoke-test-driver'] : []),
    ],
    {
      // Its own process group: the server forks workers, and ending the group ends exactly them.
      detached: true,
      stdio: ['ignore', logDescriptor, logDescriptor],
      env: { ...process.env, VSCODE_IPC_HOOK_CLI: '', NODE_OPTIONS: '', EXTENSIONS_GALLERY: '{}', ...env(scratch) },
    },
  );
  closeSync(logDescriptor);
  const exited = new Promise((resolve) => {
    child.once('exit', (code) => resolve(code));
    child.once('error', () => resolve(null));
  });
  const log = () => readFileSync(logFile, 'utf8');
  const stop = async () => {
    await endGroup(child, exited);
    rmSync(scratch, { recursive: true, force: true, maxRetries: 3 });
  };
  const address = `http://127.0.0.1:${chosenPort}`;
  try {
    await answering(address, exited);
  } catch (error) {
    const printed = log();
    await stop();
    throw new Error(`${error.message}\n${printed.slice(-2000)}`);
  }
  return { address, scratch, log, exited, stop };
}

const quietArguments = [
  '--disable-telemetry',
  '--disable-update-check',
  '--disable-getting-started-override',
  '--disable-proxy',
  '--ignore-last-opened',
  '--log',
  'error',
];

/**
 * The address that opens a folder, with an installed extension or with one under development and its tests.
 * @param {EmbeddedServer} server
 * @param {{ folder: string, file?: string, extension?: string, tests?: string, web?: boolean }} what paths; `folder` may be a workspace file; `extension` and `tests` need the test driver. `web`: the
 * extension runs in the page, with its `browser` entry
 */
export function workbenchUrl(server, { folder, file, extension, tests, web = false }) {
  const remote = (target) => `vscode-remote://${new URL(server.address).host}${path.resolve(target)}`;
  const payload = Object.entries({ openFile: file, extensionDevelopmentPath: extension, extensionTestsPath: tests })
    .filter(([, target]) => target !== undefined)
    .map(([name, target]) => [name, remote(target)]);
  if (web) payload.push(['extensionDevelopmentKind', 'web']);
  const opened = folder.endsWith('.code-workspace') ? 'workspace' : 'folder';
  const query = new URLSearchParams({
    [opened]: path.resolve(folder),
    ...(payload.length > 0 ? { payload: JSON.stringify(payload) } : {}),
  });
  return `${server.address}/?${query}`.replaceAll('%2F', '/');
}

function writeProfile(scratch, settings, extension) {
  const data = path.join(scratch, 'data');
  const extensions = path.join(scratch, 'extensions');
  const config = path.join(scratch, 'config.yaml');
  mkdirSync(path.join(data, 'User'), { recursive: true });
  mkdirSync(extensions);
  if (extension) symlinkSync(path.resolve(extension), path.join(extensions, path.basename(extension)), 'dir');
  writeFileSync(config, 'auth: none\n');
  writeFileSync(path.join(data, 'User/settings.json'), JSON.stringify({ ...QUIET_SETTINGS, ...settings }, null, 2));
  return ['--config', config, '--user-data-dir', data, '--extensions-dir', extensions];
}

function freePort(port) {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(port, '127.0.0.1', () => {
      const { port: found } = probe.address();
      probe.close(() => resolve(found));
    });
  });
}

async function answering(address, exited) {
  let code;
  exited.then((exitCode) => {
    code = exitCode ?? 'a start error';
  });
  const deadline = Date.now() + START_LIMIT_MS;
  while (Date.now() < deadline) {
    if (code !== undefined) throw new Error(`code-server ended with ${code}`);
    const answered = await fetch(`${address}/healthz`).then(
      (response) => response.ok,
      () => false,
    );
    if (answered) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`code-server did not answer within ${START_LIMIT_MS / 1000} s`);
}

async function endGroup(child, exited) {
  if (child.pid === undefined) return;
  signalGroup(child.pid, 'SIGTERM');
  const timer = setTimeout(() => signalGroup(child.pid, 'SIGKILL'), STOP_LIMIT_MS);
  await exited;
  clearTimeout(timer);
  // Workers that outlived their parent are still in the group.
  signalGroup(child.pid, 'SIGKILL');
}

function signalGroup(pid, signal) {
  try {
    process.kill(-pid, signal);
  } catch {
    // The whole group has ended already.
  }
}
