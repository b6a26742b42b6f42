import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import {
  type ClientCapabilities,
  createProtocolConnection,
  type Diagnostic,
  type InitializeResult,
  type Position,
  type ProtocolConnection,
  type PublishDiagnosticsParams,
  type Range,
  StreamMessageReader,
  StreamMessageWriter,
  type TextEdit,
} from 'vscode-languageserver-protocol/node';
import { cacheHome } from '../support/cacheHome';

const TIMEOUT = 20_000;
const repository = resolve(__dirname, '../..');
let bundle: Promise<string> | undefined;

/** The server as it is shipped: one CommonJS file and the one of its threads, built once per test process. */
export function serverBundle(): Promise<string> {
  bundle ??= buildServer();
  return bundle;
}

async function buildServer(): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'gfp-lens-server-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  const outdir = join(folder, 'dist');
  await build({
    absWorkingDir: repository,
    entryPoints: { server: 'server/src/lsp/node/main.ts', worker: 'server/src/cli/worker.ts' },
    outdir,
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    logLevel: 'error',
  });
  return join(outdir, 'server.js');
}

/** A folder that looks like a kernel tree to the server; removed by `dispose`. */
export class KernelLikeTree {
  readonly root = mkdtempSync(join(tmpdir(), 'gfp-lens-tree-'));

  constructor(release = { version: 6, patchlevel: 1, sublevel: 192 }) {
    this.write('Makefile', makefile(release.version, release.patchlevel, release.sublevel));
  }

  write(path: string, text: string | Uint8Array): string {
    const absolute = join(this.root, path);
    mkdirSync(dirname(absolute), { recursive: true });
    writeFileSync(absolute, text);
    return pathToFileURL(absolute).toString();
  }

  uri(path: string): string {
    return pathToFileURL(join(this.root, path)).toString();
  }

  dispose(): void {
    rmSync(this.root, { recursive: true, force: true });
  }
}

export function makefile(version: number, patchlevel: number, sublevel: number): string {
  return `# SPDX-License-Identifier: GPL-2.0\nVERSION = ${version}\nPATCHLEVEL = ${patchlevel}\nSUBLEVEL = ${sublevel}\nEXTRAVERSION =\nNAME = Test\n`;
}

export interface StatusParams {
  readonly uri?: string;
  readonly model: string;
}

export interface ClientOptions {
  readonly capabilities?: ClientCapabilities;
  readonly initializationOptions?: unknown;
  readonly root?: string | undefined;
  /** The user's cache folder. */
  readonly cacheHome?: string;
  /** Of the server's process. */
  readonly env?: Readonly<Record<string, string>>;
  /** Of the server's process, besides `--stdio`. */
  readonly args?: readonly string[];
  /** Answers `workspace/configuration`, per item. */
  readonly configuration?: (item: { section?: string; scopeUri?: string }) => unknown;
}

interface Registration {
  readonly method: string;
  readonly registerOptions?: { readonly watchers?: readonly { readonly globPattern: string }[] };
}

/** A language client over stdio to a server process of its own. */
export class Client {
  readonly published: PublishDiagnosticsParams[] = [];
  readonly log: string[] = [];
  readonly statuses: StatusParams[] = [];
  readonly indexStates: { readonly state: string; readonly message: string }[] = [];
  readonly registrations: string[] = [];
  private readonly watchers: string[] = [];
  refreshes = 0;
  private readonly waiting = new Set<() => void>();

  private constructor(
    readonly process: ChildProcess,
    readonly connection: ProtocolConnection,
    readonly initialized: InitializeResult,
  ) {}

  static async start(options: ClientOptions = {}): Promise<Client> {
    const env = { ...process.env, XDG_CACHE_HOME: options.cacheHome ?? cacheHome(), ...options.env };
    const child = spawn(process.execPath, [await serverBundle(), '--stdio', ...(options.args ?? [])], {
      stdio: ['pipe', 'pipe', 'pipe'],
      env,
    });
    const connection = createProtocolConnection(new StreamMessageReader(child.stdout!), new StreamMessageWriter(child.stdin!));
    const seen: ((client: Client) => void)[] = [];
    const holder: { client: Client | undefined } = { client: undefined };
    const note = (record: (client: Client) => void): void => {
      if (holder.client === undefined) seen.push(record);
      else {
        record(holder.client);
        holder.client.wake();
      }
    };
    child.stderr!.on('data', (data: Buffer) => note((client) => client.log.push(data.toString())));
    connection.onNotification('textDocument/publishDiagnostics', (params: PublishDiagnosticsParams) =>
      note((client) => client.published.push(params)),
    );
    connection.onNotification('window/logMessage', (params: { message: string }) => note((client) => client.log.push(params.message)));
    connection.onNotification('gfpLens/status', (params: StatusParams) => note((client) => client.statuses.push(params)));
    connection.onNotification('gfpLens/indexState', (params: { state: string; message: string }) =>
      note((client) => client.indexStates.push(params)),
    );
    connection.onRequest('workspace/configuration', (params: { items: { section?: string; scopeUri?: string }[] }) =>
      params.items.map((item) => options.configuration?.(item) ?? null),
    );
    connection.onRequest('client/registerCapability', ({ registrations }: { registrations: Registration[] }) => {
      note((client) => {
        client.registrations.push(...registrations.map((one) => one.method));
        for (const one of registrations)
          client.watchers.push(...(one.registerOptions?.watchers ?? []).map((watcher) => watcher.globPattern));
      });
      return null;
    });
    connection.onRequest('workspace/diagnostic/refresh', () => {
      note((client) => client.refreshes++);
      return null;
    });
    connection.onError(() => undefined);
    connection.listen();
    const result = await connection.sendRequest<InitializeResult>('initialize', {
      processId: process.pid,
      rootUri: null,
      workspaceFolders: options.root === undefined ? null : [{ uri: pathToFileURL(options.root).toString(), name: 'tree' }],
      capabilities: options.capabilities ?? {},
      initializationOptions: options.initializationOptions,
    });
    const client = new Client(child, connection, result);
    holder.client = client;
    for (const record of seen) record(client);
    await connection.sendNotification('initialized', {});
    return client;
  }

