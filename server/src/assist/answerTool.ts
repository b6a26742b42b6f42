import { AssistError, type AssistTree } from './assistant';
import { checkSources } from './checkSources';
import { type DecodeMaskQuestion, decodeMask } from './decodeMask';
import { explainFinding } from './explainFinding';
import { explainLog } from './explainLog';
import { ASSIST_TOOLS, toolInput } from './tools';

/** What an answer takes besides the question. */
export interface AssistSetting {
  readonly tree: AssistTree;
  /** The context of the tree is that of a real kernel, not of the newest release. */
  readonly inTree: boolean;
  /** Waited for between files; throws when nobody wants the answer any more. */
  readonly breathe: () => Promise<void>;
}

/** The answer of a tool, as text. Throws {@link AssistError} for a question that has none. */
export async function answerTool(name: string, input: unknown, { tree, inTree, breathe }: AssistSetting): Promise<string> {
  const tool = ASSIST_TOOLS.find((one) => one.name === name);
  if (tool === undefined) throw new AssistError(`there is no tool "${name}"; there are ${ASSIST_TOOLS.map((one) => one.name).join(', ')}`);
  // The schema says of each member what its question says.
  const question: unknown = toolInput(tool, input);
  switch (tool.name) {
    case 'decode_mask':
      return decodeMask(question as DecodeMaskQuestion, tree, inTree);
    case 'explain_log':
      return explainLog((question as { readonly log: string }).log);
    case 'check':
      return checkSources(question as object, tree, breathe);
    case 'explain_finding':
      return explainFinding(question as object, tree);
  }
}
