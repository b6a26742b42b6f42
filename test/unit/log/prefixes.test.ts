import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { stripLine } from '../../../server/src/log/line';
import type { FailureRecord } from '../../../server/src/log/record';
import { readLog } from '../../../server/src/log/scanner';

const LOGS = join(__dirname, '..', '..', 'log');
/** Logs whose lines are whole: what they say does not depend on how they are carried. */
const WHOLE = readdirSync(LOGS).filter(
  (name) => /^page-(5\.15|6\.19|5\.19\.0-order4|6\.17\.0-order4-b2sum\.)|^oom-(6\.6|6\.2)/.test(name) && name.endsWith('.log'),
);

/** Ways a log is carried, as a function of the bare message and the number of its line. */
const STYLES: Readonly<Record<string, (message: string, index: number) => string>> = {
  'no prefix': (message) => message,
  'boot time': (message, i) => `[${(1000 + i / 10).toFixed(6).padStart(12)}] ${message}`,
  'boot time and task': (message, i) => `[ 1000.${100000 + i}][ T4711] ${message}`,
  'boot time, task, and a space': (message, i) => `[ 1000.${100000 + i}] [   T4711] ${message}`,
  'dmesg -T': (message) => `[Tue Oct 21 10:39:51 2025] ${message}`,
  'dmesg --delta': (message) => `[  +0.000004] ${message}`,
  syslog: (message, i) => `Jun  9 10:31:05 host kernel: [ 1000.${100000 + i}] ${message}`,
  'syslog without boot time': (message) => `Jun  9 10:31:05 host kernel: ${message}`,
  'ISO syslog': (message) => `2025-06-09T10:31:05.123456+02:00 host kernel: ${message}`,
  journald: (message) => `Jun 09 10:31:05 host.example kernel: ${message}`,
  'journald JSON': (message) => JSON.stringify({ _TRANSPORT: 'kernel', PRIORITY: '4', MESSAGE: message, SYSLOG_IDENTIFIER: 'kernel' }),
  OpenWrt: (message) => `Sun Jun  6 16:14:57 2025 kern.warn kernel: [  164.087315] ${message}`,
  'priority bytes': (message) => `<4>[  164.087315] ${message}`,
  'kmsg and netconsole': (message, i) => `4,${i},164087315,-;${message}`,
  'serial console with colours': (message) => `\u001b[32m[  164.087315] \u001b[0m\u001b[33m${message}\u001b[0m`,
  'quoted in a mail': (message) => `> [  164.087315] ${message}`,
  'quoted twice': (message) => `>> [  164.087315] ${message}`,
  'CR and LF': (message) => `[  164.087315] ${message}\r`,
};

/** Everything of a record but where it stands. */
function withoutLines(value: unknown): unknown {
  if (value instanceof Map) return withoutLines(Object.fromEntries(value));
  if (Array.isArray(value)) return value.map(withoutLines);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => key !== 'line' && key !== 'endLine')
      .map(([key, inner]) => [key, withoutLines(inner)]),
  );
}

const plain = (records: readonly FailureRecord[]) => records.map(withoutLines);

describe('prefixes of transports', () => {
  assert.ok(WHOLE.length >= 5);
  for (const [style, carry] of Object.entries(STYLES)) {
    test(`${style}: the same records`, () => {
      for (const name of WHOLE) {
        const messages = readFileSync(join(LOGS, name), 'utf8')
          .trimEnd()
          .split('\n')
          .map((line, index) => stripLine(line, index + 1).text);
        const expected = plain(readLog(`${messages.join('\n')}\n`));
        const carried = messages.map(carry).join('\n');
        assert.deepEqual(plain(readLog(`${carried}\n`)), expected, name);
        assert.equal(expected.length, 1);
      }
    });
  }

  test('two tasks that print at once are told apart where the log names them', () => {
    const [first, second] = ['page-5.19.0-order4-md5sum.log', 'page-5.15.86.mx64.443-order5-mount-nfs.log'].map((name) =>
      readFileSync(join(LOGS, name), 'utf8')
        .trimEnd()
        .split('\n')
        .map((line, index) => stripLine(line, index + 1).text),
    ) as [string[], string[]];
    const lines: string[] = [];
    for (let i = 0; i < Math.max(first.length, second.length); i++) {
      if (i < first.length) lines.push(`[    1.0][ T11] ${first[i]}`);
      if (i < second.length) lines.push(`[    1.0][ T22] ${second[i]}`);
    }
    const alone = [first, second].flatMap((one) => plain(readLog(`${one.join('\n')}\n`)));
    assert.deepEqual(plain(readLog(`${lines.join('\n')}\n`)), alone);
  });

  test('lines that a mail program wrapped at 72 columns', () => {
    for (const name of WHOLE) {
      const lines = readFileSync(join(LOGS, name), 'utf8')
        .trimEnd()
        .split('\n')
        .map((line, index) => stripLine(line, index + 1).text);
      const wrapped = lines.flatMap((line) => wrap(`[    1.000000] ${line}`));
      const zones = (text: string) =>
        plain(readLog(`${text}\n`).slice(0, 1)).map((record) => (record as { memory: { zones: unknown } }).memory.zones);
      assert.deepEqual(zones(wrapped.join('\n')), zones(lines.join('\n')), name);
    }
  });
});

function wrap(line: string): readonly string[] {
  if (line.length <= 72) return [line];
  const at = line.lastIndexOf(' ', 72);
  return at <= 20 ? [line] : [line.slice(0, at), ...wrap(line.slice(at + 1))];
}
