import { visible } from './visible';

/** Markup that is safe to put into a page: it comes out of {@link html} and nowhere else. */
export class Html {
  constructor(readonly markup: string) {}
}

type Value = string | number | Html | readonly Html[];

/** HTML or SVG from a template. Every value that is no markup itself is escaped, for text and for quoted attributes alike. */
export function html(pieces: TemplateStringsArray, ...values: readonly Value[]): Html {
  return new Html(pieces.reduce((text, piece, index) => text + markupOf(values[index - 1]!) + piece));
}

function markupOf(value: Value): string {
  if (value instanceof Html) return value.markup;
  if (typeof value === 'string' || typeof value === 'number') return escapeHtml(String(value));
  return value.map((one) => one.markup).join('');
}

const ESCAPED: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;', '`': '&#96;' };

function escapeHtml(text: string): string {
  return visible(text).replace(/[&<>"'`]/g, (char) => ESCAPED[char]!);
}
