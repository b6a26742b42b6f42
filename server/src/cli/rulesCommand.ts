import { rulePage } from '../report/rulePage';
import { terminalMarkdown } from '../report/terminalMarkdown';
import { ruleById, rules } from '../rules/registry';
import { UserError } from './errors';
import { EXIT, type Output } from './output';
import { paletteFor } from './palette';

const MAX_WIDTH = 100;

/** `gfp-lens rules [ID]`: the table of all rules, or the page of one. Throws {@link UserError} for an unknown id. */
export async function printRules(id: string | undefined, output: Output): Promise<number> {
  await output.write(id === undefined ? table() : page(id));
  await output.flush();
  return EXIT.ok;
}

function table(): string {
  const palette = paletteFor(process.stdout);
  const idWidth = Math.max(...rules.map((rule) => rule.id.length));
  return rules
    .map(
      (rule) => `${palette.bold(rule.id.padEnd(idWidth))}  ${palette.severity[rule.severity](rule.severity.padEnd(7))}  ${rule.summary}\n`,
    )
    .join('');
}

function page(id: string): string {
  const rule = ruleById(id);
  if (rule === undefined) throw new UserError(`there is no rule "${id}"; "gfp-lens rules" lists them`);
  const { bold, mark } = paletteFor(process.stdout);
  return terminalMarkdown(
    rulePage(rule),
    { heading: bold, code: mark, strong: bold },
    Math.min(process.stdout.columns ?? MAX_WIDTH, MAX_WIDTH),
  );
}
