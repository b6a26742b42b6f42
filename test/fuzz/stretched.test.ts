import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Interner } from '../../server/src/base/interner';
import { analyseFile } from '../../server/src/facts/analyseFile';
import { loadModel, modelOfTree, parseAutoconf, parseConfig } from '../../server/src/kernel/index';
import { explainRecords, readLog } from '../../server/src/log/index';
import { explainMaskText } from '../../server/src/mask/index';
import { readPatches } from '../../server/src/patch/patchText';
import { annotationWords } from '../../server/src/program/annotations';
import { evaluateCondition, soleMacro } from '../../server/src/syntax/condition';
import { parseFile } from '../../server/src/syntax/parseFile';

const MEGABYTE = 1 << 20;
const PIECES = [
  ' ',
  '\t',
  '0',
  'a',
  '_',
  '(',
  ' 1',
  'a ',
  '/*',
  '/* ',
  '"',
  '= ',
  'A,',
  '\\\n',
  '1*',
  'x:',
  '      1',
  'a.c:1',
  '(){',
  'u',
];
const long = (piece: string): string => piece.repeat(MEGABYTE / piece.length);
const model = loadModel({ release: { major: 6, minor: 1, patch: 0 }, config: undefined });

/** What takes the square of such a text's length takes hours, and fails by the limit of the test run. */
describe('a megabyte of the same thing', () => {
  for (const piece of PIECES) {
    test(JSON.stringify(piece), () => {
      const text = long(piece);
      assert.equal(parseConfig(`CONFIG_A="${text}x\nCONFIG_B=y\n`).value('CONFIG_B'), 'y');
      assert.equal(parseAutoconf(`#define CONFIG_A ${text.replaceAll('\n', '')}x\n#define CONFIG_B 1\n`).value('CONFIG_B'), 'y');
      const files: Readonly<Record<string, string>> = {
        Makefile: `VERSION = 6\nPATCHLEVEL = 1\n${text}`,
        'include/linux/gfp_types.h': `enum {\n${text}};\n#define ___GFP_DMA${text}BIT(${text})\n`,
        'include/linux/gfp.h': `#define GFP_X (${text})\n${text}`,
        'include/trace/events/mmflags.h': `#define __def_gfpflag_names ${text}`,
        'mm/page_alloc.c': `static bool f(${text})\n{\n${text}\n}\n`,
        'include/linux/slab.h': `#define KMALLOC_SHIFT_MAX ${text}<= 9 ? x : 9\n`,
      };
      assert.equal(modelOfTree({ read: (path) => files[path] }).release.major, 6);
      annotationWords([`#define __a ${text}\n#define __b __attribute__((x${text}))\n`]);
      evaluateCondition(`defined(A) && ${text}`, undefined, new Map());
      soleMacro(`defined${text}`);
      assert.ok('error' in explainMaskText(model, { mask: `GFP_KERNEL | ${text}!` }));
      assert.throws(
        () => readPatches(`Subject: x\nContent-Transfer-Encoding: quoted-printable\n\n${text}x\n`, 'a.patch'),
        /holds no patch/,
      );
    });
  }
});

const STARTS = [
  '',
  ' dump_stack+0x1',
  'Node 0 Normal free:',
  '[<c0010>] (',
  ' #0: (',
  'Normal: 1*4kB (U) ',
  'Node    0, zone      DMA, type    Unmovable      1',
  ' dump_stack (lib/dump_stack.c:1',
  'CPU: 0 PID: 1 Comm: a Tainted: ',
  ' 5.1.',
];

test('log lines of 60 KB, each of the same thing, in the middle of a report', () => {
  const head =
    'a: page allocation failure: order:4, mode:0xcc0(GFP_KERNEL), nodemask=(null)\nCPU: 0 PID: 1 Comm: a Not tainted 6.1.0 #1\nCall Trace:\n';
  const tail = ' f+0x10/0x20\nMem-Info:\nNode 0 Normal free:1024kB min:2048kB low:4096kB high:8192kB\n';
  for (const piece of PIECES) {
    for (const start of STARTS) {
      const line = `${start}${piece.repeat(60_000 / piece.length)}!`;
      assert.ok(readLog(head + `${line}\n`.repeat(20) + tail).length >= 1);
    }
  }
});

