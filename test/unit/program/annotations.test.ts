import assert from 'node:assert/strict';
import { test } from 'node:test';
import { annotationWords } from '../../../server/src/program/annotations';

function words(...headers: string[]): string[] {
  return [...annotationWords(headers)].sort();
}

test('attributes, sections and empty macros are annotations', () => {
  const header = `
#define __used_here   __attribute__((__used__))
# define __late       __section(".late.text") __attribute__((cold))
#define __plain
#define __tagged BTF_TYPE_TAG(user)
`;
  assert.deepEqual(words(header), ['__late', '__plain', '__tagged', '__used_here']);
});

test('a macro made of annotations is one, wherever these are defined', () => {
  const first = '#define __outer __inner inline /* twice */\n';
  const second = '#define __inner __attribute__((__noinline__)) \\\n\t__attribute__((weak))\n';
  assert.deepEqual(words(first, second), ['__inner', '__outer']);
});

test('code, values, functions and include guards are not', () => {
  const header = `
#define __value 17
#define __call(x) foo(x)
#define __rest other_word
#define __SOME_GUARD_H
#define __type unsigned int
#define __mixed __attribute__((used)) do_it()
`;
  assert.deepEqual(words(header), []);
});

test('a word that is code in another branch is not an annotation', () => {
  assert.deepEqual(words('#ifdef X\n#define __either\n#else\n#define __either return\n#endif\n'), []);
});
