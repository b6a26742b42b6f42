import { allReleases, CONTEXT_WORDS, formatRelease } from '../kernel/index';
import { rules } from '../rules/registry';
import { defaultJobs, FORMATS, parseJobs, parseRules, SEVERITIES } from './checkOptions';
import type { CommandRow, Completion, Example, OptionRow } from './commandRow';
import { SHELLS } from './completion';
import { parseContext, parseCount } from './maskOptions';

export const SUMMARY = 'Reads Linux kernel C, follows every GFP mask, and says what is wrong with it and why.';

export const EXIT_CODES: readonly (readonly [number, string])[] = [
  [0, 'nothing at or above warning that is proven'],
  [1, 'findings, or failures in a log'],
  [2, 'wrong usage, or something could not be read; the rest was done'],
  [130, 'interrupted; what was found until then is printed'],
];

export const ENVIRONMENT: readonly (readonly [string, string])[] = [
  ['NO_COLOR', 'not empty: no colours, also on a terminal'],
  ['FORCE_COLOR', '1: colours also in a pipe'],
  ['XDG_CACHE_HOME', 'the folder below which results of earlier runs are kept, in gfp-lens/trees (default: ~/.cache)'],
  ['GITHUB_WORKSPACE', 'the folder that paths of --format github are relative to'],
];

export const EXAMPLES: readonly Example[] = [
  { command: 'gfp-lens check drivers/net', text: 'what is wrong in a folder of the tree you are in' },
  { command: 'b4 am -o - MESSAGE-ID | gfp-lens check --patch -', text: 'what a series on the list would bring in' },
  { command: "gfp-lens mask 'GFP_KERNEL & ~__GFP_DIRECT_RECLAIM'", text: 'what a mask means to the allocator' },
  { command: 'dmesg | gfp-lens log -', text: 'why an allocation failed' },
];

const RULES: Completion = { words: rules.map((rule) => rule.id), list: true };
const RELEASES: Completion = { words: allReleases().map(formatRelease) };

const KERNEL: OptionRow = { flags: '--kernel <X.Y>', text: "judge by this release instead of the tree's own", completes: RELEASES };
const CONFIG: OptionRow = {
  flags: '--config <FILE>',
  text: 'kernel configuration (default: the .config of the tree, if any)',
  completes: 'files',
};
const TREE: OptionRow = {
  flags: '--tree <DIR>',
  text: 'kernel tree the files belong to (default: the nearest one above PATH)',
  completes: 'folders',
};

const CHECK: CommandRow = {
  name: 'check',
  summary: 'report the mistakes in files, folders or a whole kernel tree',
  details: [
    'Needs no build and no compile database. Folders are searched for .c and .h files; flags, release and configuration come from the kernel tree around them, settings from the .gfp-lens.json at its root.',
    'Only what is proven is a warning or an error. --fix applies the fixes that keep the meaning of the program apart from the mistake.',
  ],
  argument: { flags: '[PATH...]', text: 'files and folders (default: the current folder)', completes: 'files' },
  options: [
    TREE,
    KERNEL,
    CONFIG,
    {
      flags: '--format <FORMAT>',
      text: 'how to print findings: as gcc does, one JSON object, a SARIF 2.1.0 log, annotations of a GitHub job',
      choices: FORMATS,
      preset: { value: 'text' },
    },
    {
      flags: '--jobs <N>',
      text: 'files analysed at the same time',
      parse: parseJobs,
      preset: { value: defaultJobs(), shown: 'number of cores' },
    },
    { flags: '--rule <ID,...>', text: 'only these rules', parse: parseRules, completes: RULES },
    { flags: '--min-severity <LEVEL>', text: 'leave out what is less grave (default: info; with --rule hint)', choices: SEVERITIES },
    { flags: '--possible', text: 'also show findings that are possible but not proven' },
    { flags: '--diff <REV>', text: 'only what changed since REV brought in (REV... : since the branch left it)' },
    {
      flags: '--patch <FILE>',
      text: 'only what a patch or a mailbox brings in (- for stdin); applied in memory where it is not yet',
      completes: 'files',
      conflicts: ['diff'],
    },
    { flags: '--baseline <FILE>', text: 'leave out the findings recorded in FILE', completes: 'files' },
    { flags: '--update-baseline', text: 'record the findings in the baseline', conflicts: ['diff', 'patch'] },
    { flags: '--no-project', text: 'leave .gfp-lens.json aside' },
    { flags: '--no-cache', text: 'take nothing from earlier runs and leave nothing for later ones' },
    { flags: '--fix', text: 'apply the safe fixes', conflicts: ['fixDryRun', 'updateBaseline'] },
    { flags: '--fix-dry-run', text: 'print the safe fixes as a patch for git apply', conflicts: ['updateBaseline'] },
    { flags: '--stats', text: 'print counts, time and memory to stderr' },
  ],
  examples: [
    { command: 'gfp-lens check', text: 'everything below the current folder' },
    { command: 'gfp-lens check --diff origin/main...', text: 'what this branch brings in' },
    { command: 'b4 am -o - MESSAGE-ID | gfp-lens check --patch -', text: 'what a series on the list would bring in' },
    { command: 'gfp-lens check --rule sleep-in-atomic,free-mismatch fs', text: 'two rules only' },
    { command: 'gfp-lens check --fix-dry-run drivers/net | git apply', text: 'the safe fixes, through git' },
    { command: 'gfp-lens check --format sarif > gfp-lens.sarif', text: 'for a site that shows code scans' },
    { command: 'gfp-lens check --baseline known.json --update-baseline', text: 'from now on only new findings' },
  ],
};

