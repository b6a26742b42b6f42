import { editDistance } from '../kernel/editDistance';
import { parseRelease, whyUnknown } from '../kernel/index';
import { ruleById, rules } from '../rules/registry';
import type { Severity } from '../rules/rule';
import type { JsonNode, JsonObject } from './jsonNode';

/** Name of the project file, at the root of a kernel tree or of a module's sources. */
export const PROJECT_FILE = '.gfp-lens.json';

/** What a project file says. Paths are as written: relative to the file's folder. */
export interface ProjectFile {
  readonly kernel?: string;
  readonly tree?: Written;
  readonly config?: Written;
  readonly baseline?: Written;
  readonly possible?: boolean;
  readonly rules: ReadonlyMap<string, Severity | 'off'>;
  /** By folder; `off`: its files are not looked at. */
  readonly folders: ReadonlyMap<string, ReadonlyMap<string, Severity | 'off'> | 'off'>;
}

/** A path with the place where it is written, to say where when it leads nowhere. */
export interface Written {
  readonly text: string;
  readonly node: JsonNode;
}

/** A mistake in the file; 1-based, columns in UTF-16 code units, the end behind the last one. */
export interface ProjectProblem {
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
  readonly message: string;
}

const SEVERITIES: readonly (Severity | 'off')[] = ['error', 'warning', 'info', 'hint', 'off'];
const MEMBERS = ['$schema', 'kernel', 'tree', 'config', 'baseline', 'possible', 'rules', 'folders'];

/** Reads the members of a project file. What is wrong is left out of the result and told as a problem; the rest counts. */
export function readProjectFile(root: JsonNode): { readonly file: ProjectFile; readonly problems: readonly ProjectProblem[] } {
  const reader = new Reader();
  const file = reader.file(root);
  return { file, problems: reader.problems };
}

export function problemAt({ loc }: JsonNode, message: string): ProjectProblem {
  return { line: loc.start.line, column: loc.start.column, endLine: loc.end.line, endColumn: loc.end.column, message };
}

class Reader {
  readonly problems: ProjectProblem[] = [];

  file(root: JsonNode): ProjectFile {
    const members = this.members(root, 'the file');
    for (const [name, { key }] of members)
      if (!MEMBERS.includes(name)) this.complain(key, `there is no member "${name}"${near(name, MEMBERS)}`);
    const [kernel, tree, config, baseline] = [
      this.kernel(members.get('kernel')?.value),
      this.path(members.get('tree')?.value),
      this.path(members.get('config')?.value),
      this.path(members.get('baseline')?.value),
    ];
    const possible = this.boolean(members.get('possible')?.value);
    return {
      ...(kernel !== undefined && { kernel }),
      ...(tree && { tree }),
      ...(config && { config }),
      ...(baseline && { baseline }),
      ...(possible !== undefined && { possible }),
      rules: this.rules(members.get('rules')?.value),
      folders: this.folders(members.get('folders')?.value),
    };
  }

  private kernel(node: JsonNode | undefined): string | undefined {
    const text = this.string(node);
    if (node === undefined || text === undefined) return undefined;
    const release = parseRelease(text);
    const reason = release === undefined ? 'is not a kernel release; write it like 6.1 or 6.12.3' : whyUnknown(release);
    if (reason === undefined) return text;
    this.complain(node, `"${text}": ${reason}`);
    return undefined;
  }

  private path(node: JsonNode | undefined): Written | undefined {
    const text = this.string(node);
    if (node === undefined || text === undefined) return undefined;
    if (text.trim() !== '') return { text, node };
    this.complain(node, 'the path is empty');
    return undefined;
  }

  private rules(node: JsonNode | undefined): ReadonlyMap<string, Severity | 'off'> {
    const severities = new Map<string, Severity | 'off'>();
    if (node === undefined) return severities;
    for (const [id, { key, value }] of this.members(node, '"rules"')) {
      const severity = SEVERITIES.find((one) => one === value.value);
      if (ruleById(id) === undefined)
        this.complain(
          key,
          `there is no rule "${id}"${near(
            id,
            rules.map((rule) => rule.id),
          )}`,
        );
      else if (severity === undefined) this.complain(value, `a severity is one of ${SEVERITIES.map((one) => `"${one}"`).join(', ')}`);
      else severities.set(id, severity);
    }
    return severities;
  }

  private folders(node: JsonNode | undefined): ProjectFile['folders'] {
    const folders = new Map<string, ReadonlyMap<string, Severity | 'off'> | 'off'>();
    if (node === undefined) return folders;
    for (const [name, { key, value }] of this.members(node, '"folders"')) {
      const path = folderPath(name);
      if (path === undefined) this.complain(key, `"${name}": give a folder below this one, like "drivers/staging"`);
      else if (value.type === 'String' && value.value === 'off') folders.set(path, 'off');
      else if (value.type === 'Object') folders.set(path, this.rules(value));
      else this.complain(value, 'give "off", or severities by rule');
    }
    return folders;
  }

  private string(node: JsonNode | undefined): string | undefined {
    if (node === undefined || typeof node.value === 'string') return node?.value as string | undefined;
    this.complain(node, 'a text in double quotes is wanted here');
    return undefined;
  }

  private boolean(node: JsonNode | undefined): boolean | undefined {
    if (node === undefined || typeof node.value === 'boolean') return node?.value as boolean | undefined;
    this.complain(node, 'true or false is wanted here');
    return undefined;
  }

  private members(node: JsonNode, what: string): ReadonlyMap<string, { readonly key: JsonNode; readonly value: JsonNode }> {
    const members = new Map<string, { key: JsonNode; value: JsonNode }>();
    if (node.type !== 'Object') this.complain(node, `${what} has to be an object: { … }`);
    else {
      for (const { name, value } of (node as JsonObject).members) {
        const text = String(name.value);
        if (members.has(text)) this.complain(name, `"${text}" is there twice`);
        members.set(text, { key: name, value });
      }
    }
    return members;
  }

  private complain(node: JsonNode, message: string): void {
    this.problems.push(problemAt(node, message));
  }
}

/** Without `./` and a slash at the end; undefined for what lies elsewhere. */
function folderPath(name: string): string | undefined {
  const parts = name.split('/').filter((part) => part !== '' && part !== '.');
  return parts.length === 0 || parts.includes('..') || name.startsWith('/') || name.includes('\\') ? undefined : parts.join('/');
}

/** ` (did you mean "x"?)` for a name that is nearly or partly one of the known ones. */
function near(name: string, known: readonly string[]): string {
  const close = known.find((one) => name.length > 2 && (one.includes(name) || name.includes(one) || isNear(one, name)));
  return close === undefined ? '' : ` (did you mean "${close}"?)`;
}

/** At most two letters differ. Names of other lengths are not compared: theirs may be as long as the file. */
function isNear(a: string, b: string): boolean {
  return Math.abs(a.length - b.length) <= 2 && editDistance(a, b) <= 2;
}