  /** Whether the server asked to be told of changes of a file (relative to the tree). */
  watches(path: string): boolean {
    return this.watchers.some((glob) => patternOf(glob).test(path));
  }

  /** Resolves when the condition holds; fails with what was seen when it never does. */
  async until<T>(what: string, condition: () => T | undefined): Promise<T> {
    const deadline = Date.now() + TIMEOUT;
    for (;;) {
      const value = condition();
      if (value !== undefined) return value;
      const left = deadline - Date.now();
      if (left <= 0) throw new Error(`waited for ${what}; published ${JSON.stringify(this.published)}; log ${this.log.join('\n')}`);
      await new Promise<void>((done) => {
        const timer = setTimeout(finish, left);
        const { waiting } = this;
        waiting.add(finish);
        function finish(): void {
          clearTimeout(timer);
          waiting.delete(finish);
          done();
        }
      });
    }
  }

  open(uri: string, text: string, version = 1, languageId = 'c'): Promise<void> {
    return this.connection.sendNotification('textDocument/didOpen', { textDocument: { uri, languageId, version, text } });
  }

  change(uri: string, version: number, contentChanges: { range?: Range; text: string }[]): Promise<void> {
    return this.connection.sendNotification('textDocument/didChange', { textDocument: { uri, version }, contentChanges });
  }

  close(uri: string): Promise<void> {
    return this.connection.sendNotification('textDocument/didClose', { textDocument: { uri } });
  }

  /** The push for a version of a document. */
  async pushed(uri: string, version: number): Promise<Diagnostic[]> {
    const params = await this.until(`push of version ${version}`, () =>
      this.published.findLast((one) => one.uri === uri && one.version === version),
    );
    return params.diagnostics;
  }

  async pull(uri: string, previousResultId?: string): Promise<{ kind: string; resultId?: string; items: Diagnostic[] }> {
    return this.connection.sendRequest('textDocument/diagnostic', { textDocument: { uri }, ...(previousResultId && { previousResultId }) });
  }

  /** Ends the server as the protocol says; gives its exit code. */
  async stop(): Promise<number | null> {
    await this.connection.sendRequest('shutdown');
    const exit = once(this.process, 'exit');
    await this.connection.sendNotification('exit');
    const [code] = (await exit) as [number | null];
    this.connection.dispose();
    return code;
  }

  private wake(): void {
    for (const finish of [...this.waiting]) finish();
  }
}

/** The globs of the protocol, as far as the server uses them. */
function patternOf(glob: string): RegExp {
  const parts: Readonly<Record<string, string>> = {
    '**/': '(?:.*/)?',
    '*': '[^/]*',
    '?': '[^/]',
    '{': '(?:',
    '}': ')',
    ',': '|',
    '.': '\\.',
  };
  return new RegExp(`^${glob.replace(/\*\*\/|[*?{},.]/g, (part) => parts[part]!)}$`);
}

/** Capabilities of a client like VS Code. */
export const PULL: ClientCapabilities = {
  general: { positionEncodings: ['utf-16'] },
  textDocument: {
    diagnostic: { dynamicRegistration: true, relatedInformation: true, codeDescriptionSupport: true, tagSupport: { valueSet: [1, 2] } },
    hover: { contentFormat: ['markdown', 'plaintext'] },
    codeAction: { codeActionLiteralSupport: { codeActionKind: { valueSet: ['quickfix', 'source'] } } },
  },
  workspace: { diagnostics: { refreshSupport: true }, workspaceEdit: { documentChanges: true, changeAnnotationSupport: {} } },
};

/** Capabilities of a client that only takes what it is sent. */
export const PUSH: ClientCapabilities = {
  textDocument: {
    publishDiagnostics: { relatedInformation: true, versionSupport: true, codeDescriptionSupport: true, tagSupport: { valueSet: [1, 2] } },
    hover: { contentFormat: ['markdown', 'plaintext'] },
    codeAction: { codeActionLiteralSupport: { codeActionKind: { valueSet: ['quickfix', 'source'] } } },
  },
  workspace: { workspaceEdit: { documentChanges: true } },
};

/** Position of the first character of `needle` (UTF-16), `into` characters further. */
export function at(text: string, needle: string, into = 0): Position {
  const offset = text.indexOf(needle);
  if (offset < 0) throw new Error(`no ${needle} in the text`);
  const before = text.slice(0, offset + into).split('\n');
  return { line: before.length - 1, character: before.at(-1)!.length };
}

/** A text after edits, as a client applies them. */
export function applied(text: string, edits: readonly TextEdit[]): string {
  const offsetOf = (position: Position): number => {
    const lines = text.split('\n');
    return lines.slice(0, position.line).reduce((sum, line) => sum + line.length + 1, 0) + position.character;
  };
  const sorted = [...edits].sort((a, b) => offsetOf(b.range.start) - offsetOf(a.range.start));
  return sorted.reduce(
    (result, edit) => result.slice(0, offsetOf(edit.range.start)) + edit.newText + result.slice(offsetOf(edit.range.end)),
    text,
  );
}
