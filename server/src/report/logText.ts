/** Breaks a text into lines of at most `width` columns; a word longer than that is cut. */
export function wrapText(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ').flatMap((one) => cutWord(one, width))) {
    if (line === '') line = word;
    else if (line.length + 1 + word.length <= width) line += ` ${word}`;
    else {
      lines.push(line);
      line = word;
    }
  }
  return [...lines, line];
}

/** Masks break behind a `|`, anything else where it must. */
function cutWord(word: string, width: number): readonly string[] {
  const pieces: string[] = [];
  let rest = word;
  while (rest.length > width) {
    const bar = rest.lastIndexOf('|', width - 1) + 1;
    const at = bar > 0 ? bar : width;
    pieces.push(rest.slice(0, at));
    rest = rest.slice(at);
  }
  return [...pieces, rest];
}

/** The first line behind a label, the rest under it. */
export function hanging(label: string, text: string, width: number): readonly string[] {
  const indent = ' '.repeat(label.length);
  return wrapText(text, width - label.length).map((line, index) => (index === 0 ? label : indent) + line);
}
