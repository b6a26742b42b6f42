import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { IncludeWalk, idOf, isUnsure, Reach, type Reached, reachedHeader } from '../../../../server/src/facts/headers/reach';

/** Headers by their ids, as written: `2?` is included where an option of unknown state says so. */
function headers(written: string): Int32Array {
  const ids = written.split(' ').filter((id) => id !== '');
  return Int32Array.from(ids, (id) => reachedHeader(Number.parseInt(id, 10), id.endsWith('?')));
}

function shown(reached: Iterable<Reached>): string {
  return Array.from(reached, (each) => `${idOf(each)}${isUnsure(each) ? '?' : ''}`).join(' ');
}

function walkOver(includes: Readonly<Record<number, string>>): IncludeWalk {
  return new IncludeWalk((id) => headers(includes[id] ?? ''));
}

describe('walk over includes', () => {
  it('comes to the nearest first, and to each once', () => {
    const walk = walkOver({ 1: '3 4', 2: '4 5', 3: '1 6', 5: '2' });
    assert.equal(shown(walk.all(headers('1 2'))), '1 2 3 4 5 6');
    assert.equal(shown(walk.all(headers('3'))), '3 1 6 4');
    assert.equal(shown(walk.all(headers(''))), '');
  });

  it('what an unsure header includes is unsure, unless something nearer is sure of it', () => {
    const walk = walkOver({ 1: '3', 2: '3 4' });
    assert.equal(shown(walk.all(headers('1 2?'))), '1 2? 3 4?');
    assert.equal(shown(walk.all(headers('2? 1'))), '2? 1 3? 4?');
  });

  it('ends when it is told to', () => {
    const met: Reached[] = [];
    walkOver({ 1: '2', 2: '3' }).run(headers('1'), (each) => met.push(each) === 2);
    assert.equal(shown(met), '1 2');
  });

  it('follows thousands of headers', () => {
    const walk = new IncludeWalk((id) => headers(id < 5000 ? `${id + 1} ${id + 5001}` : ''));
    const found = walk.all(headers('0'));
    assert.equal(found.length, 10001);
    assert.equal(new Set(found).size, 10001);
  });
});

describe('headers in reach of a file', () => {
  const ids = (...wanted: number[]) => new Map(wanted.map((id) => [id, true]));

  it('tells those of some headers that are in reach, nearest first', () => {
    const reach = new Reach();
    reach.fill(headers('7 3? 9 4000'));
    assert.equal(shown(reach.among(ids(4000, 3, 8, 7, 99_999))), '7 3? 4000');
    assert.equal(shown(reach.among(ids())), '');
  });

  it('knows nothing of the file before', () => {
    const reach = new Reach();
    reach.fill(headers('1 2 3 4'));
    reach.fill(headers('5 2'));
    assert.equal(shown(reach.among(ids(1, 2, 3, 4, 5))), '5 2');
    reach.fill(headers(Array.from({ length: 3000 }, (_, id) => id).join(' ')));
    assert.equal(reach.among(ids(0, 1500, 2999)).length, 3);
  });
});
