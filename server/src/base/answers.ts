/** Rests on no open question. */
const SETTLED = 1 << 30;

/** An answer, and what it rests on. */
interface Answer<T> {
  readonly value: T;
  /** The outermost open question that was not answered yet when this one needed it, by its depth. */
  readonly rests: number;
  /** It rests on whoever asks: another asker may get another answer. */
  readonly isLent: boolean;
}

/** Answers to questions of one kind, by what they are about. */
export interface Answers<K, T> {
  get(key: K): Answer<T> | undefined;
  set(key: K, answer: Answer<T>): unknown;
  delete(key: K): unknown;
}

/** Answers to questions about names. */
export type AnswersByName<T> = Map<string, Answer<T>>;

/** Answers to questions about objects; kept no longer than these. */
export type AnswersByObject<K extends object, T> = WeakMap<K, Answer<T>>;

/** Somebody on whom answers may rest; those are kept here, for nobody else. */
export class Asker {
  private told: Map<unknown, Map<unknown, Answer<unknown>>> | undefined;

  answersOf<K, T>(answers: Answers<K, T>): Map<K, Answer<T>> | undefined {
    // What lies under a table is what `keep` put there, of that table's own kind.
    return this.told?.get(answers) as Map<K, Answer<T>> | undefined;
  }

  keep<K, T>(answers: Answers<K, T>, key: K, answer: Answer<T>): void {
    const own = this.answersOf(answers);
    if (own !== undefined) own.set(key, answer);
    else (this.told ??= new Map()).set(answers, new Map([[key, answer]]));
  }
}

/** How often an answer that rests on itself is worked out again; in the kernel's headers twice is enough. */
const MAX_ROUNDS = 4;

/**
 * Questions that lead to each other, each answered once. No answer depends on what was asked before: one that was found while a question around
 * it was open, and assumed something of that, is forgotten when that question is answered; one that rests on the asker is kept for it alone.
 */
export class Questions {
  /** Who asks now. */
  asker: Asker | undefined;
  private open = 0;
  /** Of the question that is open innermost, so far. */
  private rests = SETTLED;
  private isLent = false;
  /** Answers to forget. */
  private readonly passing: (() => void)[] = [];

  /** The question that is open innermost rests on who asks. */
  lend(): void {
    this.isLent = true;
  }

  /**
   * The answer to the question about `key`, by `find` if nobody asked before; `assumed`: what it is taken for where it leads to itself. With
   * `isSame` it is then worked out again with what came of it, until that is the same: of answers that only become more certain the more others
   * are, it does not matter with which one begins.
   */
  answer<K, T>(answers: Answers<K, T>, key: K, assumed: T, find: () => T, isSame?: (a: T, b: T) => boolean): T {
    const known = answers.get(key) ?? this.asker?.answersOf(answers)?.get(key);
    if (known !== undefined) {
      this.use(known.rests, known.isLent);
      return known.value;
    }
    const { rests, isLent, open } = this;
    this.open = open + 1;
    try {
      const value = this.find(answers, key, assumed, find, isSame);
      this.keep(answers, key, value);
      return value;
    } catch (error) {
      answers.delete(key);
      throw error;
    } finally {
      this.open = open;
      this.use(rests, isLent);
    }
  }

  private use(rests: number, isLent: boolean): void {
    if (rests < this.rests) this.rests = rests;
    if (isLent) this.isLent = true;
  }

  private find<K, T>(answers: Answers<K, T>, key: K, assumed: T, find: () => T, isSame: ((a: T, b: T) => boolean) | undefined): T {
    const passing = this.passing.length;
    let value = assumed;
    for (let round = 0; round < MAX_ROUNDS; round++) {
      const before = value;
      this.rests = SETTLED;
      this.isLent = false;
      answers.set(key, { value: before, rests: this.open, isLent: false });
      value = find();
      if (this.rests < this.open) return value;
      // All that was assumed was about this question itself.
      for (const forget of this.passing.splice(passing)) forget();
      if (this.rests === SETTLED || isSame === undefined || isSame(value, before)) break;
    }
    this.rests = SETTLED;
    return value;
  }

  private keep<K, T>(answers: Answers<K, T>, key: K, value: T): void {
    const isPassing = this.rests < this.open;
    const answer = { value, rests: this.rests, isLent: this.isLent };
    if (isPassing || !this.isLent || this.asker === undefined) answers.set(key, answer);
    else {
      answers.delete(key);
      this.asker.keep(answers, key, answer);
    }
    if (isPassing) this.passing.push(() => answers.delete(key));
  }
}
