import { Interner } from '../../../server/src/base/interner';
import { parseFile } from '../../../server/src/syntax/parseFile';
import type { SourceFile } from '../../../server/src/syntax/sourceFile';

export function sourceFileOf(text: string, path = 'a.c'): SourceFile {
  return parseFile(path, new TextEncoder().encode(text), { interner: new Interner() });
}
