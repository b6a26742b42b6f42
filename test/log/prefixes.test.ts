import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { type FailureRecord, readLog } from '../../server/src/log/index';
import { stripLine } from '../../server/src/log/line';

/** Logs without any prefix, of old and new kernels. */
const PLAIN = [
  'page-4.9.56-order10-cma',
  'page-5.15.0-order6-veth',
  'oom-6.7.4-order0-rsync',
  'page-2.6.38-order0-swapper',
  'page-6.19.5-order5-v4l2src0-src',
];

/** What is compared: everything but where it stands. */
function content(records: readonly FailureRecord[]): unknown {
  return JSON.parse(
    JSON.stringify(records, (key, value: unknown) => {
      if (key === 'line' || key === 'endLine') return undefined;
      return value instanceof Map ? [...value] : value;
    }),
  );
}

type Style = (line: string, index: number) => string;

const clock = (index: number): string => `${812 + Math.floor(index / 100)}.${String(345678 + index).padStart(6, '0')}`;

/** How transports and people write a line of the kernel. */
const STYLES: Readonly<Record<string, Style>> = {
  'time stamps of the kernel': (line, index) => `[  ${clock(index)}] ${line}`,
  'with the printing task': (line, index) => `[  ${clock(index)}][ T4711] ${line}`,
  'with the processor': (line, index) => `[  ${clock(index)}][    C3] ${line}`,
  'dmesg -T': (line) => `[Fri Jun  7 10:31:05 2024] ${line}`,
  'dmesg --time-format iso': (line) => `2024-06-07T10:31:05,123456+02:00 ${line}`,
  'dmesg --reltime': (line, index) => (index === 0 ? `[Jun 7 10:31] ${line}` : `[  +0.000012] ${line}`),
  'dmesg -x': (line, index) => `kern  :warn  : [  ${clock(index)}] ${line}`,
  'dmesg -r': (line, index) => `<4>[  ${clock(index)}] ${line}`,
  'syslog of the last century': (line, index) => `Jun  7 10:31:05 host kernel: [  ${clock(index)}] ${line}`,
  'syslog without kernel times': (line) => `Jun  7 10:31:05 mmp.example.com kernel: ${line}`,
  'RFC 5424': (line, index) => `2024-06-07T10:31:05.123456+02:00 host kernel: [  ${clock(index)}] ${line}`,
  'RFC 5424 on the wire': (line) => `<4>1 2024-06-07T10:31:05.123456+02:00 host kernel - - - ${line}`,
  'journalctl -o short-iso': (line) => `2024-06-07T10:31:05+0200 host kernel: ${line}`,
  'journalctl -o short-monotonic': (line, index) => `[  ${clock(index)}] host kernel: ${line}`,
  'journalctl -o json': (line) => JSON.stringify({ MESSAGE: line, _TRANSPORT: 'kernel', PRIORITY: '4' }),
  'journalctl -o json, as bytes': (line) => JSON.stringify({ MESSAGE: [...Buffer.from(line)], PRIORITY: '4' }),
  'journalctl -o cat': (line) => line,
  'a file with a byte order mark': (line, index) => (index === 0 ? `\ufeff${line}` : line),
  busybox: (line) => `Fri Jun  7 10:31:05 2024 kern.warn kernel: ${line}`,
  'openwrt with times': (line, index) => `Fri Jun  7 10:31:05 2024 kern.warn kernel: [  ${clock(index)}] ${line}`,
  '/dev/kmsg': (line, index) => `4,${1000 + index},${812345678 + index},-;${line}`,
  'netconsole, extended': (line, index) => `4,${1000 + index},${812345678 + index},-,ncfrag=0/64;${line}`,
  'a serial console with the time of the capture': (line, index) => `[2024-06-07 10:31:05.123] [  ${clock(index)}] ${line}`,
  minicom: (line, index) => `[2024-06-07 10:31:05] [  ${clock(index)}] ${line}`,
  'picocom, CR LF': (line, index) => `[  ${clock(index)}] ${line}\r`,
  'a test laboratory': (line, index) => `10:31:05.123 [  ${clock(index)}] ${line}`,
  'android logcat': (line, index) => `06-07 10:31:05.123     0     0 W : [  ${clock(index)}] ${line}`,
  'a vendor of phones': (line, index) =>
    `${(0x4166 + index).toString(16).toUpperCase().padStart(5, '0')} < 4> [  ${clock(index)}] [03-19 10:05:52.172] ${line}`,
  'quoted in a mail': (line, index) => `> [  ${clock(index)}] ${line}`,
  'quoted three times': (line, index) => `>>> [  ${clock(index)}] ${line}`,
  'quoted with blanks': (line, index) => `> > > [  ${clock(index)}] ${line}`,
  'quoted without times': (line) => `> ${line}`,
  'indented as code': (line, index) => `    [  ${clock(index)}] ${line}`,
  'a tab in front': (line) => `\t${line}`,
  'colours of a terminal': (line, index) => `\u001b[32m[  ${clock(index)}] \u001b[0m\u001b[31m${line}\u001b[0m`,
  'docker and kubernetes': (line, index) => JSON.stringify({ log: `[  ${clock(index)}] ${line}\n`, stream: 'stdout' }),
  'cloud console, JSON payload': (line, index) => JSON.stringify({ textPayload: `[  ${clock(index)}] ${line}` }),
};

