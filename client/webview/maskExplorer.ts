import type { MaskAsk, MaskView, MaskViewResult } from '../../server/src/protocol/masks';
import { element, field, folding } from './elements';

declare function acquireVsCodeApi(): { postMessage(message: unknown): void; getState(): unknown; setState(state: unknown): void };

type ToView =
  | { readonly kind: 'start'; readonly ask: MaskAsk }
  | { readonly kind: 'answer'; readonly ask: MaskAsk; readonly result: MaskViewResult };

/** Where the request is made, in the words of `gfp-lens mask --context`. */
const CONTEXTS: readonly (readonly [word: string, label: string])[] = [
  ['nofs', 'NOFS scope'],
  ['noio', 'NOIO scope'],
  ['pin', 'PIN scope'],
  ['memalloc', 'PF_MEMALLOC'],
  ['softirq', 'softirq'],
  ['hardirq', 'hard interrupt'],
  ['rt', 'real-time task'],
  ['oom', 'OOM victim'],
];
const ORDERS = 11;
const TYPING_PAUSE_MS = 150;
/** How long the button says that it has done its work. */
const COPIED_MS = 2000;
const COPY = 'Copy as text';

const code = acquireVsCodeApi();

/** The controls stay where they are while answers come in, so that the focus does. */
const input = element('input', { type: 'text', id: 'mask', spellcheck: 'false', autocomplete: 'off', 'aria-describedby': 'error' });
const kernel = element('select', {});
const order = element('select', {});
const size = element('input', { type: 'number', min: '0', step: '1', placeholder: 'none' });
const composite = element('select', {});
const contexts = element('div', { class: 'choices' });
const flags = element('div', { class: 'choices flags' });
const error = element('p', { id: 'error', class: 'problem error', role: 'alert' });
/** What one looks at while changing flags: name, summary, problems; and below it the whole answer. */
const verdict = element('section', { id: 'verdict', 'aria-label': 'Summary' });
const answer = element('section', { id: 'answer', 'aria-label': 'Answer' });
const status = element('p', { class: 'visually-hidden', role: 'status' });
const copy = element('button', { type: 'button' }, COPY);

let ask: MaskAsk = (code.getState() as MaskAsk | undefined) ?? { text: '' };
let shown: MaskView | undefined;
let timer: ReturnType<typeof setTimeout> | undefined;
const folded = new Map<string, boolean>();

build();
window.addEventListener('message', ({ data }: MessageEvent<ToView>) => received(data));
code.postMessage({ kind: 'ready' });

function build(): void {
  for (let i = 0; i < ORDERS; i++) order.append(element('option', { value: String(i) }, String(i)));
  for (const [word, label] of CONTEXTS) contexts.append(choice('context', word, label));
  document
    .getElementById('explorer')!
    .append(
      element('h1', { class: 'visually-hidden' }, 'Mask explorer'),
      element(
        'div',
        { class: 'asked' },
        element(
          'form',
          { 'aria-label': 'Mask and request' },
          field('Mask: names, a number, or a line of a log', input),
          error,
          element(
            'div',
            { class: 'row' },
            field('Linux', kernel),
            field('Order', order),
            field('kmalloc bytes', size),
            field('Start from', composite),
            copy,
          ),
          fieldset('Context', contexts),
        ),
        element('section', { id: 'flag-choices', 'aria-label': 'Flags' }, folding('Flags', 'flags', true, flags)),
      ),
      element('div', { class: 'answered' }, verdict, answer),
      status,
    );
  input.addEventListener('input', () => later({ ...ask, text: input.value }));
  kernel.addEventListener('change', () => now({ ...ask, kernel: kernel.value }));
  order.addEventListener('change', () => now({ ...ask, order: Number(order.value) }));
  size.addEventListener('input', () => later(sized(size.value)));
  composite.addEventListener('change', () => {
    if (composite.value !== '') now({ ...ask, text: composite.value });
  });
  contexts.addEventListener('change', () => now({ ...ask, context: checked(contexts) }));
  flags.addEventListener('change', () => now({ ...ask, text: checked(flags).join(' | ') || '0x0' }));
  copy.addEventListener('click', () => {
    if (shown === undefined) return;
    code.postMessage({ kind: 'copy', text: shareable(shown) });
    status.textContent = 'Copied';
    copy.textContent = 'Copied';
    setTimeout(() => {
      copy.textContent = COPY;
    }, COPIED_MS);
  });
  document.querySelector('form')!.addEventListener('submit', (event) => event.preventDefault());
}

function fieldset(title: string, content: HTMLElement): HTMLElement {
  return element('fieldset', {}, element('legend', {}, title), content);
}

function choice(group: string, value: string, label: string, description = ''): HTMLElement {
  const box = element('input', { type: 'checkbox', name: group, value });
  return element('label', description === '' ? {} : { title: description }, box, element('span', {}, label));
}

function checked(group: HTMLElement): string[] {
  return [...group.querySelectorAll<HTMLInputElement>('input:checked')].map((box) => box.value);
}

/** Without bytes the order is chosen by hand; with them kmalloc() decides on it. */
function sized(text: string): MaskAsk {
  const { size: _size, order: _order, ...rest } = ask;
  return text === '' ? rest : { ...rest, size: Number(text) };
}

function later(next: MaskAsk): void {
  clearTimeout(timer);
  ask = next;
  timer = setTimeout(() => now(next), TYPING_PAUSE_MS);
}

function now(next: MaskAsk): void {
  clearTimeout(timer);
  ask = next;
  code.setState(ask);
  code.postMessage({ kind: 'ask', ask });
}

