import { setImmediate } from 'node:timers/promises';
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js';
import type { CallToolResult } from '@modelcontextprotocol/sdk/types.js';
import { z } from 'zod';
import { answerTool } from '../assist/answerTool';
import { AssistError, type AssistTree } from '../assist/assistant';
import { ASSIST_TOOLS } from '../assist/tools';
import { formatRelease } from '../kernel/index';
import { type McpSetup, treeForAssistant } from './mcpTree';
import { TOOL } from './version';

/** The tools read one tree, give the same answer to the same question, and change nothing. */
const ANNOTATIONS = { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false } as const;

/** Serves an assistant over standard input and output. Throws `UserError` when the project file of the tree has mistakes. */
export async function serveAssistant(setup: McpSetup): Promise<void> {
  await assistantServer(setup).connect(new StdioServerTransport());
}

/** The server of {@link serveAssistant} before it is connected. */
export function assistantServer(setup: McpSetup): McpServer {
  const tree = treeForAssistant(setup);
  const release = formatRelease(tree.context.model.release);
  const instructions = `Facts about memory allocation in Linux kernel sources, from the tree ${setup.root} (Linux ${release}): what gfp masks mean, which allocations are wrong and why, why allocations failed. Findings are proven unless they say "possible". Paths are relative to that tree.`;
  const server = new McpServer(TOOL, { instructions });
  addTools(server, tree, tree.isKernel || setup.kernel !== undefined);
  return server;
}

function addTools(server: McpServer, tree: AssistTree, inTree: boolean): void {
  for (const { name, title, description, inputSchema } of ASSIST_TOOLS) {
    server.registerTool(
      name,
      {
        title,
        description,
        inputSchema: z.fromJSONSchema(inputSchema as Parameters<typeof z.fromJSONSchema>[0]),
        annotations: ANNOTATIONS,
      },
      (input, { signal }) => {
        const breathe = async (): Promise<void> => {
          await setImmediate();
          signal.throwIfAborted();
        };
        return answered(() => answerTool(name, input, { tree, inTree, breathe }));
      },
    );
  }
}

/** A question without an answer is told as an error of the tool, which the assistant sees; anything else is a fault of the program. */
async function answered(work: () => Promise<string>): Promise<CallToolResult> {
  try {
    return { content: [{ type: 'text', text: await work() }] };
  } catch (error) {
    if (!(error instanceof AssistError)) throw error;
    return { isError: true, content: [{ type: 'text', text: error.message }] };
  }
}
