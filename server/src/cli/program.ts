import { Command, Option } from 'commander';
import type { CommandRow, Example, OptionRow } from './commandRow';
import { COMMANDS, EXAMPLES, EXIT_CODES, SUMMARY } from './commandTable';
import { TOOL } from './version';

/** What a command does with its arguments; `argument` is the list or the word that the table names, undefined when it names none. */
export type Action = (argument: never, options: never) => Promise<void> | void;

/** The parser of the command line as the table has it. */
export function makeProgram(actions: Readonly<Record<string, Action>>): Command {
  const program = new Command('gfp-lens')
    .description(SUMMARY)
    .version(TOOL.version, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'show this page; that of a command: gfp-lens COMMAND --help')
    .exitOverride()
    .configureOutput({ outputError: (text, write) => write(inOurWords(text)) })
    .showHelpAfterError(false)
    .helpCommand(false)
    .addHelpText('after', `\n${exampleLines(EXAMPLES)}\n${exitLines()}`);
  for (const row of COMMANDS) addCommand(program, row, actions[row.name]!);
  return program;
}

/** The parser's messages in the form of all others: `gfp-lens: --jobs 0: give a number from 1 to 256.` */
function inOurWords(text: string): string {
  return text
    .replace(/^error: option '(?:-\w, )?(--[\w-]+)[^']*' argument '([^']*)' is invalid\. /, 'error: $1 $2: ')
    .replace(/^error: /, 'gfp-lens: ');
}

function addCommand(program: Command, row: CommandRow, action: Action): void {
  const command = program.command(row.name).summary(row.summary).description(descriptionOf(row)).helpOption('-h, --help', 'show this page');
  if (row.argument !== undefined) command.argument(row.argument.flags, row.argument.text);
  for (const option of row.options) command.addOption(optionOf(option));
  if (row.examples.length > 0) command.addHelpText('after', `\n${exampleLines(row.examples)}`);
  if (row.lenient === true) command.allowUnknownOption().allowExcessArguments();
  if (row.argument === undefined) command.action((options: unknown) => action(undefined as never, options as never));
  else command.action((argument: unknown, options: unknown) => action(argument as never, options as never));
}

function descriptionOf({ summary, details }: CommandRow): string {
  return [`${summary[0]!.toUpperCase()}${summary.slice(1)}.`, ...details].join('\n\n');
}

function optionOf(row: OptionRow): Option {
  const option = new Option(row.flags, row.text);
  if (row.choices !== undefined) option.choices(row.choices);
  if (row.parse !== undefined) option.argParser(row.parse as (text: string, previous: unknown) => unknown);
  if (row.preset !== undefined) option.default(row.preset.value, row.preset.shown);
  return row.conflicts === undefined ? option : option.conflicts([...row.conflicts]);
}

function exampleLines(examples: readonly Example[]): string {
  return `Examples:\n${examples.map(({ command, text }) => `  $ ${command}\n      ${text}\n`).join('')}`;
}

function exitLines(): string {
  return `Exit codes:\n${EXIT_CODES.map(([code, text]) => `  ${String(code).padStart(3)}  ${text}`).join('\n')}`;
}
