import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ruleById } from '../rules/registry';
import type { Page } from './protocol';
import { uriOfPath } from './uris';

/** Folders above the program in which the manual pages may lie: the bundle is in dist/, the sources are deeper. */
const LEVELS = 4;

/**
 * Links to the manual pages of the rules: as the client wants them (`{id}` in its template), else the page's file, when
 * the pages are installed beside the program. Never a web address: the links work offline.
 */
export class RulePages {
  private readonly folder: string | undefined;
  private readonly links = new Map<string, string | undefined>();

  constructor(
    programFolder: string,
    private readonly template: string | undefined,
  ) {
    this.folder = findPages(programFolder);
  }

  link(rule: string): string | undefined {
    if (this.template !== undefined) return this.template.replace('{id}', encodeURIComponent(rule));
    if (!this.links.has(rule)) this.links.set(rule, this.fileLink(rule));
    return this.links.get(rule);
  }

  page(rule: string): Page | null {
    const found = ruleById(rule);
    return found === undefined ? null : { title: rule, markdown: `# ${rule}\n\n${found.summary}\n\n${found.doc}` };
  }

  private fileLink(rule: string): string | undefined {
    if (this.folder === undefined) return undefined;
    const path = join(this.folder, `${rule}.md`);
    return existsSync(path) ? uriOfPath(path) : undefined;
  }
}

function findPages(programFolder: string): string | undefined {
  let at = programFolder;
  for (let level = 0; level < LEVELS; level++) {
    const folder = join(at, 'docs', 'rules');
    if (existsSync(folder)) return folder;
    at = dirname(at);
  }
  return undefined;
}
