import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { explainFailure } from '../../server/src/log/explain';
import type { FailureRecord, ZoneReport } from '../../server/src/log/record';
import { readLog } from '../../server/src/log/scanner';

/** What a person reads in the log of the same name. */
interface Expectation {
  readonly kind: string;
  readonly process: string | null;
  readonly order: number | null;
  readonly mode: number;
  readonly flags: string | null;
  readonly kernel: string | null;
  readonly zones: readonly ExpectedZone[];
  readonly site: string | null;
  readonly verdict: string;
  /** The reason for the verdict, for people. */
  readonly why: string;
  /** Words that the advice must contain, in this order of worth. */
  readonly advice?: readonly string[];
}

interface ExpectedZone {
  readonly node: number | null;
  readonly name: string;
  readonly lowmemReserve?: readonly number[] | null;
  readonly buddy?: readonly (readonly [count: number, blockKb: number, types: string | null])[];
  readonly total?: number | null;
  /** kB: free, min, low, ... */
  readonly [field: string]: unknown;
}

const names = readdirSync(__dirname)
  .filter((name) => name.endsWith('.log'))
  .map((name) => name.slice(0, -'.log'.length));
const logOf = (name: string) => readFileSync(join(__dirname, `${name}.log`), 'utf8');

function readZone(zone: ZoneReport, wanted: ExpectedZone): ExpectedZone {
  const { node: _, name: __, lowmemReserve, buddy, total, ...fields } = wanted;
  return {
    node: zone.node ?? null,
    name: zone.name,
    ...Object.fromEntries(Object.keys(fields).map((field) => [field, zone.fields.get(field)?.value])),
    ...(lowmemReserve === undefined ? {} : { lowmemReserve: zone.lowmemReserve?.value ?? null }),
    ...(buddy === undefined
      ? {}
      : { buddy: zone.buddy?.cells.map((cell) => [cell.count, cell.blockKb, cell.types ?? null] as const) ?? [] }),
    ...(total === undefined ? {} : { total: zone.buddy?.total?.value ?? null }),
  };
}

function header(record: FailureRecord) {
  return {
    kind: record.kind,
    process: record.header.process?.value ?? null,
    order: record.header.order?.value ?? null,
    mode: record.header.mode?.value ?? null,
    flags: record.header.flags?.value ?? null,
    kernel: record.machine.kernel?.value ?? null,
  };
}

describe('logs of real kernels', () => {
  test('each has an expectation', () => {
    assert.ok(names.length > 40);
  });

  for (const name of names) {
    const expected = JSON.parse(readFileSync(join(__dirname, `${name}.json`), 'utf8')) as Expectation;

    test(`${name}: read exactly`, () => {
      const records = readLog(logOf(name));
      assert.equal(records.length, 1);
      const [record] = records as [FailureRecord];
      const { kind, process, order, mode, flags, kernel } = expected;
      assert.deepEqual(header(record), { kind, process, order, mode, flags, kernel });
      const zones = record.memory?.zones ?? [];
      assert.deepEqual(
        zones.map((zone, index) => readZone(zone, expected.zones[index]!)),
        expected.zones,
      );
    });

    test(`${name}: ${expected.verdict}, because ${expected.why}`, () => {
      const explanation = explainFailure(readLog(logOf(name))[0]!);
      assert.equal(explanation.verdict, expected.verdict);
      if (expected.site !== null) assert.equal(explanation.site?.function, expected.site);
      let from = 0;
      const advice = explanation.advice.map((one) => one.text).join('\n');
      for (const words of expected.advice ?? []) {
        const at = advice.indexOf(words, from);
        assert.ok(at >= 0, `"${words}" is not advised, or not in that place:\n${advice}`);
        from = at;
      }
    });
  }

  test('every number names a line of the log on which it stands', () => {
    for (const name of names) {
      const lines = logOf(name).split('\n');
      for (const { memory } of readLog(logOf(name))) {
        for (const zone of memory?.zones ?? []) {
          for (const [field, { value, line }] of zone.fields)
            assert.ok(lines[line - 1]?.includes(`${value}`), `${name}: ${field} at line ${line}`);
          for (const cell of zone.buddy?.cells ?? []) assert.match(lines[cell.line - 1]!, new RegExp(`${cell.count}[*_]${cell.blockKb}kB`));
        }
      }
    }
  });
});
