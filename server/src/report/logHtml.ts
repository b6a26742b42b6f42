import { type Advice, type CallSite, type FailureExplanation, hasVerdict, roleOf, TITLES, type ZoneExplanation } from '../log/index';
import type { Frame } from '../log/record';
import { type Html, html } from './html';
import { eventTables } from './logEvents';
import { agreement } from './logSourcePage';
import type { LogSourceRecord } from './logSourceRecord';
import { buddySvg, zoneSvg } from './logSvg';

/** What the viewer can do beside showing the page. */
export interface LogHtmlOptions {
  /** A kernel tree is open: functions can be looked up in it. */
  readonly sources: boolean;
  /** The caller in that tree, once it was looked up. */
  readonly source?: LogSourceRecord | undefined;
}

/**
 * One failure as the body of a web page: summary, what to do, request, zones with pictures, the allocator's way, trace. Semantic HTML without style and
 * script; buttons say by `data-line` (of the log, from 1) and by `data-function`, `data-module` what they lead to. All text of the log is escaped.
 */
export function logHtml(failure: FailureExplanation, options: LogHtmlOptions): string {
  const sections = [
    heading(failure),
    advice(failure),
    request(failure),
    failure.events === undefined ? undefined : eventTables(failure.events),
    zones(failure),
    path(failure),
    locks(failure),
    tasks(failure),
    beside(failure),
    options.source === undefined ? undefined : sourceSection(options.source, failure),
    trace(failure, options),
    missing(failure),
  ];
  return html`<main>${sections.filter((one) => one !== undefined)}</main>`.markup;
}

/** The name of the page. */
export function logTitle({ kind, verdict }: FailureExplanation): string {
  return hasVerdict(kind) && verdict !== 'unknown' ? `${TITLES[kind]}: ${verdict}` : TITLES[kind];
}

function heading(failure: FailureExplanation): Html {
  const { record, kernel, kernelFrom, kind, summary, supports, contradicts } = failure;
  const from = { log: '', mask: ' (guessed from the mask)', assumed: ' (assumed: the log names none)' }[kernelFrom];
  const lines = record.line === record.endLine ? `line ${record.line}` : `lines ${record.line} to ${record.endLine}`;
  const suppressed = record.suppressed === undefined ? '' : `, ${record.suppressed.value} more not printed (rate limit)`;
  const evidence = [...supports.map((text) => sign('for', text)), ...contradicts.map((text) => sign('against', text))];
  return html`<header><h1>${capital(logTitle(failure))}</h1><p class="where">${lineButton(record.line, lines)}${kind === 'state' ? '' : `, Linux ${kernel}${from}`}${suppressed}</p><p class="summary">${summary}</p>${evidence.length === 0 ? '' : html`<ul class="evidence">${evidence}</ul>`}<p class="actions"><button type="button" data-copy="">Copy report</button> <span role="status"></span></p></header>`;
}

function sign(side: 'for' | 'against', text: string): Html {
  const [mark, words] = side === 'for' ? ['+', 'speaks for it'] : ['\u2212', 'speaks against it'];
  return html`<li class="${side}"><span class="sign" role="img" aria-label="${words}">${mark}</span> ${text}</li>`;
}

const READERS: Readonly<Record<Advice['for'], string>> = { developer: 'In the code', operator: 'On the machine', nobody: 'Or nothing' };

function advice({ advice: list }: FailureExplanation): Html | undefined {
  if (list.length === 0) return undefined;
  return section('What to do', html`<ol>${list.map((one) => html`<li><strong>${READERS[one.for]}:</strong> ${one.text}</li>`)}</ol>`);
}

function request(failure: FailureExplanation): Html | undefined {
  const { mask, maskText, order, sizeKb, site, process } = failure;
  if (mask === undefined) return undefined;
  const floor = mask.reserveFloor === 1 ? 'the min watermark' : `${mask.reserveFloor * 100} % of the min watermark`;
  const sleep = mask.mayBlock ? `yes${mask.mayFS ? '' : mask.mayIO ? ', but not call into filesystems' : ', but not start I/O'}` : 'no';
  return section(
    'Request',
    html`<dl>${[
      pair('Process', process ?? 'not in the log'),
      pair(
        'Size',
        order === undefined || sizeKb === undefined
          ? 'not in the log'
          : `order ${order}: ${order === 0 ? '1 page' : `${2 ** order} pages`}, ${sizeKb} kB`,
      ),
      pair('Mask', html`<code>${maskText ?? ''}</code> (${mask.hex})`),
      pair('May sleep', sleep),
      pair('Zones', `${mask.zone} and below, ${mask.migratetype} blocks`),
      pair('Floor', floor),
      pair('Fails', mask.failure),
      ...(site === undefined ? [] : [pair('Caller', siteText(site))]),
    ]}</dl>`,
  );
}

