import type { DataModel } from '../sizes/dataModel';

/** Options that follow from the architecture, for trees without a configuration. */
export function assumedOption(name: string, architecture: string, data: DataModel): boolean | undefined {
  switch (name) {
    case 'CONFIG_64BIT':
      return data.word === 8;
    case 'CONFIG_MMU':
      return architecture === 'x86' || data.word === 8 ? true : undefined;
    case 'CONFIG_X86':
      return architecture === 'x86';
    case 'CONFIG_X86_64':
      return architecture === 'x86' && data.word === 8;
    case 'CONFIG_X86_32':
      return architecture === 'x86' && data.word === 4;
    case 'CONFIG_ARM64':
      return architecture === 'arm64';
    case 'CONFIG_ARM':
      return architecture === 'arm';
    default:
      return undefined;
  }
}

/** Macros that compilers define for their architecture. */
const COMPILER_MACROS: ReadonlyMap<string, readonly [architecture: string, word: 4 | 8 | undefined]> = new Map([
  ['__x86_64__', ['x86', 8]],
  ['__i386__', ['x86', 4]],
  ['__aarch64__', ['arm64', 8]],
  ['__arm__', ['arm', 4]],
  ['__powerpc__', ['powerpc', undefined]],
  ['__powerpc64__', ['powerpc', 8]],
  ['__s390__', ['s390', undefined]],
  ['__s390x__', ['s390', 8]],
  ['__mips__', ['mips', undefined]],
  ['__riscv', ['riscv', undefined]],
  ['__sparc__', ['sparc', undefined]],
  ['__hppa__', ['parisc', undefined]],
  ['__alpha__', ['alpha', 8]],
  ['__mc68000__', ['m68k', 4]],
  ['__ia64__', ['ia64', 8]],
]);

/** Whether the compiler of an architecture defines a macro; undefined for macros that are not of that kind. */
export function compilerDefines(name: string, architecture: string, data: DataModel): boolean | undefined {
  if (name === '__LP64__' || name === '_LP64') return data.word === 8;
  if (name === '__SIZEOF_INT128__') return data.word === 8;
  const found = COMPILER_MACROS.get(name);
  return found === undefined ? undefined : found[0] === architecture && (found[1] ?? data.word) === data.word;
}