for (const name of PLAIN) {
  const raw = readFileSync(join(__dirname, `${name}.log`), 'utf8').split('\n');
  // The same text without what is in front of it, so that other prefixes can be put there.
  const bare = raw.map((line) =>
    line.replace(/^\s*(?:\[[ \d.]+\](?:\[ *[TC]\d+\])? ?|[A-Z][a-z]{2} +\d+ [\d:]+ \S+ kernel: (?:\[[ \d.]+\] )?)/, ''),
  );
  const lines = bare.slice(0, bare.findLastIndex((line) => line !== '') + 1);
  const plain = readLog(`${lines.join('\n')}\n`);
  const expected = content(plain);

  describe(`${name} in other clothes`, () => {
    test('there is something to compare', () => assert.equal(plain.length, 1));

    for (const [style, dress] of Object.entries(STYLES)) {
      test(style, () => {
        const text = lines.map(dress).join('\n');
        const records = content(readLog(`${text}\n`)) as { machine: unknown; header: unknown }[];
        const strip = (value: unknown): unknown =>
          JSON.parse(JSON.stringify(value), (key, one: unknown) => (key === 'value' && typeof one === 'string' ? one.trim() : one));
        assert.deepEqual(strip(records), strip(expected));
      });
    }
  });
}

/** The numbers of the zones: `0 Normal free` and `0 Normal order 3`. */
function numbers(records: readonly FailureRecord[]): ReadonlyMap<string, number> {
  const found = new Map<string, number>();
  for (const { memory } of records) {
    for (const zone of memory?.zones ?? []) {
      const name = `${zone.node} ${zone.name}`;
      for (const [field, { value }] of zone.fields) found.set(`${name} ${field}`, value);
      for (const [order, cell] of (zone.buddy?.cells ?? []).entries()) found.set(`${name} order ${order} of ${cell.blockKb}`, cell.count);
    }
  }
  return found;
}

/** At blanks, as mail programs do. */
function wrappedAtBlanks(line: string, width: number): string {
  const lines: string[] = [];
  let rest = line;
  while (rest.length > width) {
    const blank = rest.lastIndexOf(' ', width);
    if (blank <= rest.length - rest.trimStart().length) break;
    lines.push(rest.slice(0, blank));
    rest = rest.slice(blank + 1);
  }
  return [...lines, rest].join('\n');
}

/** In the middle of words, as terminals do. */
function wrappedAtWidth(line: string, width: number): string {
  return (line.match(new RegExp(`.{1,${width}}`, 'g')) ?? ['']).join('\n');
}

/** As RFC 2045 says: `=` is encoded, and no line has more than 76 characters. */
function quotedPrintable(line: string): string {
  const pieces = [''];
  for (const character of line) {
    const code = character === '=' ? '=3D' : character;
    if (pieces.at(-1)!.length + code.length > 75) pieces.push('');
    pieces[pieces.length - 1] += code;
  }
  return pieces.join('=\n');
}

describe('numbers that look like the codes of quoted-printable mail', () => {
  const SIZES = 'Node 0 hugepages_total=20 hugepages_free=20 hugepages_surp=0 hugepages_size=2048kB';
  const KILL = 'probe invoked oom-killer: gfp_mask=0xcc0(GFP_KERNEL), order=0, oom_score_adj=200';
  const KILLED = 'oom-kill:constraint=CONSTRAINT_NONE,nodemask=(null),task=probe,pid=2045,uid=0';

  test('are read from a log as it is, and from a mail', () => {
    const log = [KILL, 'Mem-Info:', SIZES, '20480 pages RAM', KILLED, ''].join('\n');
    for (const text of [log, log.split('\n').map(quotedPrintable).join('\n')]) {
      const [record] = readLog(text);
      assert.deepEqual(
        record?.memory?.hugepages.map(({ total, free, sizeKb }) => [total, free, sizeKb]),
        [[20, 20, 2048]],
      );
      assert.equal(record?.header.oomScoreAdj?.value, 200);
    }
  });

  test('alone on a line they stay numbers; codes at the end and in runs are blanks', () => {
    assert.equal(stripLine('killed pid=2045', 1).text, 'killed pid=2045');
    assert.equal(stripLine('Call Trace:=20', 1).text.trimEnd(), 'Call Trace:');
    assert.equal(stripLine('=20=20f+0x1/0x2', 1).text.trim(), 'f+0x1/0x2');
    assert.equal(stripLine('order=3D3=20now', 1).text, 'order=3 now');
  });
});

describe('broken lines', () => {
  for (const name of PLAIN) {
    const text = readFileSync(join(__dirname, `${name}.log`), 'utf8');
    const expected = numbers(readLog(text));
    const rewrapped = (wrap: (line: string) => string): ReadonlyMap<string, number> =>
      numbers(readLog(text.split('\n').map(wrap).join('\n')));

    test(`${name}: wrapped by a mail program, every number is read`, () => {
      for (const width of [72, 74, 76, 78, 80, 100])
        assert.deepEqual(
          rewrapped((line) => wrappedAtBlanks(line, width)),
          expected,
          `${width} columns`,
        );
    });

    test(`${name}: wrapped by a terminal, no number is read wrong, and most are read`, () => {
      for (let width = 60; width <= 200; width++) {
        const read = rewrapped((line) => wrappedAtWidth(line, width));
        for (const [key, value] of read) assert.equal(value, expected.get(key), `${width} columns: ${key}`);
        assert.ok(read.size >= expected.size * 0.9, `${width} columns: ${read.size} of ${expected.size} numbers`);
      }
    });

    test(`${name}: wrapped by a terminal of another system, with CR and LF`, () => {
      const wrapped = (end: string) =>
        numbers(
          readLog(
            text
              .split('\n')
              .map((line) => wrappedAtWidth(line, 100).replaceAll('\n', end))
              .join(end),
          ),
        );
      assert.deepEqual(wrapped('\r\n'), wrapped('\n'));
    });

    test(`${name}: in the encoding of a mail`, () => {
      assert.deepEqual(rewrapped(quotedPrintable), expected);
    });
  }
});
