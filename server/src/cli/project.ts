import { statSync } from 'node:fs';
import { dirname, relative, resolve, sep } from 'node:path';
import { parse } from '@humanwhocodes/momoa';
import { findProject, type Project, type ProjectReader, projectFolders } from '../program/project';
import { PROJECT_FILE } from '../program/projectFile';
import type { FolderRules } from '../rules/folderRules';
import { UserError } from './errors';
import { complain } from './output';
import { readRegular } from './readRegular';

const READER: ProjectReader = {
  read: (path) => {
    try {
      return readRegular(path).toString('utf8');
    } catch {
      return undefined;
    }
  },
  parent: dirname,
  resolve,
  parse: (text) => parse(text, { mode: 'jsonc', allowTrailingCommas: true }).body,
};

/**
 * The project file at the root of the tree; for sources outside of any tree, the nearest one above the path. Throws {@link UserError}
 * when there are mistakes in it, after it has said which.
 */
export function loadProject(tree: string | undefined, path: string, shownPath: (path: string) => string): Project | undefined {
  const start = tree ?? (statSync(path, { throwIfNoEntry: false })?.isDirectory() === true ? path : dirname(path));
  const project = findProject(start, tree, READER);
  if (project === undefined || project.problems.length === 0) return project;
  for (const { line, column, message } of project.problems) complain(`${shownPath(project.path)}:${line}:${column}: ${message}`);
  throw new UserError(`nothing is checked before ${PROJECT_FILE} is right; --no-project leaves it aside`);
}

/** The severities of the project's folders, by the paths that findings below `root` have. */
export function foldersOf(project: Project, root: string): readonly FolderRules[] {
  return projectFolders(project, new Map(), (folder) => relative(root, resolve(project.folder, folder)).replaceAll(sep, '/'));
}