test('trace events with masks that no kernel knows', () => {
  const events = Array.from(
    { length: 3000 },
    (_, index) => `a-1 [001] 1.${index}: kmalloc: call_site=f+0x1/0x2 gfp_flags=GFP_NONE${index}\n`,
  );
  const log = events.map((event, index) => (index % 2 === 0 ? event : 'a: page allocation failure: order:0, mode:0xcc0(GFP_KERNEL)\n'));
  const explained = explainRecords(readLog(log.join('')));
  assert.ok(explained.some(({ kind, kernelFrom }) => kind === 'events' && kernelFrom === 'assumed'));
});

test('conditions and locks of 60 KB', () => {
  for (const piece of PIECES.filter((piece) => !piece.includes('\n'))) {
    const text = piece.repeat(60_000 / piece.length);
    const branches = `#if A${text}\nint a;\n#elif ${text}\nint b;\n#else\n`.repeat(10) + '#endif\n'.repeat(10);
    const body = `spin_lock(&p->lock);\nspin_unlock(&${text});\nkmalloc(8, GFP_KERNEL);`;
    const file = parseFile('a.c', Buffer.from(`${branches}void f(void)\n{\n${body}\n}\n`), { interner: new Interner() });
    assert.ok(analyseFile(file, model, true).functions.length <= 1);
  }
});

test('a chain of names, each defined as the next one', () => {
  const chain = Array.from({ length: 20_000 }, (_, index) => `#define GFP_N${index} GFP_N${index + 1}`).join('\n');
  const flags = Array.from(
    { length: 20 },
    (_, index) => `#define ___GFP_F${index} 0x${(1 << index).toString(16)}u\n#define __GFP_F${index} ((__force gfp_t)___GFP_F${index})`,
  );
  const files: Readonly<Record<string, string>> = {
    Makefile: 'VERSION = 6\nPATCHLEVEL = 1\n',
    'include/linux/gfp.h': `${flags.join('\n')}\n${chain}\n#define GFP_OWN (__GFP_F1 | __GFP_F2)\n`,
  };
  const { flags: table, origin } = modelOfTree({ read: (path) => files[path] });
  assert.equal(origin, 'tree');
  assert.equal(table.bits('GFP_OWN'), 6);
});

test('thousands of failures that do not say which kernel they come from', () => {
  const failures = Array.from(
    { length: 4000 },
    (_, index) => `a${index}: page allocation failure: order:${index % 11}, mode:0x40cc0(GFP_KERNEL|__GFP_COMP), nodemask=(null)\n`,
  );
  const explained = explainRecords(readLog(failures.join('')));
  assert.equal(explained.length, 4000);
  assert.ok(explained.every(({ kernelFrom }) => kernelFrom === 'mask'));
});

test('calls through a megabyte of variables that are declared nowhere, and of structs that are', () => {
  const names = Array.from({ length: 40_000 }, (_, index) => `v${index}`);
  const calls = names.map((name) => `${name}->ops->start(${name});\n`).join('');
  const declared = names.map((name) => `struct ring *${name}, *o${name};\n`).join('');
  const members = names.map((name) => `struct ring { struct ring *next; } ${name};\n`).join('');
  const text = `struct all {\n${members}};\nvoid f(void)\n{\n${calls}}\nvoid g(void)\n{\n${declared}${calls}}\n`;
  const file = parseFile('a.c', Buffer.from(text), { interner: new Interner() });
  const linkage = analyseFile(file, model, true).linkage!;
  assert.equal(linkage.functions.length, 2);
  assert.ok(linkage.types.length >= names.length);
});

test('statements in arguments of statements in arguments that are neither', () => {
  const piece = '\treturn __extension__ 0a( {\n\t e), x\n\treturn __extension__ 0a(0a( {\n\t e), x\n';
  const file = parseFile('a.c', Buffer.from(`void *f(size_t n)\n{\n {\n0a( {\n e), x\n${piece.repeat(200)}`), { interner: new Interner() });
  assert.ok(file.damage.length > 0);
});

test('two hundred thousand broken items in the other branch', () => {
  const file = parseFile('a.c', Buffer.from(`#if ( ({)({\n#else\n *sbi)\n${'s)\n'.repeat(200_000)}#endif\n`), { interner: new Interner() });
  assert.ok(file.damage.length > 100_000);
});