const MASK: CommandRow = {
  name: 'mask',
  summary: 'decode a mask and say what the allocator does with it',
  details: ['The mask is an expression of flag names and numbers, a number, or a log line that contains one.'],
  argument: { flags: '[EXPR|HEX...]', text: 'GFP_KERNEL | __GFP_NOWARN, 0xcc0, or a log line that contains a mask' },
  options: [
    {
      ...KERNEL,
      text: 'the kernel release (default: the tree around the current folder, else the likeliest for a number, else the newest)',
    },
    { ...CONFIG, text: 'kernel configuration, which decides bit numbers' },
    { flags: '--order <N>', text: 'page order of the request', parse: parseCount },
    { flags: '--size <BYTES>', text: 'size of a kmalloc()', parse: parseCount },
    {
      flags: '--context <WORD,...>',
      text: `where it is made: ${CONTEXT_WORDS.join(', ')}`,
      parse: parseContext,
      completes: { words: CONTEXT_WORDS, list: true },
    },
    { flags: '--json', text: 'print one JSON object' },
    { flags: '--stdin', text: 'answer one JSON question per line of standard input with one JSON line' },
  ],
  examples: [
    { command: 'gfp-lens mask GFP_ATOMIC', text: 'what it may do, where it allocates, when it fails' },
    { command: 'gfp-lens mask 0xcc0 --kernel 6.1', text: 'a number from a trace' },
    { command: 'gfp-lens mask GFP_KERNEL --context nofs --order 4', text: 'a large request inside memalloc_nofs_save()' },
  ],
};

const LOG: CommandRow = {
  name: 'log',
  summary: 'explain the allocation failures of a kernel log',
  details: ['Reads page allocation failures, OOM reports and reports of sleeping in atomic context.'],
  argument: {
    flags: '<FILE>',
    text: 'a log as dmesg, syslog, journalctl or a mail has it, also .gz; - for standard input',
    completes: 'files',
  },
  options: [
    { ...TREE, text: 'kernel tree in which the caller is looked up' },
    { flags: '--json', text: 'print one JSON object' },
  ],
  examples: [
    { command: 'dmesg | gfp-lens log -', text: 'the running system' },
    { command: 'gfp-lens log --tree ~/linux console.txt.gz', text: 'with the sources of the callers' },
  ],
};

/** All commands, in the order in which help lists them. */
export const COMMANDS: readonly CommandRow[] = [
  CHECK,
  MASK,
  LOG,
  {
    name: 'rules',
    summary: 'list the rules, or print the page of one',
    details: [],
    argument: { flags: '[ID]', text: 'rule id', completes: { words: rules.map((rule) => rule.id) } },
    options: [],
    examples: [{ command: 'gfp-lens rules sleep-in-atomic', text: 'what it finds, why that is wrong, what to do' }],
  },
  {
    name: 'lsp',
    summary: 'run the language server, for any editor',
    details: [],
    options: [{ flags: '--stdio', text: 'talk over standard input and output (the default)' }],
    examples: [],
    lenient: true,
  },
  {
    name: 'mcp',
    summary: 'answer the questions of an assistant (Model Context Protocol)',
    details: [
      'Talks over standard input and output. The tools decode_mask, explain_log, check and explain_finding read the tree around the current folder (or --tree), never anything outside of it, and write nothing.',
    ],
    options: [
      { ...TREE, text: 'kernel tree or folder that is read (default: the kernel tree around the current folder, or that folder)' },
      KERNEL,
      CONFIG,
    ],
    examples: [{ command: 'claude mcp add gfp-lens -- gfp-lens mcp --tree ~/linux', text: 'for an assistant in the terminal' }],
  },
  {
    name: 'completion',
    summary: 'print the completion script of a shell',
    details: [],
    argument: { flags: '<SHELL>', text: SHELLS.join(', '), completes: { words: SHELLS } },
    options: [],
    examples: [
      { command: 'source <(gfp-lens completion bash)', text: 'in ~/.bashrc; zsh alike, in ~/.zshrc after compinit' },
      { command: 'gfp-lens completion fish > ~/.config/fish/completions/gfp-lens.fish', text: 'fish' },
    ],
  },
];
