import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after } from 'node:test';
import { cacheHome } from '../support/cacheHome';

/** The built program, as users run it. */
export const DIST = join(__dirname, '..', '..', 'dist');

export interface CliResult {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CliOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly input?: string;
  /** Folder with cli.js; the real one by default. */
  readonly dist?: string;
  readonly uid?: number;
  /** No file may grow beyond so many blocks of the shell's `ulimit`, as on a disk that is full. */
  readonly fileBlocks?: number;
  /** Called once the process runs. */
  readonly started?: (child: ChildProcess) => void;
}

/** Runs `gfp-lens` to its end. The environment asks neither for colours nor against them. */
export function runCli(args: readonly string[], options: CliOptions = {}): Promise<CliResult> {
  return new Promise((resolve, reject) => {
    const { NO_COLOR: _, FORCE_COLOR: __, ...clean } = process.env;
    const program = [process.execPath, join(options.dist ?? DIST, 'cli.js'), ...args];
    const limited = options.fileBlocks === undefined ? [] : ['sh', '-c', `ulimit -f ${options.fileBlocks}; exec "$@"`, 'sh'];
    const [command, ...rest] = [...limited, ...program] as [string, ...string[]];
    const child = spawn(command, rest, {
      cwd: options.cwd ?? tmpdir(),
      env: { ...clean, XDG_CACHE_HOME: cacheHome(), ...options.env },
      ...(options.uid !== undefined && { uid: options.uid, gid: options.uid }),
    });
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
    });
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, stdout, stderr }));
    child.stdin.on('error', () => undefined);
    child.stdin.end(options.input ?? '');
    options.started?.(child);
  });
}

/** For `started`: sends a signal as soon as the program is seen to be in the middle of something. */
export function signalWhen(isReached: () => boolean, signal: NodeJS.Signals): (child: ChildProcess) => void {
  return (child) => {
    const timer = setInterval(() => {
      if (!isReached()) return;
      clearInterval(timer);
      child.kill(signal);
    }, 1);
    child.on('exit', () => clearInterval(timer));
  };
}

/** A folder that is removed after the tests of the file, filled with the given files. */
export function temporaryFolder(files: Readonly<Record<string, string | Uint8Array>> = {}): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'gfp-lens-cli-')));
  after(() => rmSync(folder, { recursive: true, force: true }));
  addFiles(folder, files);
  return folder;
}

export function addFiles(folder: string, files: Readonly<Record<string, string | Uint8Array>>): void {
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), content);
  }
}

/** One finding of rule zone-conflict, severity error, on line 5. */
export const BAD = `#include <linux/gfp.h>

static struct page *get(void)
{
	return alloc_pages(GFP_DMA | __GFP_HIGHMEM, 0);
}
`;

export const GOOD = BAD.replace('GFP_DMA | __GFP_HIGHMEM', 'GFP_KERNEL');

/** Code in which `--fix` has something to do. */
export const FIXABLE = `#include <linux/slab.h>

static void *get(void)
{
	return kmalloc(8, GFP_KERNEL || __GFP_NOWARN);
}
`;

/** Comment text that brings a run above the size that is analysed without threads. */
export const PADDING = `/*\n${' * nothing to see here, alloc or free\n'.repeat(70_000)} */\n`;

export const KERNEL_MAKEFILE = 'VERSION = 6\nPATCHLEVEL = 1\nSUBLEVEL = 7\nEXTRAVERSION =\n';
