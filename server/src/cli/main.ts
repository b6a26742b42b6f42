import { Command, CommanderError, Option } from 'commander';
import { CONTEXT_WORDS } from '../kernel/index';
import { check } from './check';
import { type CheckOptions, defaultJobs, FORMATS, parseJobs, parseRules, SEVERITIES } from './checkOptions';
import { UserError } from './errors';
import { explainLog, type LogOptions } from './logCommand';
import { startServer } from './lspCommand';
import { explain, type MaskOptions } from './maskCommand';
import { parseContext, parseCount } from './maskOptions';
import { complain, EXIT, Output } from './output';
import { printRules } from './rulesCommand';
import { TOOL } from './version';

const output = new Output(process.stdout);

/** The commands; each sets the exit code and leaves the process to end by itself, so that all output gets out. */
function makeProgram(): Command {
  const program = new Command('gfp-lens')
    .description('Reads Linux kernel C, follows every GFP mask, and says what is wrong with it and why.')
    .version(TOOL.version)
    .exitOverride()
    .configureOutput({ outputError: (text, write) => write(text.replace(/^error: /, 'gfp-lens: ')) })
    .showHelpAfterError(false);
  addCheck(program);
  addMask(program);
  addLog(program);
  program
    .command('rules')
    .description('list the rules, or print the page of one')
    .argument('[ID]', 'rule id')
    .action(async (id: string | undefined) => finish(await printRules(id, output)));
  program
    .command('lsp')
    .description('run the language server')
    .option('--stdio', 'talk over standard input and output (the default)')
    .allowUnknownOption()
    .allowExcessArguments()
    .action(() => startServer());
  return program;
}

function addCheck(program: Command): void {
  program
    .command('check')
    .description('report the mistakes in files, folders or a whole kernel tree')
    .argument('[PATH...]', 'files and folders (default: the current folder)')
    .option('--tree <DIR>', 'kernel tree the files belong to (default: the nearest one above PATH)')
    .option('--kernel <X.Y>', "judge by this release instead of the tree's own")
    .option('--config <FILE>', 'kernel configuration (default: the .config of the tree, if any)')
    .addOption(new Option('--format <FORMAT>', 'how to print findings').choices(FORMATS).default('text'))
    .addOption(new Option('--jobs <N>', 'files analysed at the same time').argParser(parseJobs).default(defaultJobs(), 'number of cores'))
    .addOption(new Option('--rule <ID,...>', 'only these rules').argParser(parseRules))
    .addOption(new Option('--min-severity <LEVEL>', 'leave out what is less grave').choices(SEVERITIES).default('info'))
    .option('--possible', 'also show findings that are possible but not proven')
    .option('--diff <REV>', 'only what is on lines changed since REV, or because of them')
    .addOption(new Option('--patch <FILE>', 'only what a patch or a mailbox of them changes (- for stdin)').conflicts('diff'))
    .option('--baseline <FILE>', 'leave out the findings recorded in FILE')
    .addOption(new Option('--update-baseline', 'record the findings in the file of --baseline').conflicts(['diff', 'patch']))
    .option('--no-project', 'leave .gfp-lens.json aside')
    .addOption(new Option('--fix', 'apply the safe fixes').conflicts(['fixDryRun', 'updateBaseline']))
    .addOption(new Option('--fix-dry-run', 'print the safe fixes as a patch').conflicts('updateBaseline'))
    .option('--stats', 'print counts, time and memory to stderr')
    .action(async (paths: string[], options: CheckOptions) => finish(await check(paths, options, output)));
}

function addMask(program: Command): void {
  program
    .command('mask')
    .description('decode a mask and say what the allocator does with it')
    .argument('[EXPR|HEX...]', 'GFP_KERNEL | __GFP_NOWARN, 0xcc0, or a log line that contains a mask')
    .option(
      '--kernel <X.Y>',
      'the kernel release (default: the tree around the current folder, else the likeliest for a number, else the newest)',
    )
    .option('--config <FILE>', 'kernel configuration, which decides bit numbers')
    .addOption(new Option('--order <N>', 'page order of the request').argParser(parseCount))
    .addOption(new Option('--size <BYTES>', 'size of a kmalloc()').argParser(parseCount))
    .addOption(new Option('--context <WORD,...>', `where it is made: ${CONTEXT_WORDS.join(', ')}`).argParser(parseContext))
    .option('--json', 'print one JSON object')
    .option('--stdin', 'answer one JSON question per line of standard input with one JSON line')
    .action(async (words: string[], options: MaskOptions) => finish(await explain(words, options, output)));
}

function addLog(program: Command): void {
  program
    .command('log')
    .description('explain the allocation failures of a kernel log')
    .argument('<FILE>', 'a log as dmesg, syslog, journalctl or a mail has it, also .gz; - for standard input')
    .option('--tree <DIR>', 'kernel tree in which the caller is looked up')
    .option('--json', 'print one JSON object')
    .action(async (path: string, options: LogOptions) => finish(await explainLog(path, options, output)));
}

function finish(code: number): void {
  process.exitCode = code;
}

makeProgram()
  .parseAsync()
  .catch((error: unknown) => {
    // Help and version end with an "error" of code 0; commander has said what was wrong with the arguments.
    if (error instanceof CommanderError) finish(error.exitCode === 0 ? EXIT.ok : EXIT.failure);
    else {
      complain(error instanceof UserError ? error.message : `internal error: ${error instanceof Error ? error.message : String(error)}`);
      finish(EXIT.failure);
    }
  });
