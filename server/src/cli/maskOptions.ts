import { InvalidArgumentError } from 'commander';
import { wholeNumber } from '../base/wholeNumber';
import { CONTEXT_WORDS, type ContextWord } from '../kernel/index';

export function parseCount(text: string): number {
  const count = wholeNumber(text);
  if (count === undefined || !Number.isSafeInteger(count)) throw new InvalidArgumentError('give a whole number.');
  return count;
}

/** `word,word`, also given several times. */
export function parseContext(text: string, previous: readonly ContextWord[] = []): readonly ContextWord[] {
  const words = text.split(',').map((word) => word.trim());
  const known = words.filter((word): word is ContextWord => CONTEXT_WORDS.some((one) => one === word));
  if (known.length < words.length) throw new InvalidArgumentError(`the words are ${CONTEXT_WORDS.join(', ')}.`);
  return [...previous, ...known];
}
