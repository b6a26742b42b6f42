import { Interner, type NameSource } from '../../base/interner';
import { vocabularyOf } from '../../syntax/vocabulary';

const words = new Interner();

/** The keywords and directives of C as {@link KEYWORD_NAMES} numbers them. */
export const KEYWORD_VOCABULARY = vocabularyOf(words);

/** Stands for every name that is not one of these words. */
const OTHER_NAME = 0x7fffffff;

/**
 * Names for a lexer of which only the keywords matter. Headers hold far more names than the files of a run; giving each a number would take
 * longer than all that is asked of it.
 */
export const KEYWORD_NAMES: NameSource = {
  intern: (text) => words.find(text) || OTHER_NAME,
  internBytes: (source, start, end, hash) => words.findBytes(source, start, end, hash) || OTHER_NAME,
};