function siteText(site: CallSite): Html {
  const module = site.module === undefined ? '' : ` [${site.module}]`;
  const place = site.file === null ? '' : `, ${site.file}${site.line === null ? '' : `:${site.line}`}`;
  return html`<code>${site.function}()</code>${module}${place}, ${lineButton(site.logLine)}`;
}

function zones(failure: FailureExplanation): Html | undefined {
  const allowed = failure.zones.filter((zone) => zone.allowed);
  const excluded = failure.zones.filter((zone) => !zone.allowed).map(zoneName);
  if (failure.zones.length === 0) return undefined;
  return section(
    'Zones, in the order they are tried',
    html`${allowed.map((zone, index) => zoneArticle(zone, failure, `zone-${index}`))}${excluded.length === 0 ? '' : html`<p class="dim">Not for this request: ${excluded.join(', ')}.</p>`}`,
  );
}

function zoneName(zone: ZoneExplanation): string {
  return zone.node === undefined ? zone.zone : `${zone.zone} of node ${zone.node}`;
}

function zoneArticle(zone: ZoneExplanation, { kind, order }: FailureExplanation, id: string): Html {
  const verdict = kind === 'state' || kind === 'memory' ? '' : html` <span class="verdict ${zone.verdict}">${zone.verdict}</span>`;
  const bars = zoneSvg(zone, `${id}-free`);
  const blocks = buddySvg(zone, kind === 'state' ? undefined : order, `${id}-blocks`);
  return html`<article><h3>${zoneName(zone)}${verdict}</h3><p>${zone.reason}</p>${figure(bars, zoneCaption(zone))}${figure(blocks, blocksCaption(zone, kind === 'state' ? undefined : order))}${numbers(zone)}</article>`;
}

function figure(picture: Html | undefined, caption: string): Html | string {
  return picture === undefined ? '' : html`<figure>${picture}<figcaption>${caption}</figcaption></figure>`;
}

function zoneCaption(zone: ZoneExplanation): string {
  const closed = [...((zone.cma ?? 0) > 0 ? ['CMA'] : []), ...((zone.highatomic ?? 0) > 0 ? ['high-atomic blocks'] : [])];
  const hatched = closed.length === 0 ? '' : ` Hatched: ${closed.join(' and ')}, as far as closed to this request.`;
  return `What is usable has to reach beyond the line.${hatched}`;
}

function blocksCaption(zone: ZoneExplanation, order: number | undefined): string {
  const wanted = order === undefined || order === 0 ? '' : ' Those on the band are large enough.';
  const closed = zone.buddy.some((one) => one.count > 0 && !one.open) ? ' Hatched: closed to this request.' : '';
  return `Free blocks by order: how many, and on which lists.${wanted}${closed}`;
}

const NUMBERS = ['free', 'usable', 'floor', 'reserve', 'boost', 'min', 'low', 'high', 'managed', 'cma', 'highatomic'] as const;

function numbers(zone: ZoneExplanation): Html {
  const rows = NUMBERS.filter((name) => zone[name] !== undefined).map(
    (name) => html`<tr><th scope="row">${name}</th><td>${zone[name]!} kB</td></tr>`,
  );
  const blocks = zone.buddy.map(
    (one) =>
      html`<tr><th scope="row">order ${one.order}</th><td>${one.count} \u00d7 ${one.blockKb} kB${one.types === null ? '' : ` (${one.types})`}${one.open ? '' : ', closed'}</td></tr>`,
  );
  return html`<details><summary>Numbers of ${zoneName(zone)}</summary><table><tbody>${rows}${blocks}</tbody></table><p>${lineButton(zone.line, 'In the log')}</p></details>`;
}

function path({ path: steps }: FailureExplanation): Html | undefined {
  if (steps.length === 0) return undefined;
  return section(
    'What the allocator tried',
    html`<ol>${steps.map(({ step, outcome }) => html`<li><strong>${step}:</strong> ${outcome}</li>`)}</ol>`,
  );
}

