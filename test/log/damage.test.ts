import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { explainRecords, type FailureRecord, readLog } from '../../server/src/log/index';
import { logHtml } from '../../server/src/report/logHtml';
import { logJson } from '../../server/src/report/logJson';
import { logPage } from '../../server/src/report/logPage';
import { PLAIN } from '../../server/src/report/maskPage';

const folder = (name: string): readonly string[] =>
  readdirSync(join(__dirname, name))
    .filter((file) => file.endsWith('.log'))
    .map((file) => join(__dirname, name, file));
const LOGS = [...folder('.'), ...folder('context')];
const textOf = (path: string): string => readFileSync(path, 'utf8');
const nameOf = (path: string): string => path.slice(__dirname.length + 1);

/** Cut at every byte; the others at every so many. */
const EVERY_BYTE = ['page-5.15.0-order6-veth', 'page-4.9.56-order10-cma', 'oom-6.6.32-order2-test-samba-blfl', 'sleep-6.9-rcu'];
const STEP = 61;

/** Every number and word of a record that a reader takes for a fact, by where it belongs. */
function facts(record: FailureRecord): ReadonlyMap<string, unknown> {
  const found = new Map<string, unknown>();
  const add = (path: string, value: unknown): void => {
    if (value instanceof Map) for (const [key, one] of value) add(`${path}.${key}`, one);
    else if (Array.isArray(value)) for (const [index, one] of value.entries()) add(`${path}.${index}`, one);
    else if (typeof value === 'object' && value !== null) for (const [key, one] of Object.entries(value)) add(`${path}.${key}`, one);
    // Of what is said twice the line may differ, and how often it was said.
    else if (value !== undefined && !/\.(?:line|reports)$/.test(path)) found.set(path, value);
  };
  const { header, machine, memory, slab, oom, context } = record;
  // Lists that are sorted by size change their order when rows are missing.
  add('', { header, machine, slab, context, oom: { ...oom, largestTasks: undefined, taskCount: undefined } });
  for (const zone of memory?.zones ?? []) add(`zone ${zone.node} ${zone.name}`, { ...zone, node: undefined, name: undefined });
  add('memory', { counters: memory?.counters, totals: memory?.totals, nodes: memory?.nodes });
  return found;
}

/** Reads, explains and, where asked to, prints; nothing of it may throw. */
function explained(text: string, print = true): readonly FailureRecord[] {
  const records = readLog(text);
  for (const failure of explainRecords(records)) {
    if (!print) continue;
    logPage(failure, 1, PLAIN);
    logHtml(failure, { sources: true });
    JSON.stringify(logJson(failure));
  }
  return records;
}

