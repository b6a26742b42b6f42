import pc from 'picocolors';
import { type Palette, PLAIN } from '../report/text';

/** Colours for a stream: on a terminal unless NO_COLOR is set, elsewhere only with FORCE_COLOR. */
export function paletteFor(stream: NodeJS.WriteStream): Palette {
  const { NO_COLOR, FORCE_COLOR, TERM } = process.env;
  const forced = FORCE_COLOR !== undefined && FORCE_COLOR !== '' && FORCE_COLOR !== '0';
  const wanted = (NO_COLOR ?? '') === '' && (forced || (stream.isTTY === true && TERM !== 'dumb'));
  if (!wanted) return PLAIN;
  const { bold, dim, red, magenta, blue, cyan, green } = pc.createColors(true);
  const severity = { error: red, warning: magenta, info: blue, hint: cyan, note: cyan };
  return { bold, dim, mark: green, severity };
}
