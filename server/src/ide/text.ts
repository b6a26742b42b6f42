/**
 * A piece of text for people. What comes out of the analysed source is always a `code` span, so that a renderer can
 * escape it; plain strings are our own words.
 */
export type Span = string | { readonly code: string };

export type Text = readonly Span[];

/** The longest source text shown in one span; longer ones are cut in the middle, where kernel expressions differ least. */
const MAX_CODE = 96;

/** Source text as a span: white space folded, cut to a readable length. */
export function code(source: string): Span {
  const folded = source.replace(/\s+/g, ' ').trim();
  if (folded.length <= MAX_CODE) return { code: folded };
  return { code: `${folded.slice(0, MAX_CODE - 24)} … ${folded.slice(-20)}` };
}

/** The spans of a list with `separator` between its items. */
export function joined(items: readonly Span[], separator: string): Text {
  return items.flatMap((item, index) => (index === 0 ? [item] : [separator, item]));
}
