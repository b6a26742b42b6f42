import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { pathToFileURL } from 'node:url';
import { InMemoryTransport } from '@modelcontextprotocol/sdk/inMemory.js';
import type { JSONRPCMessage } from '@modelcontextprotocol/sdk/types.js';
import { createConnection, ProposedFeatures } from 'vscode-languageserver/node';
import {
  createProtocolConnection,
  type ProtocolConnection,
  StreamMessageReader,
  StreamMessageWriter,
} from 'vscode-languageserver-protocol/node';
import { assistantServer } from '../../../server/src/cli/mcpServer';
import { nodeFiles } from '../../../server/src/lsp/node/nodeFiles';
import { LanguageServer } from '../../../server/src/lsp/server';
import type { FuzzTarget } from '../target';

const HONEST =
  '#include <linux/slab.h>\nvoid f(struct ring *r)\n{\n\tspin_lock(&r->lock);\n\tr->p = kmalloc(8, GFP_KERNEL);\n\tspin_unlock(&r->lock);\n}\n';
/** So many inputs see the same server before a fresh one takes its place. */
const INPUTS_PER_SERVER = 100;

let folder: string | undefined;

function treeOfServers(): string {
  if (folder !== undefined) return folder;
  const root = mkdtempSync(join(tmpdir(), 'gfp-lens-fuzz-'));
  writeFileSync(join(root, 'Makefile'), 'VERSION = 6\nPATCHLEVEL = 1\nSUBLEVEL = 0\n');
  writeFileSync(join(root, 'a.c'), HONEST);
  process.once('exit', () => rmSync(root, { recursive: true, force: true }));
  folder = root;
  return root;
}

function messagesOf(input: Uint8Array): readonly Record<string, unknown>[] {
  return Buffer.from(input)
    .toString('utf8')
    .replaceAll('ROOT', pathToFileURL(treeOfServers()).toString())
    .split('\n')
    .slice(0, 50)
    .flatMap((line) => {
      try {
        const message: unknown = JSON.parse(line);
        return typeof message === 'object' && message !== null ? [message as Record<string, unknown>] : [];
      } catch {
        return [];
      }
    });
}

/** A language server in this process, with one honest client beside the one that sends anything. */
class EditorSession {
  private readonly toServer = new PassThrough();
  private readonly fromServer = new PassThrough();
  readonly client: ProtocolConnection;
  private version = 0;
  inputs = 0;

  constructor() {
    const server = createConnection(ProposedFeatures.all, this.toServer, this.fromServer);
    new LanguageServer(server, { files: nodeFiles(), pageUri: () => undefined, version: '0' }).listen();
    this.client = createProtocolConnection(new StreamMessageReader(this.fromServer), new StreamMessageWriter(this.toServer));
    this.client.onError(() => undefined);
    for (const method of ['client/registerCapability', 'workspace/diagnostic/refresh']) this.client.onRequest(method, () => null);
    this.client.listen();
  }

  async start(): Promise<void> {
    const capabilities = { textDocument: { diagnostic: {} } };
    const workspaceFolders = [{ uri: pathToFileURL(treeOfServers()).toString(), name: 'tree' }];
    await this.client.sendRequest('initialize', { processId: null, rootUri: null, workspaceFolders, capabilities });
    await this.client.sendNotification('initialized', {});
  }

