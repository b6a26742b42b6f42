import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { explainFailure } from '../../../server/src/log/explain';
import type { FailureRecord } from '../../../server/src/log/record';
import { LogScanner, readLog } from '../../../server/src/log/scanner';
import { logJson } from '../../../server/src/report/logJson';
import { logPage } from '../../../server/src/report/logPage';
import { PLAIN } from '../../../server/src/report/maskPage';

const LOGS = join(__dirname, '..', '..', 'log');
const logs = readdirSync(LOGS)
  .filter((name) => name.endsWith('.log'))
  .map((name) => ({ name, text: readFileSync(join(LOGS, name), 'utf8') }));
const anyLog = fc.constantFrom(...logs.map((one) => one.text));

/** Everything behind the reader runs as well: nothing may throw, no line may be too wide. */
function explainAll(text: string): readonly FailureRecord[] {
  const records = readLog(text);
  for (const record of records) {
    const explanation = explainFailure(record);
    JSON.stringify(logJson(explanation));
    for (const line of logPage(explanation, 1, PLAIN).split('\n')) assert.ok(line.length <= 80, line);
  }
  return records;
}

/** Numbers by the place they were read from: a line, a name. */
function numbersOf(records: readonly FailureRecord[]): ReadonlyMap<string, string> {
  const numbers = new Map<string, string>();
  const put = (name: string, line: number, value: unknown) => numbers.set(`${line} ${name}`, JSON.stringify(value));
  for (const { header, machine, memory, oom } of records) {
    for (const [name, read] of [...Object.entries(header), ...Object.entries(machine)]) put(name, read.line, read.value);
    for (const [name, read] of memory?.counters ?? []) put(name, read.line, read.value);
    for (const [name, read] of memory?.totals ?? []) put(name, read.line, read.value);
    for (const node of memory?.nodes ?? []) for (const [name, read] of node.fields) put(`node ${node.node} ${name}`, read.line, read.value);
    for (const zone of memory?.zones ?? []) {
      const key = `${zone.node} ${zone.name}`;
      for (const [name, read] of zone.fields) put(`${key} ${name}`, read.line, read.value);
      for (const [index, value] of zone.lowmemReserve?.value.entries() ?? [])
        put(`${key} reserve ${index}`, zone.lowmemReserve!.line, value);
      for (const cell of zone.buddy?.cells ?? []) put(`${key} blocks of ${cell.blockKb}`, cell.line, cell.count);
      if (zone.buddy?.total !== undefined) put(`${key} total`, zone.buddy.total.line, zone.buddy.total.value);
    }
    for (const task of oom?.largestTasks ?? []) put(`task ${task.pid}`, task.line, task.rssPages);
  }
  return numbers;
}

describe('damaged logs', () => {
  test('cut at any byte: never throws, and every number is one of the whole log', () => {
    for (const { name, text } of logs) {
      const whole = numbersOf(readLog(text));
      // Every third byte of the lines with numbers, every 13th of the rest: all of them take minutes.
      for (let end = 1; end < text.length; end += /free:|kB|order|mode|invoked|Killed/.test(lineAt(text, end)) ? 3 : 13) {
        for (const [key, value] of numbersOf(readLog(text.slice(0, end))))
          assert.equal(value, whole.get(key), `${name} cut at ${end}: ${key}`);
      }
    }
  });

  test('cut pieces can be explained', () => {
    fc.assert(
      fc.property(
        anyLog,
        fc.nat(),
        fc.nat(),
        (text, a, b) => void explainAll(text.slice(Math.min(a, b) % text.length, Math.max(a, b) % text.length)),
      ),
      {
        numRuns: 200,
      },
    );
  });

  test('shuffled lines', () => {
    const shuffled = anyLog.chain((text) => fc.shuffledSubarray(text.split('\n')).map((lines) => lines.join('\n')));
    fc.assert(
      fc.property(shuffled, (text) => void explainAll(text)),
      { numRuns: 200 },
    );
  });

  test('two logs that were printed at once, line by line and in the middle of lines', () => {
    fc.assert(
      fc.property(anyLog, anyLog, fc.integer({ min: 1, max: 200 }), fc.integer({ min: 1, max: 200 }), (a, b, stepA, stepB) => {
        let text = '';
        for (let i = 0, j = 0; i < a.length || j < b.length; i += stepA, j += stepB) text += a.slice(i, i + stepA) + b.slice(j, j + stepB);
        explainAll(text);
      }),
      { numRuns: 200 },
    );
  });

  test('bytes that are no text', () => {
    fc.assert(
      fc.property(anyLog, fc.uint8Array({ maxLength: 200 }), fc.nat(), (text, noise, at) => {
        const bytes = new TextEncoder().encode(text);
        const place = at % bytes.length;
        const records: FailureRecord[] = [];
        const scanner = new LogScanner((record) => records.push(record));
        scanner.push(bytes.subarray(0, place));
        scanner.push(noise);
        scanner.push(bytes.subarray(place));
        scanner.end();
        for (const record of records) explainFailure(record);
      }),
      { numRuns: 200 },
    );
  });
});

function lineAt(text: string, offset: number): string {
  return text.slice(text.lastIndexOf('\n', offset - 1) + 1, text.indexOf('\n', offset));
}

describe('a log in pieces', () => {
  test('is read like the whole, wherever it is divided', () => {
    fc.assert(
      fc.property(anyLog, fc.integer({ min: 1, max: 3000 }), (text, size) => {
        const bytes = new TextEncoder().encode(text);
        const records: FailureRecord[] = [];
        const scanner = new LogScanner((record) => records.push(record));
        for (let at = 0; at < bytes.length; at += size) scanner.push(bytes.subarray(at, at + size));
        scanner.end();
        assert.deepEqual(records, readLog(text));
      }),
      { numRuns: 100 },
    );
  });

  test('failures far apart are found with their lines', () => {
    const filler = 'Jun  9 10:31:05 host kernel: [15.67] usb 1-1: new device\n'.repeat(5000);
    const { text } = logs[0]!;
    const records = readLog(filler + text + filler + text);
    const alone = readLog(text)[0]!.line;
    const lines = text.split('\n').length - 1;
    assert.deepEqual(
      records.map((record) => record.line),
      [5000 + alone, 10_000 + lines + alone],
    );
  });
});