function locks({ record }: FailureExplanation): Html | undefined {
  const held = record.context?.locks ?? [];
  if (held.length === 0) return undefined;
  return section(
    'Locks held',
    html`<ul>${held.map((lock) => html`<li><code>${lock.name}</code>, taken in <code>${lock.at}()</code>, ${lineButton(lock.line)}</li>`)}</ul>`,
  );
}

function beside({ kind, beside: sentences }: FailureExplanation): Html | undefined {
  if (sentences.length === 0) return undefined;
  return section(
    kind === 'state' ? 'The requests of the log' : 'From /proc beside the log',
    html`<ul>${sentences.map((text) => html`<li>${text}</li>`)}</ul>`,
  );
}

function tasks({ record, order, sizeKb }: FailureExplanation): Html | undefined {
  const list = record.oom?.largestTasks ?? [];
  if (list.length === 0) return undefined;
  const pageKb = order === undefined || sizeKb === undefined ? 4 : sizeKb / 2 ** order;
  const rows = list.map(
    (task) =>
      html`<tr><th scope="row">${task.name}</th><td>${task.pid}</td><td>${task.rssPages * pageKb} kB</td><td>${lineButton(task.line)}</td></tr>`,
  );
  return section(
    'Largest tasks',
    html`<table><thead><tr><th scope="col">Name</th><th scope="col">Process</th><th scope="col">Resident</th><th scope="col">Log</th></tr></thead><tbody>${rows}</tbody></table>`,
  );
}

function trace(failure: FailureExplanation, { sources }: LogHtmlOptions): Html | undefined {
  const frames = failure.record.trace;
  if (frames.length === 0) return undefined;
  return section('Call trace', html`<ol class="trace">${frames.map((frame) => frameItem(frame, failure.site, sources))}</ol>`);
}

function frameItem(frame: Frame, site: CallSite | undefined, sources: boolean): Html {
  const asked = frame.line === site?.logLine;
  const kind = asked ? 'asked' : frame.unsure ? 'unsure' : roleOf(frame);
  const note = asked ? html` <strong>asked for the memory</strong>` : frame.unsure ? html` (perhaps left over)` : '';
  const module = frame.module === undefined ? '' : ` [${frame.module}]`;
  const place = frame.source === undefined ? '' : ` ${frame.source}`;
  const lookUp = sources
    ? html` <button type="button" class="link" data-function="${frame.name}" data-module="${frame.module ?? ''}" aria-label="Open the source of ${frame.name}">source</button>`
    : '';
  return html`<li class="${kind}"><code>${frame.name}()</code>${module}${place}${note} ${lineButton(frame.line)}${lookUp}</li>`;
}

function sourceSection(source: LogSourceRecord, { site }: FailureExplanation): Html {
  const { file, line, call, findings, fix } = source;
  const open = html`<button type="button" class="link" data-function="${site?.function ?? ''}" data-module="${site?.module ?? ''}" data-source-line="${line}">${file}:${line}</button>`;
  const found = findings.map((one) => html`<li>${one.severity}: ${one.message} <code>[${one.rule}]</code></li>`);
  return section(
    'In the source',
    html`<p>${open}</p>${call === null ? html`<p>No allocation is seen in this function.</p>` : html`<pre><code>${call}</code></pre>`}${agreement(source).map((text) => html`<p>${text}</p>`)}${found.length === 0 ? '' : html`<ul>${found}</ul>`}${fix === null ? '' : html`<p>Fix: ${fix.title}</p><pre><code>${fix.diff}</code></pre>`}`,
  );
}

function missing({ missing: names }: FailureExplanation): Html | undefined {
  return names.length === 0 ? undefined : html`<footer class="dim"><p>Not in the log: ${names.join(', ')}.</p></footer>`;
}

function section(title: string, content: Html): Html {
  const id = `section-${title.toLowerCase().replace(/[^a-z]+/g, '-')}`;
  return html`<section aria-labelledby="${id}"><h2 id="${id}">${title}</h2>${content}</section>`;
}

function pair(term: string, description: string | Html): Html {
  return html`<div><dt>${term}</dt><dd>${description}</dd></div>`;
}

function lineButton(line: number, text = `line ${line}`): Html {
  return html`<button type="button" class="link" data-line="${line}" aria-label="${text}, show in the log">${text}</button>`;
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
