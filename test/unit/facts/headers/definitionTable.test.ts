import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { DefinitionTable } from '../../../../server/src/facts/headers/definitionTable';

const encoder = new TextEncoder();

function add(table: DefinitionTable, name: string, header: number, start: number): void {
  const bytes = encoder.encode(`struct ${name} {`);
  table.add(bytes, 7, bytes.length - 2, header, start, start + 10);
}

function placesOf(table: DefinitionTable, name: string): [header: number, start: number, end: number][] {
  const places: [number, number, number][] = [];
  for (const { header, start, end } of table.of(name)) places.push([header, start, end]);
  return places;
}

describe('table of definitions', () => {
  it('tells all definitions of a name, in the order they were added', () => {
    const table = new DefinitionTable();
    add(table, 'ring', 3, 100);
    add(table, 'port', 3, 200);
    add(table, 'ring', 5, 0);
    assert.deepEqual(placesOf(table, 'ring'), [
      [3, 100, 110],
      [5, 0, 10],
    ]);
    assert.deepEqual(placesOf(table, 'port'), [[3, 200, 210]]);
    assert.deepEqual(placesOf(table, 'queue'), []);
  });

  it('keeps apart the names of a large tree, alike as they are', () => {
    const table = new DefinitionTable();
    const names: string[] = [];
    for (let bank = 0; bank < 100; bank++) for (let register = 0; register < 300; register++) names.push(`REG_${bank}P_${register}`);
    for (const [index, name] of names.entries()) add(table, name, index, index);
    for (const [index, name] of names.entries()) assert.deepEqual(placesOf(table, name), [[index, index, index + 10]], name);
    assert.deepEqual(placesOf(table, 'REG_100P_0'), []);
  });
});
