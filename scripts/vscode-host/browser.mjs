// Finds or unpacks a Chromium for the embedded VS Code and starts it without a desktop.
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { chromium as playwright } from 'playwright-core';
import { cachedFolder } from './cache.mjs';
import { commandPath } from './commandPath.mjs';

const INSTALLED = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

/** Quiet, offline, and able to run as root in a container. */
const ARGUMENTS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-dev-shm-usage',
];

/**
 * @typedef {object} Browser
 * @property {string} executable
 * @property {Record<string, string>} env what it needs besides our environment
 */

/**
 * Order: the path in CHROMIUM, an installed Chromium or Chrome, the binary inside the npm package `@sparticuz/chromium`.
 * @returns {Promise<Browser>}
 */
export async function findBrowser() {
  const given = process.env.CHROMIUM;
  if (given) {
    if (!existsSync(given)) throw new Error(`CHROMIUM names ${given}, which does not exist`);
    return { executable: given, env: {} };
  }
  const installed = INSTALLED.map(commandPath).find((executable) => executable !== undefined);
  return installed ? { executable: installed, env: {} } : unpackedBrowser();
}

/** The npm package carries Chromium compressed, and for systems without them the NSS libraries and fonts it needs. */
async function unpackedBrowser() {
  const packageFile = path.join(path.dirname(createRequire(import.meta.url).resolve('@sparticuz/chromium')), '../../package.json');
  const { version } = JSON.parse(readFileSync(packageFile, 'utf8'));
  const folder = await cachedFolder('chromium', `@sparticuz/chromium@${version} 1\n`, (target) => {
    // The package unpacks into the temporary folder, and its libraries only where it believes to run in that cloud.
    const env = { ...process.env, TMPDIR: target, AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs20.x' };
    const script = "import('@sparticuz/chromium').then((m) => m.default.executablePath())";
    execFileSync(process.execPath, ['-e', script], { cwd: path.dirname(packageFile), env, stdio: ['ignore', 2, 2] });
  });
  const executable = path.join(folder, 'chromium');
  const env = {};
  if (!existsSync('/etc/fonts')) env.FONTCONFIG_PATH = path.join(folder, 'fonts');
  if (!starts(executable, env)) {
    env.LD_LIBRARY_PATH = [path.join(folder, 'al2023/lib'), process.env.LD_LIBRARY_PATH].filter(Boolean).join(':');
    if (!starts(executable, env))
      throw new Error(`${executable} does not start: install Chromium or name one in the environment variable CHROMIUM`);
  }
  return { executable, env };
}

function starts(executable, env) {
  return spawnSync(executable, ['--version'], { env: { ...process.env, ...env }, stdio: 'ignore' }).status === 0;
}

/**
 * A page of a fresh, headless browser that can reach nothing but this machine. Closing the page's browser ends it.
 * @param {{ width?: number, height?: number }} [viewport]
 */
export async function openPage({ width = 1280, height = 800 } = {}) {
  const { executable, env } = await findBrowser();
  const browser = await playwright.launch({ executablePath: executable, headless: true, args: ARGUMENTS, env: { ...process.env, ...env } });
  const context = await browser.newContext({ viewport: { width, height } });
  await context.route(
    (url) => /^https?:/.test(url.protocol) && !['127.0.0.1', 'localhost'].includes(url.hostname),
    (route) => route.abort(),
  );
  return { browser, page: await context.newPage() };
}
