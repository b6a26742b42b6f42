import { CommanderError } from 'commander';
import { check } from './check';
import type { CheckOptions } from './checkOptions';
import { printCompletion } from './completionCommand';
import { UserError } from './errors';
import { explainLog, type LogOptions } from './logCommand';
import { startServer } from './lspCommand';
import { explain, type MaskOptions } from './maskCommand';
import { type McpOptions, startMcp } from './mcpCommand';
import { complain, EXIT, Output } from './output';
import { makeProgram } from './program';
import { printRules } from './rulesCommand';

const output = new Output(process.stdout);

/** Each command sets the exit code and leaves the process to end by itself, so that all output gets out. */
const program = makeProgram({
  check: async (paths: string[], options: CheckOptions) => finish(await check(paths, options, output)),
  mask: async (words: string[], options: MaskOptions) => finish(await explain(words, options, output)),
  log: async (path: string, options: LogOptions) => finish(await explainLog(path, options, output)),
  rules: async (id: string | undefined) => finish(await printRules(id, output)),
  lsp: () => startServer(),
  mcp: (_: undefined, options: McpOptions) => startMcp(options),
  completion: async (shell: string) => finish(await printCompletion(shell, output)),
});

function finish(code: number): void {
  process.exitCode = output.isBroken ? EXIT.failure : code;
}

program.parseAsync().catch((error: unknown) => {
  // Help and version end with an "error" of code 0; commander has said what was wrong with the arguments.
  if (error instanceof CommanderError) finish(error.exitCode === 0 ? EXIT.ok : EXIT.failure);
  else {
    complain(error instanceof UserError ? error.message : `internal error: ${error instanceof Error ? error.message : String(error)}`);
    finish(EXIT.failure);
  }
});
