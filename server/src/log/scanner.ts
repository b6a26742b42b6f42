import { AnchorSearch } from './anchors';
import { Collector, cutLine } from './collector';
import { Draft } from './draft';
import { EventTally } from './eventTally';
import { stripLine } from './line';
import { readEvent } from './readEvent';
import type { FailureRecord } from './record';
import { StateReader } from './state/readState';

/** Longer lines are cut: no message of the kernel is that long. */
const LONGEST_LINE = 1 << 16;

/**
 * Finds failure records in a log that comes in pieces, in constant memory. Between records only a few words are searched for, so that a long log
 * costs little more than decoding it.
 */
export class LogScanner {
  private readonly decoder = new TextDecoder('utf-8');
  private readonly collector: Collector;
  private rest = '';
  private line = 1;

  private readonly events = new EventTally();
  private readonly state = new StateReader();

  constructor(private readonly emit: (record: FailureRecord) => void) {
    this.collector = new Collector(emit);
  }

  push(bytes: Uint8Array): void {
    this.scan(this.rest + this.decoder.decode(bytes, { stream: true }));
  }

  /** Text instead of bytes; not to be mixed with {@link push}. */
  pushText(text: string): void {
    this.scan(this.rest + text);
  }

  end(): void {
    this.scan(this.rest + this.decoder.decode());
    if (this.rest !== '') this.take(cutLine(this.rest.slice(0, LONGEST_LINE)));
    this.rest = '';
    this.collector.end();
    const state = this.state.report();
    if (state !== undefined) this.emit(new Draft('state', state.line, undefined).finishState(state));
    const events = this.events.report();
    if (events !== undefined) this.emit(new Draft('events', events.line, undefined).finishEvents(events));
  }

  private take(text: string): void {
    const event = readEvent(text);
    if (event !== undefined) {
      this.events.add(event, this.line);
      return;
    }
    const line = stripLine(text, this.line);
    if (!this.state.take(line)) this.collector.push(line);
  }

  private scan(text: string): void {
    let position = 0;
    const complete = text.lastIndexOf('\n') + 1;
    const anchors = new AnchorSearch(text);
    while (position < complete) {
      if (this.collector.isIdle && !this.state.isOpen) {
        const anchor = anchors.from(position);
        const start = anchor >= complete ? complete : text.lastIndexOf('\n', anchor) + 1;
        this.line += countLines(text, position, start);
        position = start;
        if (position >= complete) break;
      }
      const end = text.indexOf('\n', position);
      this.take(text.slice(position, Math.min(end, position + LONGEST_LINE)));
      this.line++;
      position = end + 1;
    }
    this.rest = text.slice(complete);
    // A "line" without an end is no log: what came so far is enough of it.
    if (this.rest.length > LONGEST_LINE * 2) this.rest = this.rest.slice(0, LONGEST_LINE);
  }
}

function countLines(text: string, from: number, to: number): number {
  let count = 0;
  // Many times faster than looking at each character.
  for (let at = text.indexOf('\n', from); at >= 0 && at < to; at = text.indexOf('\n', at + 1)) count++;
  return count;
}

/** All records of a text. */
export function readLog(text: string): readonly FailureRecord[] {
  const records: FailureRecord[] = [];
  const scanner = new LogScanner((record) => records.push(record));
  scanner.pushText(text);
  scanner.end();
  return records;
}
