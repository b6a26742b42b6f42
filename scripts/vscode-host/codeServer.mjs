// Installs code-server: the real VS Code workbench and extension host as an npm package, together with the Node release it needs.
import { execFileSync } from 'node:child_process';
import { existsSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { cachedFolder } from './cache.mjs';

const CODE_SERVER = '4.139.1'; // carries VS Code 1.139.1
const NODE = '24.21.0'; // the major version code-server 4.139 is built for

const NPM_FLAGS = ['--ignore-scripts', '--omit=dev', '--no-audit', '--no-fund', '--loglevel=error'];

/** Extensions and tools of the workbench that a C extension's test never loads; 150 MB. */
const UNUSED = [
  'extensions/copilot',
  'extensions/mermaid-markdown-features',
  'extensions/microsoft-authentication',
  'node_modules/@github',
  'node_modules/@microsoft/mxc-sdk',
  'node_modules/@devcontainers',
];

/**
 * @typedef {object} CodeServer
 * @property {string} node the Node binary to run it with
 * @property {string} entry the package's folder, which is also its main module
 */

/**
 * @param {(line: string) => void} say progress for the user
 * @returns {Promise<CodeServer>}
 */
export async function installCodeServer(say) {
  const platform = `${process.platform}-${process.arch}`;
  if (platform !== 'linux-x64' && platform !== 'linux-arm64') {
    throw new Error(
      `the embedded VS Code runs on Linux only, this is ${platform}: install VS Code and name its executable in VSCODE_EXECUTABLE`,
    );
  }
  const nodePackage = `node-${platform}`;
  const stamp = `code-server@${CODE_SERVER} ${nodePackage}@${NODE} 1\n`;
  const folder = await cachedFolder('vscode-host', stamp, (target) => {
    say(`installing code-server ${CODE_SERVER} from npm (once, about a minute, 400 MB)`);
    install(target, nodePackage);
  });
  return locate(folder, nodePackage);
}

/** @returns {CodeServer} */
function locate(folder, nodePackage) {
  return { node: path.join(folder, 'node_modules', nodePackage, 'bin/node'), entry: path.join(folder, 'node_modules/code-server') };
}

function install(folder, nodePackage) {
  writeFileSync(path.join(folder, 'package.json'), '{"private":true}');
  npm(folder, ['install', ...NPM_FLAGS, `code-server@${CODE_SERVER}`, `${nodePackage}@${NODE}`]);
  const { node, entry } = locate(folder, nodePackage);
  const workbench = path.join(entry, 'lib/vscode');
  // The package's own install script would fetch the workbench's dependencies with scripts on and compile modules nobody needs here.
  npm(workbench, ['install', ...NPM_FLAGS]);
  buildLogger(workbench, path.resolve(node, '../..'));
  for (const unused of UNUSED) rmSync(path.join(workbench, unused), { recursive: true, force: true });
  const scratch = path.join(folder, 'first-start');
  const version = execFileSync(node, [entry, '--version'], {
    encoding: 'utf8',
    env: { ...process.env, NODE_OPTIONS: '', HOME: scratch, XDG_CONFIG_HOME: scratch, XDG_DATA_HOME: scratch },
  });
  rmSync(scratch, { recursive: true, force: true });
  if (!version.includes(CODE_SERVER)) throw new Error(`code-server does not start: ${version}`);
}

/** The Output panel reads log files that a native module writes; without a compiler everything but that panel works. */
function buildLogger(workbench, nodeFolder) {
  const env = {
    ...process.env,
    PATH: `${path.join(nodeFolder, 'bin')}${path.delimiter}${process.env.PATH}`,
    npm_config_nodedir: nodeFolder,
  };
  try {
    execFileSync('npm', ['rebuild', '@vscode/spdlog', '@vscode/native-watchdog', '--loglevel=error'], {
      cwd: workbench,
      env,
      stdio: 'ignore',
    });
  } catch {
    console.error('note: no C++ compiler, so the Output panel of the embedded VS Code stays empty');
  }
  for (const name of ['spdlog', 'native-watchdog']) {
    const objects = path.join(workbench, `node_modules/@vscode/${name}/build/Release/obj.target`);
    if (existsSync(objects)) rmSync(objects, { recursive: true });
  }
}

function npm(cwd, args) {
  // A running `npm test` hands its own configuration down in the environment; the installation must not inherit it.
  const env = Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^npm_(config_(?!registry|cache|userconfig)|package|lifecycle|command)/i.test(name)),
  );
  execFileSync('npm', args, { cwd, env, stdio: ['ignore', 2, 2] });
}
