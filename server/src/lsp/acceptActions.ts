import { parse } from '@humanwhocodes/momoa';
import { type CodeAction, CodeActionKind, type CreateFile, type TextDocumentEdit } from 'vscode-languageserver';
import { withFinding } from '../program/baseline';
import type { JsonNode } from '../program/jsonNode';
import type { Project } from '../program/project';
import { withMember } from '../program/projectEdit';
import { PROJECT_FILE } from '../program/projectFile';
import type { Finding } from '../rules/rule';
import type { ClientFeatures } from './clientFeatures';
import { type Files, fileName } from './files';

/** The baseline of a project that has none yet. */
const NEW_BASELINE = 'gfp-baseline.json';

/** Where a finding is accepted without touching the source. */
export interface AcceptPlace {
  readonly files: Files;
  readonly features: ClientFeatures;
  readonly project: Project | undefined;
  /** Where a project file is made when there is none. */
  readonly root: string | undefined;
  /** Our own client saves the files, so that the change counts at once; others leave that to the user. */
  readonly saveCommand: string | undefined;
}

/** A file with its new text; `before` undefined: it is made. */
interface NewText {
  readonly path: string;
  readonly before: string | undefined;
  readonly after: string;
}

/** Records a finding in the baseline, or switches its rule off: in the project file, for every editor and the command line. */
export function acceptActions(finding: Finding, place: AcceptPlace): readonly CodeAction[] {
  const { files, project, root } = place;
  const projectPath = project?.path ?? (root === undefined ? undefined : files.resolve(root, PROJECT_FILE));
  // A file with mistakes is mended by its author first.
  if (projectPath === undefined || (project?.problems.length ?? 0) > 0) return [];
  const projectText = textOf(files, projectPath);
  const baselinePath = project?.baselinePath ?? files.resolve(files.parent(projectPath), NEW_BASELINE);
  const baselineText = textOf(files, baselinePath);
  const recorded = withFinding(baselineText, {
    fingerprint: finding.fingerprint,
    rule: finding.rule,
    file: finding.path,
    possible: finding.certainty === 'possible',
  });
  const named = project?.baselinePath === undefined ? withMember(projectText, ['baseline'], NEW_BASELINE, parseJsonc) : projectText;
  const off = withMember(projectText, ['rules', finding.rule], 'off', parseJsonc);
  return [
    ...(recorded === undefined || named === undefined
      ? []
      : action(`Add this ${finding.rule} to the baseline (${fileName(baselinePath)})`, place, [
          { path: baselinePath, before: baselineText, after: recorded },
          { path: projectPath, before: projectText, after: named },
        ])),
    ...(off === undefined
      ? []
      : action(`Turn ${finding.rule} off for the tree (${fileName(projectPath)})`, place, [
          { path: projectPath, before: projectText, after: off },
        ])),
  ];
}

function parseJsonc(text: string): JsonNode {
  return parse(text, { mode: 'jsonc', allowTrailingCommas: true }).body;
}

function textOf(files: Files, path: string): string | undefined {
  const bytes = files.read(path);
  return bytes === undefined ? undefined : new TextDecoder().decode(bytes);
}

/** Nothing where the client cannot make the files that are needed. */
function action(title: string, { files, features, saveCommand }: AcceptPlace, texts: readonly NewText[]): readonly CodeAction[] {
  const changed = texts.filter(({ before, after }) => before !== after);
  const makesFiles = changed.some(({ before }) => before === undefined);
  if (changed.length === 0 || !features.versionedEdits || (makesFiles && !features.createFiles)) return [];
  const documentChanges = changed.flatMap(({ path, before, after }): (CreateFile | TextDocumentEdit)[] => {
    const uri = files.uriOf(path);
    const edit: TextDocumentEdit = { textDocument: { uri, version: null }, edits: [difference(before ?? '', after)] };
    return before === undefined ? [{ kind: 'create', uri, options: { ignoreIfExists: true } }, edit] : [edit];
  });
  const uris = changed.map(({ path }) => files.uriOf(path));
  return [
    {
      title,
      kind: CodeActionKind.QuickFix,
      edit: { documentChanges },
      ...(saveCommand !== undefined && { command: { title: 'Save', command: saveCommand, arguments: [uris] } }),
    },
  ];
}

/** The lines that differ, as one edit. */
function difference(before: string, after: string): TextDocumentEdit['edits'][number] {
  const [old, now] = [before.split('\n'), after.split('\n')];
  let start = 0;
  while (start < old.length - 1 && start < now.length - 1 && old[start] === now[start]) start++;
  let tail = 0;
  while (tail < old.length - 1 - start && tail < now.length - 1 - start && old.at(-1 - tail) === now.at(-1 - tail)) tail++;
  const end = old.length - 1 - tail;
  return {
    range: { start: { line: start, character: 0 }, end: { line: end, character: old[end]!.length } },
    newText: now.slice(start, now.length - tail).join('\n'),
  };
}
