import type { TextEdit } from '../rules/rule';

/** How far, in lines of both texts together, the search for the next equal line goes. */
const WINDOW = 64;

const utf8 = new TextDecoder('utf-8');
/** One character per byte, so that offsets in the string are offsets in the bytes. */
const bytewise = new TextDecoder('latin1');

/**
 * Edits, in order and without overlap, that turn one text into another, line by line. Meant for texts that differ in few
 * places: lines that moved further than {@link WINDOW} are replaced, not found.
 */
export function lineEdits(before: Uint8Array, after: Uint8Array): readonly TextEdit[] {
  const old = new Lines(before);
  const fresh = new Lines(after);
  const edits: TextEdit[] = [];
  for (let i = 0, j = 0; i < old.count || j < fresh.count; ) {
    if (i < old.count && j < fresh.count && old.line(i) === fresh.line(j)) {
      i++;
      j++;
      continue;
    }
    const [skipped, added] = nextEqual(old, i, fresh, j);
    const newText = utf8.decode(after.subarray(fresh.start(j), fresh.start(j + added)));
    edits.push({ range: { start: old.start(i), end: old.start(i + skipped) }, newText });
    i += skipped;
    j += added;
  }
  return edits;
}

/** How many lines of each text to pass over to come to the nearest equal ones; all of them when none is near. */
function nextEqual(old: Lines, i: number, fresh: Lines, j: number): [number, number] {
  for (let distance = 1; distance <= WINDOW; distance++) {
    for (let skipped = 0; skipped <= distance; skipped++) {
      const added = distance - skipped;
      if (i + skipped < old.count && j + added < fresh.count && old.line(i + skipped) === fresh.line(j + added)) return [skipped, added];
    }
  }
  return [old.count - i, fresh.count - j];
}

class Lines {
  private readonly starts: number[] = [];
  private readonly texts: readonly string[];

  constructor(bytes: Uint8Array) {
    this.texts = bytewise.decode(bytes).match(/[^\n]*\n|[^\n]+$/g) ?? [];
    let at = 0;
    for (const text of this.texts) {
      this.starts.push(at);
      at += text.length;
    }
    this.starts.push(at);
  }

  get count(): number {
    return this.texts.length;
  }

  line(index: number): string {
    return this.texts[index]!;
  }

  start(index: number): number {
    return this.starts[index]!;
  }
}
