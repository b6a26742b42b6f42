type Child = Node | string;

/** An element with attributes and children. Text is always text, never HTML. */
export function element<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Readonly<Record<string, string>> = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[K] {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
}

/** A labelled control. */
export function field(label: string, control: HTMLElement): HTMLElement {
  return element('label', { class: 'field' }, element('span', {}, label), control);
}

/** A part of the page that can be folded; it stays as the user left it. */
export function folding(title: string, id: string, open: boolean, ...children: readonly Child[]): HTMLDetailsElement {
  const details = element('details', { id }, element('summary', {}, element('h2', {}, title)), ...children);
  details.open = open;
  return details;
}
