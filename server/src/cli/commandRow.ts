/** What a shell may complete for an argument: names of files or folders, one of some words, or a list of words with commas. */
export type Completion = 'files' | 'folders' | { readonly words: readonly string[]; readonly list?: true };

/** One option of a command: help, manual page, completions and the parser of arguments are made from it. */
export interface OptionRow {
  /** `--tree <DIR>`; no placeholder for a switch. */
  readonly flags: string;
  readonly text: string;
  readonly choices?: readonly string[];
  readonly completes?: Completion;
  /** Throws commander's `InvalidArgumentError`. */
  readonly parse?: (text: string, previous: never) => unknown;
  /** The value when the option is not given, and how help shows it where that differs. */
  readonly preset?: { readonly value: unknown; readonly shown?: string };
  /** Names of options (as properties) that it cannot go with. */
  readonly conflicts?: readonly string[];
}

export interface Example {
  readonly command: string;
  readonly text: string;
}

export interface CommandRow {
  readonly name: string;
  readonly summary: string;
  /** Paragraphs for the help and the manual page. */
  readonly details: readonly string[];
  readonly argument?: { readonly flags: string; readonly text: string; readonly completes?: Completion };
  readonly options: readonly OptionRow[];
  readonly examples: readonly Example[];
  /** Takes arguments that the table does not name: editors add their own. */
  readonly lenient?: true;
}

/** An option's name and placeholder: `--tree` and `DIR`. */
export function partsOf({ flags }: Pick<OptionRow, 'flags'>): { readonly name: string; readonly placeholder: string | undefined } {
  const [name, placeholder] = flags.split(' ');
  return { name: name!, placeholder: placeholder?.replace(/[<>]/g, '') };
}

export function completionOf(row: OptionRow): Completion | undefined {
  return row.completes ?? (row.choices && { words: row.choices });
}
