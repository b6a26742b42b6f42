import pc from 'picocolors';
import { type Palette as MaskPalette, PLAIN as PLAIN_MASK } from '../report/maskPage';
import { type Palette, PLAIN } from '../report/text';

/** Whether a stream gets colours: a terminal unless NO_COLOR is set, anything else only with FORCE_COLOR. */
function wantsColours(stream: NodeJS.WriteStream): boolean {
  const { NO_COLOR, FORCE_COLOR, TERM } = process.env;
  if ((NO_COLOR ?? '') !== '') return false;
  const forced = FORCE_COLOR !== undefined && FORCE_COLOR !== '' && FORCE_COLOR !== '0';
  return forced || (stream.isTTY === true && TERM !== 'dumb');
}

/** The colours of findings and rule pages. */
export function paletteFor(stream: NodeJS.WriteStream): Palette {
  if (!wantsColours(stream)) return PLAIN;
  const { bold, dim, red, magenta, blue, cyan, green } = pc.createColors(true);
  return { bold, dim, mark: green, severity: { error: red, warning: magenta, info: blue, hint: cyan, note: cyan } };
}

/** The colours of mask pages. */
export function maskPaletteFor(stream: NodeJS.WriteStream): MaskPalette {
  if (!wantsColours(stream)) return PLAIN_MASK;
  const { bold, dim, red, yellow, green } = pc.createColors(true);
  return { bold, dim, red, yellow, green };
}
