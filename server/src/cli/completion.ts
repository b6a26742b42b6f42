import { type CommandRow, type Completion, completionOf, partsOf } from './commandRow';

export const SHELLS = ['bash', 'zsh', 'fish'] as const;
export type Shell = (typeof SHELLS)[number];

/** The script that teaches a shell the commands, options and words of the table. */
export function completionScript(shell: Shell, commands: readonly CommandRow[]): string {
  return { bash, zsh, fish }[shell](commands);
}

function bash(commands: readonly CommandRow[]): string {
  const cases = commands.map((command) => {
    const options = command.options.map((row) => partsOf(row));
    const values = command.options.filter((row) => partsOf(row).placeholder !== undefined);
    const arms = values.map((row) => `      ${command.name}:${partsOf(row).name}) ${bashAnswer(completionOf(row))}; return ;;`);
    return {
      arms,
      words: `    ${command.name}) words=${quote([...options.map(({ name }) => name), '--help'].join(' '))} ;;`,
      argument: `    ${command.name}) ${bashAnswer(command.argument?.completes)} ;;`,
    };
  });
  return `# bash completion of gfp-lens; made by "gfp-lens completion bash"
_gfp_lens_words() { mapfile -t COMPREPLY < <(compgen -W "$1" -- "$current"); }
_gfp_lens_list() {
  local before=
  [[ $current == *,* ]] && before="\${current%,*},"
  mapfile -t COMPREPLY < <(compgen -P "$before" -W "$1" -- "\${current##*,}")
  compopt -o nospace
}
_gfp_lens_files() { compopt -o filenames; mapfile -t COMPREPLY < <(compgen "$1" -- "$current"); }
_gfp_lens() {
  local current="\${COMP_WORDS[COMP_CWORD]}" previous="\${COMP_WORDS[COMP_CWORD - 1]}" command="\${COMP_WORDS[1]}" words=
  COMPREPLY=()
  if ((COMP_CWORD == 1)); then
    _gfp_lens_words ${quote([...commands.map(({ name }) => name), '--help', '--version'].join(' '))}
    return
  fi
  case "$command:$previous" in
${cases.flatMap(({ arms }) => arms).join('\n')}
  esac
  case "$command" in
${cases.map(({ words }) => words).join('\n')}
  esac
  if [[ $current == -* ]]; then
    _gfp_lens_words "$words"
    return
  fi
  case "$command" in
${cases.map(({ argument }) => argument).join('\n')}
  esac
}
complete -F _gfp_lens gfp-lens
`;
}

function bashAnswer(completion: Completion | undefined): string {
  if (completion === undefined) return ':';
  if (completion === 'files') return '_gfp_lens_files -f';
  if (completion === 'folders') return '_gfp_lens_files -d';
  return `${completion.list === true ? '_gfp_lens_list' : '_gfp_lens_words'} ${quote(completion.words.join(' '))}`;
}

function zsh(commands: readonly CommandRow[]): string {
  const describe = commands.map(({ name, summary }) => `    ${quote(`${name}:${summary}`)}`).join('\n');
  const cases = commands.map((command) => {
    const options = command.options.map((row) => {
      const { name, placeholder } = partsOf(row);
      const text = row.text.replace(/[[\]:\\]/g, '\\$&');
      return quote(`${name}[${text}]${placeholder === undefined ? '' : `:${placeholder}:${zshAction(completionOf(row))}`}`);
    });
    const argument =
      command.argument && quote(`*:${command.argument.flags.replace(/[^A-Z|]/g, '')}:${zshAction(command.argument.completes)}`);
    const lines = ["'--help[show help]'", ...options, ...(argument === undefined ? [] : [argument])];
    return `    ${command.name})\n      _arguments \\\n${lines.map((line) => `        ${line}`).join(' \\\n')}\n      ;;`;
  });
  return `#compdef gfp-lens
# zsh completion of gfp-lens; made by "gfp-lens completion zsh"
_gfp_lens() {
  local -a commands
  commands=(
${describe}
  )
  if ((CURRENT == 2)); then
    _describe command commands
    return
  fi
  local command=$words[2]
  shift words
  ((CURRENT--))
  case $command in
${cases.join('\n')}
  esac
}
if [[ $funcstack[1] == _gfp_lens ]]; then _gfp_lens "$@"; else compdef _gfp_lens gfp-lens; fi
`;
}

function zshAction(completion: Completion | undefined): string {
  if (completion === undefined) return ' ';
  if (completion === 'files') return '_files';
  if (completion === 'folders') return '_files -/';
  const words = completion.words.join(' ');
  return completion.list === true ? `_sequence compadd - ${words}` : `(${words})`;
}

function fish(commands: readonly CommandRow[]): string {
  const lines = ['# fish completion of gfp-lens; made by "gfp-lens completion fish"', 'complete -c gfp-lens -f'];
  lines.push("complete -c gfp-lens -n __fish_use_subcommand -l version -d 'print the version'");
  lines.push("complete -c gfp-lens -l help -d 'show help'");
  for (const { name, summary, argument, options } of commands) {
    lines.push(`complete -c gfp-lens -n __fish_use_subcommand -a ${name} -d ${quote(summary)}`);
    const when = `complete -c gfp-lens -n ${quote(`__fish_seen_subcommand_from ${name}`)}`;
    if (argument?.completes === 'files') lines.push(`${when} -F`);
    else if (argument?.completes !== undefined) lines.push(`${when} ${fishAnswer(argument.completes)}`);
    for (const row of options) {
      const { name: option, placeholder } = partsOf(row);
      const value = placeholder === undefined ? '' : ` -r ${fishAnswer(completionOf(row))}`;
      lines.push(`${when} -l ${option.slice(2)} -d ${quote(row.text)}${value.trimEnd()}`);
    }
  }
  return `${lines.join('\n')}\n`;
}

function fishAnswer(completion: Completion | undefined): string {
  if (completion === undefined) return '';
  if (completion === 'files') return '-F';
  if (completion === 'folders') return "-f -a '(__fish_complete_directories)'";
  const words = completion.words.join(' ');
  return `-f -a ${quote(completion.list === true ? `(__fish_complete_list , 'string split " " -- "${words}"')` : words)}`;
}

/** In single quotes, which all three shells read alike but for a quote inside. */
function quote(text: string): string {
  return `'${text.replaceAll("'", `'"'"'`)}'`;
}
