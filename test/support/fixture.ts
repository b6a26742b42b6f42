/** An expected finding, written as a comment in a fixture. Lines are zero-based. */
export interface Want {
  readonly line: number;
  readonly rule: string;
  /** Part of the message; empty when any message will do. */
  readonly message: string;
  /** `want?`: a possible finding; `want`: a definite one. */
  readonly certainty: 'definite' | 'possible';
  /** Columns of the first line of the finding, from a caret line; undefined when the fixture does not say. */
  readonly columns: { readonly start: number; readonly end: number } | undefined;
}

/** An expected fact at the end of a line: `// fact gfp: GFP_NOFS`. */
export interface WantedFact {
  readonly line: number;
  readonly name: string;
  readonly value: string;
}

/** A C file with its expectations. The text is analysed as it stands, comments included. */
export interface Fixture {
  readonly name: string;
  readonly text: string;
  /** `X.Y` or `X.Y.Z` of `//# kernel`. */
  readonly kernel: string;
  /** `CONFIG_X` to value, of `//# config CONFIG_X=y`. */
  readonly config: ReadonlyMap<string, string>;
  /** Path the file pretends to have in its tree, of `//# path`. */
  readonly path: string;
  readonly wants: readonly Want[];
  readonly facts: readonly WantedFact[];
  /** `// want nothing` stands in the file. */
  readonly silent: boolean;
  /** What is wrong with the fixture itself. */
  readonly mistakes: readonly string[];
}

/** The first of its series: later ones have kmalloc_obj(), and every `kzalloc(sizeof(*p), …)` of a fixture would be worth a hint. */
const DEFAULT_KERNEL = '6.12.0';
const HEADER = /^\/\/#\s*(\w+)\s+(.*?)\s*$/;
const EXPECTATION = /\/\/\s*(want\??|fact)\s/;
const CARETS = /^\s*\/\/\s*(\^+)\s*([a-z][a-z0-9-]*)?\s*$/;

interface Draft {
  kernel: string;
  config: Map<string, string>;
  path: string;
  wants: (Want & { columns: Want['columns'] })[];
  facts: WantedFact[];
  silent: boolean;
  mistakes: string[];
}

/** Reads the expectations out of a fixture. `name` is its file name, used for the default path and in messages. */
export function readFixture(name: string, text: string): Fixture {
  const lines = text.split('\n');
  const draft: Draft = {
    kernel: DEFAULT_KERNEL,
    config: new Map(),
    path: `drivers/fixture/${name}`,
    wants: [],
    facts: [],
    silent: false,
    mistakes: [],
  };
  lines.forEach((line, number) => {
    readLine(draft, lines, line, number);
  });
  if (draft.silent && draft.wants.length > 0) draft.mistakes.push('has both `want nothing` and a want');
  if (!draft.silent && draft.wants.length === 0 && draft.facts.length === 0)
    draft.mistakes.push('expects nothing at all: write `// want nothing` if it must stay silent');
  return { name, text, ...draft };
}

function readLine(draft: Draft, lines: readonly string[], line: string, number: number): void {
  const header = HEADER.exec(line);
  if (header) {
    readHeader(draft, header[1]!, header[2]!, number);
    return;
  }
  const carets = CARETS.exec(line);
  if (carets) {
    attachCarets(draft, line, carets[1]!, carets[2], number);
    return;
  }
  const first = EXPECTATION.exec(line);
  if (!first) return;
  const alone = line.slice(0, first.index).trim() === '';
  const target = alone ? nextCodeLine(lines, number) : number;
  for (const part of line.slice(first.index).split(/\/\/\s*(?=(?:want\??|fact)\s)/)) {
    if (part.trim() !== '') readExpectation(draft, part.trim(), target, number);
  }
}

function readHeader(draft: Draft, key: string, value: string, line: number): void {
  const setting = /^(CONFIG_\w+)=(.*)$/.exec(value);
  if (key === 'kernel' && /^\d+\.\d+(\.\d+)?$/.test(value)) draft.kernel = value;
  else if (key === 'config' && setting) draft.config.set(setting[1]!, setting[2]!);
  else if (key === 'path') draft.path = value;
  else draft.mistakes.push(`line ${line + 1}: unknown header \`//# ${key} ${value}\``);
}

function readExpectation(draft: Draft, text: string, target: number, line: number): void {
  if (text === 'want nothing') {
    draft.silent = true;
    return;
  }
  const fact = /^fact\s+(\S+):\s*(.+)$/.exec(text);
  if (fact) {
    draft.facts.push({ line: target, name: fact[1]!, value: fact[2]!.trim() });
    return;
  }
  const want = /^want(\??)\s+(.*)$/.exec(text);
  const items = want ? [...want[2]!.matchAll(/([a-z][a-z0-9-]*)(?:\s+"([^"]*)")?(?:\s+|$)/gy)] : [];
  const read = items.reduce((length, item) => length + item[0].length, 0);
  if (!want || items.length === 0 || read !== want[2]!.length) {
    draft.mistakes.push(`line ${line + 1}: cannot read \`${text}\``);
    return;
  }
  for (const item of items) {
    const certainty = want[1] === '?' ? 'possible' : 'definite';
    draft.wants.push({ line: target, rule: item[1]!, message: item[2] ?? '', certainty, columns: undefined });
  }
}

/** Gives the carets to the last want of that rule above them. */
function attachCarets(draft: Draft, line: string, carets: string, rule: string | undefined, number: number): void {
  for (let i = draft.wants.length - 1; i >= 0; i--) {
    const want = draft.wants[i]!;
    if (want.columns !== undefined || (rule !== undefined && want.rule !== rule)) continue;
    const start = line.indexOf('^');
    draft.wants[i] = { ...want, columns: { start, end: start + carets.length } };
    return;
  }
  draft.mistakes.push(`line ${number + 1}: carets without a want above them`);
}

function nextCodeLine(lines: readonly string[], from: number): number {
  for (let line = from + 1; line < lines.length; line++) {
    const text = lines[line]!.trim();
    if (text !== '' && !text.startsWith('//')) return line;
  }
  return from;
}
