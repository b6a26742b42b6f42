// Mutants that no test can notice, each with the reason: they are left out of the count. `after` is what the report shows of the mutant's line, and must be
// found in the file, so that a row goes when its code goes.

/** @type {readonly { file: string, after: string, reason: string }[]} */
export const EQUIVALENTS = [
  {
    file: 'server/src/kernel/explain/scopes.ts',
    after: 'const others = SCOPES.slice(«(3 + 1)»).filter((scope) => context.includes(scope as ContextWord));',
    reason: "the scope at that place, 'nowarn', is no word that a context can have",
  },
  {
    file: 'server/src/kernel/explain/zone.ts',
    after:
      'const present = 0b00101 | (machine.highmem ? 0b00010 : 0) | (machine.zoneDma32 ? 0b01000 : 0) | (machine.zoneDma ? «(0b10000 + 1)» : 0);',
    reason: 'the lowest bit is set in any case',
  },
  {
    file: 'server/src/kernel/explain/zone.ts',
    after:
      'const present = 0b00101 | (machine.highmem ? 0b00010 : 0) | (machine.zoneDma32 ? «(0b01000 + 1)» : 0) | (machine.zoneDma ? 0b10000 : 0);',
    reason: 'the lowest bit is set in any case',
  },
  {
    file: 'server/src/kernel/explain/zone.ts',
    after:
      'const present = 0b00101 | (machine.highmem ? «(0b00010 + 1)» : 0) | (machine.zoneDma32 ? 0b01000 : 0) | (machine.zoneDma ? 0b10000 : 0);',
    reason: 'the lowest bit is set in any case',
  },
  {
    file: 'server/src/kernel/explain/zone.ts',
    after:
      'const present = 0b00101 | (machine.highmem ? 0b00010 : «(0 + 1)») | (machine.zoneDma32 ? 0b01000 : 0) | (machine.zoneDma ? 0b10000 : 0);',
    reason: 'the lowest bit is set in any case',
  },
  {
    file: 'server/src/kernel/explain/zone.ts',
    after:
      'const present = 0b00101 | (machine.highmem ? 0b00010 : 0) | (machine.zoneDma32 ? 0b01000 : «(0 + 1)») | (machine.zoneDma ? 0b10000 : 0);',
    reason: 'the lowest bit is set in any case',
  },
  {
    file: 'server/src/kernel/explain/zone.ts',
    after:
      'const present = 0b00101 | (machine.highmem ? 0b00010 : 0) | (machine.zoneDma32 ? 0b01000 : 0) | (machine.zoneDma ? 0b10000 : «(0 + 1)»);',
    reason: 'the lowest bit is set in any case',
  },
  {
    file: 'server/src/kernel/explain/kmalloc.ts',
    after: 'if (smallest <= «(32 + 1)» && size > 64 && size <= 96) return 96;',
    reason: 'the smallest size is a power of two',
  },
  {
    file: 'server/src/kernel/explain/kmalloc.ts',
    after: 'if (smallest <= «(64 + 1)» && size > 128 && size <= 192) return 192;',
    reason: 'the smallest size is a power of two',
  },
  {
    file: 'server/src/log/request.ts',
    after:
      'const release = found ?? (mode !== undefined && printed === undefined ? { major: 3, minor: «(10 + 1)», patch: undefined } : newestRelease());',
    reason: 'all releases before 4.4 are read alike',
  },
  {
    file: 'server/src/log/scanner.ts',
    after: 'if («!(this.rest.length > LONGEST_LINE * 2)») this.rest = this.rest.slice(0, LONGEST_LINE);',
    reason: 'bounds the memory: of such a line no more is read in any case',
  },
  {
    file: 'server/src/log/scanner.ts',
    after: 'if (this.rest.length > LONGEST_LINE * «(2 + 1)») this.rest = this.rest.slice(0, LONGEST_LINE);',
    reason: 'bounds the memory: of such a line no more is read in any case',
  },
  {
    file: 'server/src/log/scanner.ts',
    after: 'if (this.rest.length «>=» LONGEST_LINE * 2) this.rest = this.rest.slice(0, LONGEST_LINE);',
    reason: 'bounds the memory: of such a line no more is read in any case',
  },
  {
    file: 'server/src/log/anchors.ts',
    after: 'if (this.next[index]! «<=» offset) this.next[index] = this.find(index, offset);',
    reason: 'looks once more for what it has found: the same place',
  },
  {
    file: 'server/src/rules/suppression.ts',
    after: 'for (let colon = nextMarker(file.bytes, «(0 + 1)»); colon >= 0; colon = nextMarker(file.bytes, colon + 1)) {',
    reason: 'the marker stands before its colon, so no colon at 0 ends one',
  },
  {
    file: 'server/src/rules/suppression.ts',
    after: 'for (let colon = nextMarker(file.bytes, 0); colon «>» 0; colon = nextMarker(file.bytes, colon + 1)) {',
    reason: 'the marker stands before its colon, so no colon at 0 ends one',
  },
  {
    file: 'server/src/rules/suppression.ts',
    after: 'for (let star = bytes.indexOf(STAR, from); star «>» 0; star = bytes.indexOf(STAR, star + 1))',
    reason: 'a comment begins with a slash: its last star is not the first byte',
  },
  {
    file: 'server/src/rules/suppression.ts',
    after: 'for (let star = bytes.indexOf(STAR, from); star >= «(0 + 1)»; star = bytes.indexOf(STAR, star + 1))',
    reason: 'a comment begins with a slash: its last star is not the first byte',
  },
  {
    file: 'server/src/rules/suppression.ts',
    after: 'return -«(1 + 1)»;',
    reason: 'any negative number says that there is none',
  },
  {
    file: 'server/src/rules/suppression.ts',
    after: 'return closer «<=» 0 ? undefined : { start: opener, end: closer };',
    reason: 'the end of a comment is not the first byte',
  },
  {
    file: 'server/src/rules/suppression.ts',
    after: 'return closer < «(0 + 1)» ? undefined : { start: opener, end: closer };',
    reason: 'the end of a comment is not the first byte',
  },
  {
    file: 'server/src/rules/run.ts',
    after: 'if (a.rule.id !== b.rule.id) return a.rule.id < b.rule.id ? -1 : «(1 + 1)»;',
    reason: 'only the sign of a comparison counts',
  },
  {
    file: 'server/src/rules/run.ts',
    after: 'if (a.rule.id !== b.rule.id) return a.rule.id < b.rule.id ? -«(1 + 1)» : 1;',
    reason: 'only the sign of a comparison counts',
  },
];

/**
 * @template {{ file: string, after: string }} M
 * @param {readonly M[]} mutants
 * @param {string} folder of server/src
 * @returns {M[]} without those that are equivalent; throws when a row fits none of them
 */
export function withoutEquivalents(mutants, folder) {
  const keyOf = ({ file, after }) => `${file}: ${after}`;
  const known = new Set(EQUIVALENTS.map(keyOf));
  const present = new Set(mutants.map(keyOf));
  const stale = EQUIVALENTS.filter((one) => one.file.startsWith(`server/src/${folder}/`) && !present.has(keyOf(one)));
  if (stale.length > 0) throw new Error(`scripts/mutate/equivalents.mjs has rows of code that is gone:\n${stale.map(keyOf).join('\n')}`);
  return mutants.filter((mutant) => !known.has(keyOf(mutant)));
}
