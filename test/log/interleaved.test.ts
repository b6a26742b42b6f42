import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { explainFailure, type FailureRecord, readLog } from '../../server/src/log/index';
import { only, PAGE, text } from './madeUp';

describe('messages with newlines inside', () => {
  /** The same report in one line of each transport. */
  const message = [PAGE, 'CPU: 1 PID: 42 Comm: a Not tainted 6.1.0 #1', 'Mem-Info:', 'Node 0 Normal free:8000kB min:2000kB'];
  const carried: Readonly<Record<string, string>> = {
    rsyslog: `Jun  9 10:31:05 host kernel: ${message.join('#012')}`,
    'the escapes of printk': `[    1.0] ${message.join('\\x0a')}`,
    'the journal as JSON': JSON.stringify({ MESSAGE: message.join('\n') }),
    'the journal as JSON, in bytes': JSON.stringify({ MESSAGE: [...Buffer.from(message.join('\n'))] }),
    'a container': JSON.stringify({ log: `${message.join('\n')}\n`, stream: 'stdout' }),
  };
  for (const [transport, line] of Object.entries(carried)) {
    test(transport, () => {
      const { machine, memory } = only(line);
      assert.deepEqual([machine.kernel?.value, memory?.zones[0]?.fields.get('min')?.value], ['6.1.0', 2000]);
    });
  }

  test('JSON without a message in it does not keep the next line from being read', () => {
    for (const line of ['{"MESSAGE":["page",1]}', '{"MESSAGE":{"page":1}}', '{"MESSAGE":null}', '{"MESSAGE":[1,2'])
      assert.equal(only(line, PAGE).line, 2);
  });
});

describe('where things stand', () => {
  test('empty lines count, also before the first report and between two', () => {
    const records = readLog(text('', '', PAGE, ...Array.from({ length: 100 }, () => 'eth0: up'), '', PAGE));
    assert.deepEqual(
      records.map(({ line }) => line),
      [3, 105],
    );
  });

  test('what a report lacks', () => {
    const missing = (...lines: readonly string[]): readonly string[] => explainFailure(only(PAGE, ...lines)).missing;
    assert.deepEqual(missing(), ['kernel release', 'call trace', 'Mem-Info', 'zones', 'free block lists']);
    assert.deepEqual(missing('CPU: 1 PID: 42 Comm: a Not tainted 6.1.0 #1', ' f+0x1/0x2'), ['Mem-Info', 'zones', 'free block lists']);
    assert.deepEqual(missing('Mem-Info:', 'active_anon:1 free:2', 'Node 0 Normal free:8kB', 'Node 0 Normal: 2*4kB = 8kB'), [
      'kernel release',
      'call trace',
    ]);
  });
});

describe('reports into each other', () => {
  const machine = (name: string, release: string): string => `CPU: 0 PID: 1 Comm: ${name} Not tainted ${release} #1`;

  test('many tasks that name themselves: sixteen are told apart, of more the oldest ends', () => {
    const report = (tasks: number): readonly FailureRecord[] => {
      const ids = Array.from({ length: tasks }, (_, index) => index);
      return readLog(
        text(
          ...ids.map((id) => `[    1.0][ T${id}] task${id}: page allocation failure: order:2, mode:0xcc0(GFP_KERNEL)`),
          ...ids.map((id) => `[    1.1][ T${id}] ${machine(`task${id}`, `6.1.${id}`)}`),
        ),
      );
    };
    const whole = (records: readonly FailureRecord[]): readonly string[] =>
      records.filter((one) => one.machine.command?.value === one.header.process?.value).map((one) => one.machine.kernel?.value ?? '?');
    assert.equal(whole(report(16)).length, 16);
    const [first] = report(17);
    assert.deepEqual([first?.header.process?.value, first?.machine.kernel], ['task0', undefined]);
  });

  test('without names three may be open at once, the oldest is over when a fourth begins', () => {
    const head = (name: string): string => `${name}: page allocation failure: order:2, mode:0xcc0(GFP_KERNEL)`;
    const records = readLog(text(head('a'), head('b'), head('c'), head('d'), 'Mem-Info:', 'Node 0 Normal free:8kB min:2kB'));
    assert.deepEqual(
      records.map((one) => [one.header.process?.value, one.memory?.zones.length]),
      [
        ['a', undefined],
        ['b', undefined],
        ['c', undefined],
        ['d', 1],
      ],
    );
  });

  test('a report within another: the new one has the trace, the memory goes to the one that began it', () => {
    const [outer, inner] = readLog(
      text(
        'a: page allocation failure: order:2, mode:0xcc0(GFP_KERNEL)',
        'Mem-Info:',
        'Node 0 DMA free:8kB min:2kB',
        'b: page allocation failure: order:3, mode:0xcc0(GFP_KERNEL)',
        ' f+0x1/0x2',
        'Node 0 Normal free:8kB min:2kB',
        'Mem-Info:',
        'Node 0 Normal free:16kB min:2kB',
      ),
    );
    const zones = (record: FailureRecord | undefined): readonly string[] | undefined =>
      record?.memory?.zones.map((zone) => `${zone.name} ${zone.fields.get('free')?.value}`);
    assert.deepEqual([outer?.trace.length, inner?.trace.map(({ name }) => name)], [0, ['f']]);
    assert.deepEqual([zones(outer)?.slice(0, 2), zones(inner)], [['DMA 8', 'Normal 8'], ['Normal 16']]);
  });

  test('how many were held back: said before the report, or in it', () => {
    const suppressed = 'warn_alloc: 7 callbacks suppressed';
    assert.equal(only(suppressed, PAGE).suppressed?.value, 7);
    assert.equal(only(PAGE, suppressed, 'warn_alloc: 9 callbacks suppressed').suppressed?.value, 7);
    const [, second] = readLog(text(suppressed, PAGE, '1 pages reserved', 'Node 0 Normal free:8kB min:2kB', '1 pages reserved', PAGE));
    assert.equal(second?.suppressed, undefined);
    // Of another task's report it says nothing.
    const [other] = readLog(text(`[    1.0][ T1] ${suppressed}`, `[    1.0][ T2] ${PAGE}`));
    assert.equal(other?.suppressed, undefined);
  });
});
