import { setImmediate } from 'node:timers/promises';
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js';
import type { CallToolResult } from '@modelcontextprotocol/sdk/types.js';
import { z } from 'zod';
import { AssistError, type AssistTree } from '../assist/assistant';
import { checkSources } from '../assist/checkSources';
import { decodeMask } from '../assist/decodeMask';
import { explainFinding } from '../assist/explainFinding';
import { explainLog } from '../assist/explainLog';
import { CONTEXT_WORDS, formatRelease } from '../kernel/index';
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
  const path = z.string().min(1);
  server.registerTool(
    'decode_mask',
    {
      title: 'Decode a GFP mask',
      description:
        'What a gfp mask means to the page allocator of a kernel release: may it sleep, which zones and reserves, what happens on failure, each step with its source file.',
      inputSchema: {
        mask: z.string().min(1).max(4000).describe('GFP_KERNEL | __GFP_NOWARN, 0xcc0, or a log line that contains a mask'),
        kernel: z.string().optional().describe('release such as 6.1 or 6.12.3; default: that of the tree'),
        order: z.int().min(0).max(64).optional().describe('page order of the request'),
        size: z.int().min(0).optional().describe('bytes of a kmalloc()'),
        context: z.array(z.enum(CONTEXT_WORDS)).optional().describe('where the request is made'),
      },
      annotations: ANNOTATIONS,
    },
    (question) => answered(() => decodeMask(question, tree, inTree)),
  );
  server.registerTool(
    'explain_log',
    {
      title: 'Explain an allocation failure',
      description:
        'Why the allocations in a kernel log failed (page allocation failures, OOM reports, sleeping in atomic context), and what to change.',
      inputSchema: { log: z.string().min(1).max(4_000_000).describe('the text of the log, as dmesg, syslog or a mail has it') },
      annotations: ANNOTATIONS,
    },
    ({ log }) => answered(() => explainLog(log)),
  );
  server.registerTool(
    'check',
    {
      title: 'Check kernel C or a patch',
      description:
        'Mistakes of memory allocation in a file or folder of the tree, or only those that a patch brings in (a diff, a mail or a mailbox; it need not be applied). Each with its evidence and fixes.',
      inputSchema: {
        path: path.optional().describe('file or folder, relative to the tree'),
        patch: z.string().min(1).max(20_000_000).optional().describe('text of a patch against the tree'),
        possible: z.boolean().optional().describe('also what is likely but not proven'),
      },
      annotations: ANNOTATIONS,
    },
    (question, { signal }) =>
      answered(() =>
        checkSources(question, tree, async () => {
          await setImmediate();
          signal.throwIfAborted();
        }),
      ),
  );
  server.registerTool(
    'explain_finding',
    {
      title: 'Explain a finding',
      description:
        'Why there is a finding on a line: the code, the evidence, what holds there, and the manual page of the rule. With a rule alone: its page.',
      inputSchema: {
        file: path.optional().describe('relative to the tree'),
        line: z.int().min(1).optional(),
        rule: z.string().optional().describe('rule id such as sleep-in-atomic'),
      },
      annotations: ANNOTATIONS,
    },
    (question) => answered(() => explainFinding(question, tree)),
  );
}

/** A question without an answer is told as an error of the tool, which the assistant sees; anything else is a fault of the program. */
async function answered(work: () => string | Promise<string>): Promise<CallToolResult> {
  try {
    return { content: [{ type: 'text', text: await work() }] };
  } catch (error) {
    if (!(error instanceof AssistError)) throw error;
    return { isError: true, content: [{ type: 'text', text: error.message }] };
  }
}
