import { addTo } from '../base/listsByKey';
/**
 * The headers in which a kernel tree defines its annotation words (`__init`, `__user`, `__must_check`, …), relative to
 * its root. Missing ones are skipped: the set differs between releases.
 */
export const ANNOTATION_HEADERS: readonly string[] = [
  'include/linux/compiler_attributes.h',
  'include/linux/compiler_types.h',
  'include/linux/compiler.h',
  'include/linux/compiler-gcc.h',
  'include/linux/compiler-clang.h',
  'include/linux/init.h',
  'include/linux/cache.h',
  'include/linux/linkage.h',
  'include/asm-generic/kprobes.h',
  'include/linux/interrupt.h',
  'include/linux/memory.h',
  'include/linux/moduleparam.h',
  'include/linux/of.h',
  'include/linux/percpu-defs.h',
  'include/linux/sched/debug.h',
  'include/linux/ftrace.h',
  'include/linux/types.h',
  'include/linux/page-flags.h',
  'include/net/net_namespace.h',
];

/**
 * The annotation words that headers define: object-like macros with a name like `__word` whose body is nothing, an
 * attribute, a section, or other such words. They can stand anywhere in a declaration and mean nothing to the analysis.
 */
export function annotationWords(headers: Iterable<string>): ReadonlySet<string> {
  const bodies = new Map<string, string[]>();
  for (const text of headers) {
    for (const match of text.matchAll(DEFINE)) {
      const body = match[2]!.replace(COMMENT, ' ').replace(/\\\n/g, ' ').trim();
      addTo(bodies, match[1]!, body);
    }
  }
  return fixpoint(bodies);
}

/** An object-like macro `__lower_case`; its body with continuation lines. */
const DEFINE = /^[ \t]*#[ \t]*define[ \t]+(__[a-z]\w*)(?!\w|\()[ \t]*((?:[^\n\\]|\\[^\n]|\\\n)*)/gm;
const COMMENT = /\/\*[\s\S]*?(?:\*\/|(?![\s\S]))|\/\/.*/g;
/** Words that are annotations wherever they are defined, and the calls that make one. */
const SEED = new Set(['inline', 'asmlinkage', 'notrace', 'noinline', 'noinstr']);
const CALLS =
  /\b(?:__attribute__|__attribute|__section|__section__|__aligned|__no_sanitize|__nocf_check|BTF_TYPE_TAG)\s*\((?:[^()]|\((?:[^()]|\([^()]*\))*\))*\)/g;

/** A macro is an annotation when all words of all its bodies are; words are added until none changes. */
function fixpoint(bodies: ReadonlyMap<string, readonly string[]>): ReadonlySet<string> {
  const words = new Map([...bodies].map(([name, list]) => [name, list.map(wordsOf)]));
  const found = new Set<string>();
  for (let grown = true; grown; ) {
    grown = false;
    for (const [name, list] of words) {
      if (found.has(name) || !list.every((body) => body?.every((word) => found.has(word) || SEED.has(word)))) continue;
      found.add(name);
      grown = true;
    }
  }
  return found;
}

/** The words of a body without its attributes, or undefined when it holds anything but words. */
function wordsOf(body: string): readonly string[] | undefined {
  const rest = body.replace(CALLS, ' ').trim();
  if (rest === '') return [];
  return /^[\w\s]+$/.test(rest) ? rest.split(/\s+/) : undefined;
}
