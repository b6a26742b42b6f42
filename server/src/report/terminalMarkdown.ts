/** How the parts of a Markdown page are shown on a terminal. */
export interface PageStyle {
  readonly heading: (text: string) => string;
  readonly code: (text: string) => string;
  readonly strong: (text: string) => string;
}

const CODE_INDENT = '    ';

/**
 * The Markdown of rule pages as terminal text: headings, code blocks indented, paragraphs and list items wrapped to
 * `width` cells. Knows only what those pages use.
 */
export function terminalMarkdown(markdown: string, style: PageStyle, width: number): string {
  const out: string[] = [];
  let paragraph: string[] = [];
  let fenced = false;
  const endParagraph = (): void => {
    if (paragraph.length > 0) out.push(...wrap(paragraph.join(' '), width).map((line) => inline(line, style)));
    paragraph = [];
  };
  for (const line of markdown.split('\n')) {
    if (line.startsWith('```')) {
      endParagraph();
      fenced = !fenced;
    } else if (fenced) out.push(line === '' ? '' : CODE_INDENT + style.code(line));
    else if (/^#+ /.test(line)) {
      endParagraph();
      out.push(style.heading(line.replace(/^#+ /, '')));
    } else if (line.trim() === '' || line.startsWith('|')) {
      endParagraph();
      out.push(line);
    } else {
      if (/^\s*[-*] /.test(line)) endParagraph();
      paragraph.push(paragraph.length === 0 ? line.trimEnd() : line.trim());
    }
  }
  endParagraph();
  return `${out.join('\n').trimEnd()}\n`;
}

/** Breaks at blanks; continuation lines of a list item line up with its text. */
function wrap(text: string, width: number): readonly string[] {
  const hang = ' '.repeat(/^\s*(?:[-*] )?/.exec(text)![0].length);
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(/(?<=\S) +/)) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line);
      line = hang + word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line];
}

/** `code`, **strong** and [links](target). */
function inline(line: string, style: PageStyle): string {
  return line
    .replace(/\[([^\]]+)\]\(([^)]+)\)/g, '$1 <$2>')
    .replace(/\*\*([^*]+)\*\*/g, (_, text: string) => style.strong(text))
    .replace(/`([^`]+)`/g, (_, text: string) => style.code(text));
}