function received(message: ToView): void {
  if (message.kind === 'start') {
    input.value = message.ask.text;
    now({ ...ask, ...message.ask });
    return;
  }
  // An answer to an older question would undo what the user does meanwhile.
  if (JSON.stringify(message.ask) !== JSON.stringify(ask)) return;
  render(message.result);
}

function render(result: MaskViewResult): void {
  options(kernel, ['', ...result.kernels], (release) => (release === '' ? 'of the tree, or the newest' : release), ask.kernel ?? '');
  const failed = 'error' in result;
  error.textContent = failed ? withRemark(result.error) : '';
  error.hidden = !failed;
  input.setAttribute('aria-invalid', String(failed));
  copy.disabled = failed;
  if (failed) return;
  const { view } = result;
  shown = view;
  if (document.activeElement !== input) input.value = ask.text.startsWith('0x') && ask.text !== '0x0' ? ask.text : view.source;
  options(composite, ['', ...view.composites.map(({ name }) => name)], (name) => (name === '' ? 'a composite' : name), '');
  order.disabled = ask.size !== undefined;
  order.value = String(ask.order ?? 0);
  size.value = ask.size === undefined ? '' : String(ask.size);
  check(contexts, ask.context ?? []);
  renderFlags(view);
  renderAnswer(view);
  status.textContent = view.summary.join(' ');
}

/** Under an error the page still shows the answer before it, and says so. */
function withRemark(message: string): string {
  if (shown === undefined) return message;
  return `${message}${/[.?!]$/.test(message) ? '' : '.'} Below is the answer for the last mask that could be read.`;
}

/** Fills a list only when it changes: one that is open would close. */
function options(select: HTMLSelectElement, values: readonly string[], label: (value: string) => string, selected: string): void {
  if (select.options.length !== values.length || [...select.options].some((option, at) => option.value !== values[at]))
    select.replaceChildren(...values.map((value) => element('option', { value }, label(value))));
  select.value = selected;
}

function check(group: HTMLElement, values: readonly string[]): void {
  for (const box of group.querySelectorAll('input')) box.checked = values.includes(box.value);
}

function renderFlags(view: MaskView): void {
  const names = [...flags.querySelectorAll('input')].map((box) => box.value);
  if (names.join() !== view.flags.map(({ name }) => name).join())
    flags.replaceChildren(...view.flags.map(({ name, description }) => choice('flag', name, name, description)));
  check(
    flags,
    view.flags.filter(({ on }) => on).map(({ name }) => name),
  );
}

function renderAnswer(view: MaskView): void {
  for (const one of answer.querySelectorAll('details')) folded.set(one.id, one.open);
  verdict.replaceChildren(
    element('h2', { class: 'name' }, element('code', {}, nameOf(view))),
    element('p', { class: 'kernel' }, element('code', {}, view.hex), ` on Linux ${view.kernel}`),
    element('p', {}, view.summary.join(' ')),
    ...view.problems.map(({ severity, message, rule }) =>
      element('p', { class: `problem ${severity}` }, element('strong', {}, `${severity}: `), `${message} (${rule})`),
    ),
    ...view.notes.map((note) => element('p', { class: 'note' }, note)),
  );
  answer.replaceChildren(
    table(view.rows),
    ...listed('What the allocator does', 'path', view.path.map(pathItem)),
    ...listed('In allocators built on pages', 'nested', view.nested.map(nestedItem)),
  );
}

function table(rows: MaskView['rows']): HTMLElement {
  return element(
    'table',
    { 'aria-label': 'What the mask does' },
    element(
      'tbody',
      {},
      ...rows.map(([label, text]) => element('tr', {}, element('th', { scope: 'row' }, label), element('td', {}, text))),
    ),
  );
}

function listed(title: string, id: string, items: readonly HTMLElement[]): readonly HTMLElement[] {
  if (items.length === 0) return [];
  return [folding(title, id, folded.get(id) ?? id === 'path', element(id === 'path' ? 'ol' : 'ul', {}, ...items))];
}

function pathItem({ step, outcome, why, source }: MaskView['path'][number]): HTMLElement {
  const reason = why === undefined ? '' : ` (${why})`;
  return element('li', {}, element('strong', {}, step), `: ${outcome}${reason}`, element('div', { class: 'source' }, source));
}

function nestedItem({ allocator, hex, note }: MaskView['nested'][number]): HTMLElement {
  return element('li', {}, element('strong', {}, allocator), ': ', hex === null ? 'no pages' : element('code', {}, hex), `, ${note}`);
}

/** With room to break the line at. */
function nameOf({ name }: MaskView): string {
  return name.replaceAll('|', ' | ');
}

/** The view as text one can paste into a mail: the question and its answer. */
function shareable(view: MaskView): string {
  const request = [
    ...(ask.size === undefined ? [`order ${ask.order ?? 0}`] : [`kmalloc of ${ask.size} bytes`]),
    ...(ask.context ?? []),
  ].join(', ');
  const width = Math.max(...view.rows.map(([label]) => label.length));
  return [
    `${nameOf(view)} (${view.hex}) on Linux ${view.kernel}, ${request}`,
    ...view.summary,
    ...view.problems.map(({ severity, message, rule }) => `${severity}: ${message} [${rule}]`),
    '',
    ...view.rows.map(([label, text]) => `${label.padEnd(width)}  ${text}`),
    '',
    ...view.path.map(
      ({ step, outcome, why, source }, at) => `${at + 1}. ${step}: ${outcome}${why === undefined ? '' : ` (${why})`}\n   ${source}`,
    ),
    '',
  ].join('\n');
}
