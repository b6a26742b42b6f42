import type { Page } from '../protocol/pages';
import { ruleById } from '../rules/registry';

/**
 * Links to the manual pages of the rules: as the client wants them (`{id}` in its template), else the page's file, when
 * the pages are installed beside the program. Never a web address: the links work offline.
 */
export class RulePages {
  private readonly links = new Map<string, string | undefined>();

  /** @param pageUri where the page of a rule is installed, if it is */
  constructor(
    private readonly pageUri: (rule: string) => string | undefined,
    private readonly template: string | undefined,
  ) {}

  link(rule: string): string | undefined {
    if (this.template !== undefined) return this.template.replace('{id}', encodeURIComponent(rule));
    if (!this.links.has(rule)) this.links.set(rule, this.pageUri(rule));
    return this.links.get(rule);
  }

  page(rule: string): Page | null {
    const found = ruleById(rule);
    return found === undefined ? null : { title: rule, markdown: `# ${rule}\n\n${found.summary}\n\n${found.doc}` };
  }
}
