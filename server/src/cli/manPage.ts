import { type CommandRow, type Example, type OptionRow, partsOf } from './commandRow';
import { COMMANDS, ENVIRONMENT, EXAMPLES, EXIT_CODES, SUMMARY } from './commandTable';

/** The manual page gfp-lens(1) in roff, made from the same table as the help. */
export function manPage(version: string): string {
  return [
    '.\\" Made by scripts/docs.mjs from the table of commands.',
    `.TH GFP\\-LENS 1 "" "gfp\\-lens ${escaped(version)}" "User Commands"`,
    ...section('NAME', ['gfp\\-lens \\- check GFP masks and allocations in Linux kernel sources']),
    ...section('SYNOPSIS', COMMANDS.flatMap(synopsis).slice(0, -1)),
    ...section('DESCRIPTION', [line(SUMMARY)]),
    ...section('COMMANDS', COMMANDS.flatMap(command)),
    ...section(
      'EXIT STATUS',
      EXIT_CODES.flatMap(([code, text]) => ['.TP', `.B ${code}`, line(text)]),
    ),
    ...section(
      'ENVIRONMENT',
      ENVIRONMENT.flatMap(([name, text]) => ['.TP', `.B ${escaped(name)}`, line(text)]),
    ),
    ...section('FILES', ['.TP', '.B .gfp\\-lens.json', line(PROJECT)]),
    ...section('EXAMPLES', EXAMPLES.flatMap(example)),
    ...section('SEE ALSO', ['.BR git\\-apply (1),', '.BR dmesg (1)']),
    '',
  ].join('\n');
}

const PROJECT =
  'At the root of a kernel tree, or above the sources of a module: kernel, tree, config, baseline, possible, rules (severity by rule) and folders (severities by folder). JSON, comments allowed; what the command line says goes before.';

function section(title: string, lines: readonly string[]): readonly string[] {
  return [`.SH ${title}`, ...lines];
}

function synopsis({ name, argument, options }: CommandRow): readonly string[] {
  const words = [...(options.length > 0 ? ['[OPTION]...'] : []), ...(argument === undefined ? [] : [argument.flags.replace(/[<>]/g, '')])];
  return [`.B gfp\\-lens ${escaped(name)}`, ...(words.length > 0 ? [`.I ${escaped(words.join(' '))}`] : []), '.br'];
}

function command(row: CommandRow): readonly string[] {
  const { name, summary, details, argument, options, examples } = row;
  return [
    `.SS ${escaped(name)}`,
    line(`${summary[0]!.toUpperCase()}${summary.slice(1)}.`),
    ...details.flatMap((text) => ['.PP', line(text)]),
    ...(argument === undefined ? [] : ['.TP', `.I ${escaped(argument.flags.replace(/[[\]<>.]/g, ''))}`, line(argument.text)]),
    ...options.flatMap(option),
    ...(examples.length > 0 ? ['.PP', 'Examples:', ...examples.flatMap(example)] : []),
  ];
}

function option(row: OptionRow): readonly string[] {
  const { name, placeholder } = partsOf(row);
  const choices = row.choices === undefined ? '' : `: ${row.choices.join(', ')}`;
  const standard = row.preset === undefined ? '' : ` (default: ${row.preset.shown ?? String(row.preset.value)})`;
  return [
    '.TP',
    `.BR ${escaped(name)}${placeholder === undefined ? '' : ` " \\fI${escaped(placeholder)}\\fR"`}`,
    line(`${row.text}${choices}${standard}`),
  ];
}

function example({ command: text, text: why }: Example): readonly string[] {
  return ['.TP', `.B ${escaped(text)}`, line(why)];
}

/** A text line: one that begins with a control character would be a request. */
function line(text: string): string {
  return escaped(text).replace(/^[.']/, '\\&$&');
}

function escaped(text: string): string {
  return text
    .replace(/\\/g, '\\e')
    .replace(/-/g, '\\-')
    .replace(/`/g, '\\(ga')
    .replace(/'/g, '\\(aq')
    .replace(/"/g, '\\(dq')
    .replace(/~/g, '\\(ti')
    .replace(/\^/g, '\\(ha');
}
