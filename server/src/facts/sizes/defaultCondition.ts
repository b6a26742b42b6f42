import { evaluateCondition } from '../../syntax/condition';

const NOTHING: ReadonlyMap<string, boolean> = new Map();

/** The outcome of a `#if` where no headers and no configuration are at hand; undefined when it depends on them. */
export function defaultCondition(text: string): boolean | undefined {
  const value = evaluateCondition(text, undefined, NOTHING);
  return value === undefined ? undefined : value !== 0;
}