function generator(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

/** Each number of the zones stands on the line it names. */
function assertWritten(records: readonly FailureRecord[], text: string): void {
  const lines = text.split('\n');
  for (const { memory } of records) {
    for (const zone of memory?.zones ?? []) {
      for (const [field, { value, line }] of zone.fields)
        assert.match(lines[line - 1] ?? '', new RegExp(`${value}[kK]B`), `${field} of ${zone.name}`);
      for (const cell of zone.buddy?.cells ?? [])
        assert.match(lines[cell.line - 1] ?? '', new RegExp(`${cell.count}[*_]${cell.blockKb}kB`));
    }
  }
}

describe('damaged logs', () => {
  for (const path of LOGS) {
    test(`${nameOf(path)}: cut anywhere, nothing is read that the whole log does not say`, () => {
      const text = textOf(path);
      const whole = readLog(text).map(facts);
      const step = EVERY_BYTE.some((name) => path.includes(name)) ? 1 : STEP;
      for (let end = 0; end < text.length; end += step) {
        for (const [index, record] of explained(text.slice(0, end), end % STEP === 0).entries()) {
          for (const [key, value] of facts(record)) {
            const full = whole[index]?.get(key);
            // A word that a reader would not take for a number may be shorter.
            if (typeof value === 'string' && typeof full === 'string' && full.startsWith(value)) continue;
            assert.deepEqual(value, full, `cut at ${end} (…${JSON.stringify(text.slice(Math.max(0, end - 40), end))}): ${key}`);
          }
        }
      }
    });
  }

  test('lines in any order: every number stands where it says it stands', () => {
    const random = generator(7);
    for (const path of LOGS) {
      for (let round = 0; round < 8; round++) {
        const lines = textOf(path).split('\n');
        for (let at = lines.length - 1; at > 0; at--) {
          const other = random(at + 1);
          [lines[at], lines[other]] = [lines[other]!, lines[at]!];
        }
        const text = lines.join('\n');
        assertWritten(explained(text), text);
      }
    }
  });

  test('lines missing, doubled, or overwritten: nothing throws', () => {
    const random = generator(11);
    for (const path of LOGS) {
      for (let round = 0; round < 8; round++) {
        const lines = textOf(path)
          .split('\n')
          .flatMap((line) => (random(8) === 0 ? [] : random(8) === 0 ? [line, line] : [line]))
          .map((line) => (line !== '' && random(6) === 0 ? overwritten(line, random) : line));
        explained(lines.join('\n'));
      }
    }
  });

  test('two tasks that print at once, line by line: both are read as if alone', () => {
    const [first, second] = ['page-5.15.0-order6-veth', 'page-6.17.0-order4-b2sum'].map((name) => textOf(join(__dirname, `${name}.log`)));
    const bare = (text: string): readonly string[] => text.split('\n').map((line) => line.replace(/^\[[ \d.]+\](?:\[ *[TC]\d+\])? ?/, ''));
    const tagged = (text: string, task: string): readonly string[] => bare(text).map((line) => `[  812.345678][ ${task}] ${line}`);
    const [a, b] = [tagged(first!, 'T4711'), tagged(second!, 'T815')];
    const alone = [a, b].map((lines) => withoutLines(readLog(`${lines.join('\n')}\n`)));
    const mixed: string[] = [];
    for (let at = 0; at < Math.max(a.length, b.length); at++) mixed.push(...[a[at], b[at]].filter((line) => line !== undefined));
    const together = withoutLines(readLog(`${mixed.join('\n')}\n`)) as readonly unknown[];
    assert.deepEqual(
      new Set(together.map((one) => JSON.stringify(one))),
      new Set(alone.flatMap((records) => (records as readonly unknown[]).map((one) => JSON.stringify(one)))),
    );
  });

  test('two tasks without names that print at once, in the middle of lines: numbers are read where they stand, or not', () => {
    const random = generator(13);
    const [first, second] = ['page-5.15.0-order6-veth', 'page-6.17.0-order4-b2sum'].map((name) =>
      textOf(join(__dirname, `${name}.log`)).split('\n'),
    );
    for (let round = 0; round < 100; round++) {
      const text = Array.from({ length: Math.max(first!.length, second!.length) }, (_, at) => {
        const [a = '', b = ''] = [first![at], second![at]];
        const cut = random(a.length + 1);
        return random(3) === 0 ? `${a.slice(0, cut)}${b}\n${a.slice(cut)}` : `${a}\n${b}`;
      }).join('\n');
      assertWritten(explained(text), text);
    }
  });
});

function overwritten(line: string, random: (below: number) => number): string {
  const at = random(line.length);
  const char = [' ', '(', '9', '\u0000', '*', ':', '\ud83d\udc27', 'k'][random(8)]!;
  return line.slice(0, at) + char + line.slice(at + 1 + random(4));
}

function withoutLines(records: readonly FailureRecord[]): unknown {
  return JSON.parse(
    JSON.stringify(records, (key, value: unknown) => {
      if (key === 'line' || key === 'endLine') return undefined;
      return value instanceof Map ? [...value] : value;
    }),
  );
}
