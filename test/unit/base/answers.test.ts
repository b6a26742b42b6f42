import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type AnswersByName, Asker, Questions } from '../../../server/src/base/answers';

/** Which names a name leads to: its answer is itself and theirs; `?` stands where it leads to itself, the asker's name where it asks for it. */
class Graph {
  readonly questions = new Questions();
  readonly searches: string[] = [];
  private readonly answers: AnswersByName<string> = new Map();

  constructor(private readonly links: Readonly<Record<string, readonly string[]>>) {}

  ask(name: string): string {
    return this.questions.answer(this.answers, name, '?', () => this.find(name));
  }

  askAs(asker: Asker & { name: string }, name: string): string {
    this.questions.asker = asker;
    this.asker = asker.name;
    return this.ask(name);
  }

  private asker = '';

  private find(name: string): string {
    this.searches.push(name);
    const parts = (this.links[name] ?? []).map((link) => {
      if (link !== 'asker') return this.ask(link);
      this.questions.lend();
      return this.asker;
    });
    return `${name}(${parts.join(' ')})`;
  }
}

class Named extends Asker {
  constructor(readonly name: string) {
    super();
  }
}

describe('questions that lead to each other', () => {
  it('are answered once', () => {
    const graph = new Graph({ a: ['b', 'c'], b: ['c'], c: [] });
    assert.equal(graph.ask('a'), 'a(b(c()) c())');
    graph.ask('b');
    assert.deepEqual(graph.searches, ['a', 'b', 'c']);
  });

  it('get no answer that assumed something of a question around them', () => {
    const links = { a: ['b'], b: ['c'], c: ['b'] };
    const [fromA, fromC] = [new Graph(links), new Graph(links)];
    assert.equal(fromA.ask('a'), 'a(b(c(?)))');
    assert.equal(fromA.ask('c'), 'c(b(c(?)))', 'not the c(?) that was found on the way to a');
    assert.equal(fromC.ask('c'), 'c(b(?))');
  });

  it('are searched for once in a circle, however many ways lead around', () => {
    const names = Array.from({ length: 12 }, (_, index) => `n${index}`);
    const graph = new Graph(Object.fromEntries(names.map((name) => [name, names])));
    graph.ask('n0');
    assert.equal(graph.searches.length, names.length);
  });

  it('are answered for each asker where the answer rests on it, and for all otherwise', () => {
    const graph = new Graph({ a: ['b', 'c'], b: ['asker'], c: [] });
    const [one, other] = [new Named('one'), new Named('other')];
    assert.equal(graph.askAs(one, 'a'), 'a(b(one) c())');
    assert.equal(graph.askAs(other, 'a'), 'a(b(other) c())');
    assert.equal(graph.askAs(one, 'a'), 'a(b(one) c())');
    assert.deepEqual(graph.searches, ['a', 'b', 'c', 'a', 'b']);
  });

  it('that only become more certain the more others are have one answer wherever one begins', () => {
    // One more than the other, up to 3; and the same as the other.
    const ask = (names: readonly string[]) => {
      const questions = new Questions();
      const answers: AnswersByName<number> = new Map();
      const of = (name: string): number =>
        questions.answer(answers, name, 0, () => (name === 'more' ? Math.min(3, of('same') + 1) : of('more')), Object.is);
      return names.map(of);
    };
    assert.deepEqual(ask(['more', 'same']), [3, 3]);
    assert.deepEqual(ask(['same', 'more']), [3, 3]);
  });

  it('can be asked again after a search that failed', () => {
    const questions = new Questions();
    const answers: AnswersByName<number> = new Map();
    const failing = (): number => {
      throw new Error('no such file');
    };
    assert.throws(() => questions.answer(answers, 'a', 0, () => questions.answer(answers, 'b', 0, failing)));
    assert.equal(
      questions.answer(answers, 'a', 0, () => questions.answer(answers, 'b', 0, () => 7)),
      7,
    );
    assert.equal(questions.answer(answers, 'a', 0, failing), 7);
  });
});
