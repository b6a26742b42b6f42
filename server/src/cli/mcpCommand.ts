import { statSync } from 'node:fs';
import { loadBundle } from './bundle';
import { checkedKernel, configText } from './context';
import { reasonOf, UserError } from './errors';
import type { serveAssistant } from './mcpServer';
import { realPath } from './paths';
import { rootOf } from './tree';

/** The flags of `mcp` as the user gave them. */
export interface McpOptions {
  readonly tree?: string;
  readonly kernel?: string;
  readonly config?: string;
}

/** `gfp-lens mcp`: serves an assistant over standard input and output until that ends. Throws {@link UserError} for wrong options. */
export async function startMcp({ tree, kernel, config }: McpOptions): Promise<void> {
  const root = realPath(tree ?? rootOf(undefined, [process.cwd()]) ?? '.');
  try {
    if (!statSync(root).isDirectory()) throw new UserError(`--tree ${tree}: is not a folder`);
  } catch (error) {
    throw error instanceof UserError ? error : new UserError(`--tree ${tree}: ${reasonOf(error)}`);
  }
  const server = loadBundle('mcp.js', 'the server for assistants') as { serveAssistant: typeof serveAssistant };
  await server.serveAssistant({
    root,
    kernel: kernel === undefined ? undefined : checkedKernel(kernel),
    config: config === undefined ? undefined : configText(config),
  });
}
