import type { FolderRules } from '../rules/folderRules';
import type { Severity } from '../rules/rule';
import { type Baseline, parseBaseline } from './baseline';
import type { ParseJson } from './jsonNode';
import { PROJECT_FILE, type ProjectFile, type ProjectProblem, problemAt, readProjectFile, type Written } from './projectFile';

/** What reading a project takes of the outside. Paths are those of the system. */
export interface ProjectReader {
  /** The text of a file; undefined when it cannot be read. */
  readonly read: (path: string) => string | undefined;
  /** The folder above; the same path at the top. */
  readonly parent: (folder: string) => string;
  /** A path as written in a folder's file, absolute. */
  readonly resolve: (folder: string, path: string) => string;
  readonly parse: ParseJson;
}

/** A project file with what it names. Paths are absolute. */
export interface Project {
  /** The project file. */
  readonly path: string;
  readonly folder: string;
  readonly kernel: string | undefined;
  readonly tree: string | undefined;
  readonly config: string | undefined;
  readonly baselinePath: string | undefined;
  /** Undefined also when the file of the baseline is not there yet. */
  readonly baseline: Baseline | undefined;
  readonly possible: boolean;
  readonly rules: ProjectFile['rules'];
  readonly folders: ProjectFile['folders'];
  readonly problems: readonly ProjectProblem[];
}

/** The nearest project file in `folder` or above it; it is not looked for above `last`, the root of the kernel tree. */
export function findProject(folder: string, last: string | undefined, reader: ProjectReader): Project | undefined {
  for (let at = folder; ; ) {
    const path = reader.resolve(at, PROJECT_FILE);
    const text = reader.read(path);
    if (text !== undefined) return readProject(path, at, text, reader);
    const above = reader.parent(at);
    if (at === last || above === at) return undefined;
    at = above;
  }
}

function readProject(path: string, folder: string, text: string, reader: ProjectReader): Project {
  const { file, problems } = parsed(text, reader);
  const more = [...problems];
  const absolute = (written: Written | undefined): string | undefined => written && reader.resolve(folder, written.text);
  const config = absolute(file.config);
  if (file.config && config !== undefined && !/CONFIG_\w/.test(reader.read(config) ?? '')) {
    more.push(problemAt(file.config.node, `${file.config.text} cannot be read, or is not a kernel configuration`));
  }
  const baselinePath = absolute(file.baseline);
  const baselineText = baselinePath === undefined ? undefined : reader.read(baselinePath);
  const baseline = baselineText === undefined ? undefined : parseBaseline(baselineText);
  if (file.baseline && baselineText !== undefined && baseline === undefined) {
    more.push(problemAt(file.baseline.node, `${file.baseline.text} is not a baseline written by --update-baseline`));
  }
  const { kernel, possible, rules, folders } = file;
  const tree = absolute(file.tree);
  return { path, folder, kernel, tree, config, baselinePath, baseline, possible: possible === true, rules, folders, problems: more };
}

function parsed(text: string, reader: ProjectReader): ReturnType<typeof readProjectFile> {
  try {
    return readProjectFile(reader.parse(text));
  } catch (error) {
    const { line = 1, column = 1, message } = error as { line?: number; column?: number; message: string };
    const problem = { line, column, endLine: line, endColumn: column + 1, message: message.replace(/ found\. \(\d+:\d+\)$/, '') };
    return { file: { rules: new Map(), folders: new Map() }, problems: [problem] };
  }
}

/**
 * The project's severities by folder, each overlaid with what its user asks for himself. `pathOf` gives a folder as the paths of
 * analysed files begin.
 */
export function projectFolders(
  project: Project,
  own: ReadonlyMap<string, Severity | 'off'>,
  pathOf: (folder: string) => string,
): readonly FolderRules[] {
  const folders: FolderRules[] = [{ path: pathOf(''), severities: new Map([...project.rules, ...own]) }];
  for (const path of [...project.folders.keys()].sort()) {
    const above = [...project.folders]
      .filter(([other]) => path === other || path.startsWith(`${other}/`))
      .sort(([a], [b]) => a.length - b.length);
    const isOff = above.some(([, severities]) => severities === 'off');
    const merged = above.flatMap(([, severities]) => (severities === 'off' ? [] : [...severities]));
    folders.push({ path: pathOf(path), severities: isOff ? 'off' : new Map([...project.rules, ...merged, ...own]) });
  }
  return folders;
}