  /** Any bytes that are a message; those that end a server are left to its life cycle's tests. */
  send(message: Record<string, unknown>): void {
    const ends = ['exit', 'shutdown', 'initialize'].includes(message.method as string);
    if (ends || typeof message.jsonrpc !== 'string') return;
    // Numbers are what the honest client gives its requests.
    const body = JSON.stringify(typeof message.id === 'number' ? { ...message, id: `number ${message.id}` } : message);
    this.toServer.write(`Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
  }

  /** The answer to a plain question, whatever was said before. */
  async honestAnswer(): Promise<number> {
    const uri = pathToFileURL(join(treeOfServers(), `honest${++this.version}.c`)).toString();
    await this.client.sendNotification('textDocument/didOpen', { textDocument: { uri, languageId: 'c', version: 1, text: HONEST } });
    const { items } = await this.client.sendRequest<{ items: readonly unknown[] }>('textDocument/diagnostic', { textDocument: { uri } });
    await this.client.sendNotification('textDocument/didClose', { textDocument: { uri } });
    return items.length;
  }

  dispose(): void {
    this.client.dispose();
  }
}

let session: EditorSession | undefined;

export const lsp: FuzzTarget = {
  name: 'lsp',
  sources: ['lsp/', 'ide/', 'protocol/'],
  json: true,
  words: [
    '"textDocument/didOpen"',
    '"textDocument/didChange"',
    '"textDocument/hover"',
    '"textDocument/codeAction"',
    '"textDocument/completion"',
    '"textDocument/diagnostic"',
    '"$/cancelRequest"',
    '"workspace/didChangeWatchedFiles"',
    '"workspace/didChangeConfiguration"',
    '"gfpLens/check"',
    '"gfpLens/decodeMask"',
    '"gfpLens/explainLog"',
    '"uri"',
    '"range"',
    '"position"',
    '"line"',
    '"character"',
    '"text"',
    '"version"',
    'null',
    '[]',
    '{}',
  ],
  async run(input) {
    if (session === undefined || ++session.inputs > INPUTS_PER_SERVER) {
      session?.dispose();
      session = new EditorSession();
      await session.start();
    }
    for (const message of messagesOf(input)) session.send(message);
    // Settings that switch everything off are as good as any other; they are taken back.
    session.send({ jsonrpc: '2.0', method: 'workspace/didChangeConfiguration', params: { settings: { gfpLens: {} } } });
    assert.equal(await session.honestAnswer(), 1, 'the honest client lost its finding');
  },
};

export const mcp: FuzzTarget = {
  name: 'mcp',
  sources: ['assist/', 'cli/mcp'],
  json: true,
  words: [
    '"tools/call"',
    '"tools/list"',
    '"decode_mask"',
    '"explain_log"',
    '"check"',
    '"explain_finding"',
    '"arguments"',
    '"name"',
    '"mask"',
    '"path"',
    '"patch"',
    '"file"',
    '"line"',
    '"rule"',
    '"../x.c"',
    '"a.c"',
    'null',
    '[]',
    '{}',
  ],
  async run(input) {
    const server = assistantServer({ root: treeOfServers(), kernel: undefined, config: undefined });
    const [client, end] = InMemoryTransport.createLinkedPair();
    const answers = new Map<unknown, JSONRPCMessage>();
    let arrived: () => void = () => undefined;
    client.onmessage = (message) => {
      if ('id' in message) answers.set(message.id, message);
      arrived();
    };
    await server.connect(end);
    await client.start();
    const ask = async (message: Record<string, unknown>): Promise<unknown> => {
      await client.send(message as unknown as JSONRPCMessage).catch(() => undefined);
      while (!answers.has(message.id)) await new Promise<void>((done) => (arrived = done));
      return (answers.get(message.id) as { result?: unknown }).result;
    };
    const clientInfo = { name: 'fuzz', version: '0' };
    await ask({
      jsonrpc: '2.0',
      id: 'start',
      method: 'initialize',
      params: { protocolVersion: '2025-06-18', capabilities: {}, clientInfo },
    });
    for (const message of messagesOf(input)) await client.send(message as unknown as JSONRPCMessage).catch(() => undefined);
    const call = { name: 'check', arguments: { path: 'a.c' } };
    const result = (await ask({ jsonrpc: '2.0', id: 'honest', method: 'tools/call', params: call })) as { content: { text: string }[] };
    assert.match(result.content[0]!.text, /sleep-in-atomic/);
    await server.close();
  },
};
