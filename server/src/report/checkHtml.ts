import type { Certainty, Severity } from '../rules/rule';
import { type Html, html } from './html';

/** A finding as the report lists it. */
export interface ListedFinding {
  readonly rule: string;
  readonly severity: Severity;
  readonly certainty: Certainty;
  readonly message: string;
  /** From 1. */
  readonly line: number;
}

export interface CheckedFile {
  /** For people: relative to the tree. */
  readonly path: string;
  readonly uri: string;
  readonly findings: readonly ListedFinding[];
}

export interface CheckPage {
  /** What was checked: a folder or file, for people. */
  readonly what: string;
  /** `6.1.192 (tree)`. */
  readonly kernel: string;
  /** Files that were read. */
  readonly files: number;
  readonly cancelled: boolean;
  /** Files with findings, in the order in which they are shown. */
  readonly found: readonly CheckedFile[];
  /** Why something was not analysed, and how often. */
  readonly gaps: ReadonlyMap<string, number>;
}

/** Lines of one page: nobody reads more, and the Problems panel has them all. */
const MOST_FINDINGS = 1000;
/** A longer table would push the findings out of sight. */
const SHORT = 6;
const ORDER: readonly Severity[] = ['error', 'warning', 'info', 'hint'];

/**
 * What a check of a folder or a tree found, as the body of a web page. Semantic HTML without style and script; buttons say by `data-uri` and `data-line` (from 1) or by
 * `data-rule` what they lead to. All text is escaped.
 */
export function checkHtml(page: CheckPage): string {
  const all = page.found.flatMap(({ findings }) => findings);
  const sections = [heading(page, all), ...(all.length === 0 ? [] : [byRule(all)]), ...byFile(page.found, all.length), gaps(page.gaps)];
  return html`<main>${sections}</main>`.markup;
}

function heading({ what, kernel, files, cancelled }: CheckPage, all: readonly ListedFinding[]): Html {
  const counted = ORDER.map((severity) => [severity, all.filter((one) => one.severity === severity).length] as const).filter(
    ([, count]) => count > 0,
  );
  const kinds = counted.map(([severity, count]) => `${count} ${severity}${count === 1 || severity === 'info' ? '' : 's'}`).join(', ');
  const summary = all.length === 0 ? 'Nothing found.' : `${plural(all.length, 'finding')}: ${kinds}.`;
  const stopped = cancelled ? ' The check was stopped: files behind that were not read.' : '';
  return html`<header><h1>Check of ${what}</h1><p class="where">${plural(files, 'file')} read, Linux ${kernel}</p><p class="summary">${summary}${stopped}</p><p><span role="status"></span></p></header>`;
}

function byRule(all: readonly ListedFinding[]): Html {
  const counts = new Map<string, number>();
  for (const { rule } of all) counts.set(rule, (counts.get(rule) ?? 0) + 1);
  const rows = [...counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
  return html`<details${rows.length > SHORT ? html`` : html` open=""`}><summary><h2>By rule</h2></summary><table class="counts"><thead><tr><th scope="col">Rule</th><th scope="col">Findings</th></tr></thead><tbody>${rows.map(
    ([rule, count]) => html`<tr><th scope="row">${ruleButton(rule)}</th><td>${count}</td></tr>`,
  )}</tbody></table></details>`;
}

function byFile(files: readonly CheckedFile[], total: number): readonly Html[] {
  let left = MOST_FINDINGS;
  const sections: Html[] = [];
  for (const file of files) {
    if (left <= 0) break;
    const shown = file.findings.slice(0, left);
    left -= shown.length;
    sections.push(html`<section><h2>${file.path}</h2><ul class="findings">${shown.map((one) => row(one, file))}</ul></section>`);
  }
  const rest = total - MOST_FINDINGS;
  if (rest > 0) sections.push(html`<p class="dim">${plural(rest, 'finding')} more: see the Problems panel.</p>`);
  return sections;
}

function row({ line, severity, certainty, message, rule }: ListedFinding, { uri, path }: CheckedFile): Html {
  const kind = certainty === 'possible' ? 'possible' : severity;
  return html`<li><button type="button" class="link place" data-uri="${uri}" data-line="${line}" aria-label="${`${path}, line ${line}`}">${line}</button><span><span class="${`kind ${kind}`}">${kind}</span> ${message} ${ruleButton(rule)}</span></li>`;
}

function ruleButton(rule: string): Html {
  return html`<button type="button" class="link" data-rule="${rule}">${rule}</button>`;
}

function gaps(counts: ReadonlyMap<string, number>): Html {
  if (counts.size === 0) return html``;
  const rows = [...counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
  return html`<section><h2>Not analysed</h2><ul>${rows.map(([reason, count]) => html`<li>${reason}: ${count}</li>`)}</ul></section>`;
}

function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
