import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parse } from '@humanwhocodes/momoa';
import { patchBaseOnDisk } from '../../../server/src/cli/changes';
import {
  CONTEXT_WORDS,
  configOf,
  loadModel,
  modelOfTree,
  parseAutoconf,
  parseConfig,
  parseRelease,
  releaseOfTree,
} from '../../../server/src/kernel/index';
import { explainRecords, readLog } from '../../../server/src/log/index';
import { readSettings } from '../../../server/src/lsp/settings';
import { explainMaskText, type MaskQuestion } from '../../../server/src/mask/index';
import { changesOfPatch } from '../../../server/src/patch/patchChanges';
import { PatchError } from '../../../server/src/patch/patchError';
import { applyToTree } from '../../../server/src/patch/patchedTree';
import { readPatches } from '../../../server/src/patch/patchText';
import { baselineRows, formatBaseline, parseBaseline, withFinding } from '../../../server/src/program/baseline';
import { findProject, projectFolders } from '../../../server/src/program/project';
import { logHtml } from '../../../server/src/report/logHtml';
import { logJson } from '../../../server/src/report/logJson';
import { logPage } from '../../../server/src/report/logPage';
import { maskMarkdown } from '../../../server/src/report/maskMarkdown';
import { maskPage, PLAIN } from '../../../server/src/report/maskPage';
import type { Random } from '../random';
import type { FuzzTarget } from '../target';
import { ALLOCATION_WORDS } from './words';

/** Complete configurations, in which some flags have no bit and some limits are others. */
const CONFIGS = [
  undefined,
  configOf({ CONFIG_MMU: true, CONFIG_SLUB: true, CONFIG_HIGHMEM: true, CONFIG_CMA: true, CONFIG_LOCKDEP: true }),
  configOf({ CONFIG_MMU: true, CONFIG_SLAB: true, CONFIG_ZONE_DMA: true, CONFIG_PREEMPT_RT: true, CONFIG_PAGE_SHIFT: 16 }),
  configOf({ CONFIG_SLOB: true, CONFIG_ARCH_FORCE_MAX_ORDER: 13, CONFIG_KASAN_HW_TAGS: true }),
];
const models = ['4.4', '4.13', '5.4', '5.15', '6.1', '6.12', '6.19'].flatMap((release) =>
  CONFIGS.map((config) => loadModel({ release: parseRelease(release)!, config })),
);
const MASKS = ['GFP_KERNEL | __GFP_DMA32', 'GFP_ATOMIC', 'GFP_HIGHUSER_MOVABLE', '0x40dc0', 'GFP_KERNEL | __GFP_NOFAIL', 'GFP_USER'];

/** What a page says where its author forgot a case. */
const SLIPS = /\b(?:undefined|NaN|Infinity)\b|\[object/;

/** What else is asked together with a mask. */
function besides(random: Random): Pick<MaskQuestion, 'order' | 'size' | 'context'> {
  return {
    order: random.once(2) ? undefined : random.below(18),
    size: random.once(2) ? undefined : random.below(1 << random.below(30)),
    context: random.once(2) ? [] : CONTEXT_WORDS.filter(() => random.once(3)),
  };
}

export const mask: FuzzTarget = {
  name: 'mask',
  sources: ['mask/', 'kernel/'],
  words: [
    'GFP_KERNEL',
    '__GFP_ZERO',
    '___GFP_DMA',
    '0xcc0',
    '0X24000c0',
    '|',
    '&',
    '~',
    '(',
    ')',
    '+',
    'order=3',
    'gfp_mask=',
    'mode:',
    '=',
    '%pGg',
    '1u << 3',
  ],
  run(input, random) {
    const text = Buffer.from(input).toString('utf8');
    for (const line of text.split('\n').slice(0, 20)) {
      const answer = explainMaskText(random.pick(models), { mask: line, ...besides(random) });
      if ('error' in answer) assert.ok(answer.error.length > 0 && answer.error.length < 2000 + 8 * line.length, 'an error without end');
      else {
        if (!SLIPS.test(line)) assert.doesNotMatch(maskPage(answer, PLAIN), SLIPS);
        maskMarkdown(answer);
      }
    }
  },
};

export const log: FuzzTarget = {
  name: 'log',
  sources: ['log/', 'kernel/'],
  words: [
    'page allocation failure: order:4, mode:0x40cc0(GFP_KERNEL|__GFP_COMP), nodemask=(null)',
    'invoked oom-killer: gfp_mask=0x100cca(GFP_HIGHUSER_MOVABLE), order=0, oom_score_adj=0',
    'BUG: sleeping function called from invalid context at',
    'Call Trace:',
    ' <TASK>',
    ' dump_stack_lvl+0x48/0x70',
    'Mem-Info:',
    'Node 0 Normal free:1024kB min:2048kB low:4096kB high:8192kB',
    'lowmem_reserve[]: 0 0 1 2',
    'Node 0 DMA32: 1*4kB (U) 2*8kB (UM) = 20kB',
    '[  12.345678]',
    '<4>',
    'kB',
    'CPU: 0 PID: 1 Comm: a Not tainted 6.1.0 #1',
    'in_atomic(): 1, irqs_disabled(): 0',
    '1 lock held by a/1:',
    'mm_page_alloc:',
    'MemFree:',
    'Node 0, zone   Normal',
  ],
  run(input) {
    const text = Buffer.from(input).toString('utf8');
    const records = readLog(text);
    const lines = text.split('\n').length;
    for (const record of records) assert.ok(record.line >= 1 && record.line <= record.endLine && record.endLine <= lines + 1);
    for (const [index, failure] of explainRecords(records).entries()) {
      const page = logPage(failure, index + 1, PLAIN);
      for (const line of page.split('\n')) assert.ok(line.length <= 80, line);
      if (!SLIPS.test(text)) assert.doesNotMatch(page, SLIPS);
      assertInert(logHtml(failure, { sources: true }));
      JSON.stringify(logJson(failure));
    }
  },
};

/** Markup that only the page itself may have: nothing of the log can end a tag or bring a script. */
function assertInert(markup: string): void {
  const tags = markup.replace(/"[^"<>]*"/g, '""').matchAll(/<\/?([a-z0-9-]*)/gi);
  for (const [tag, name] of tags) assert.match(name!, SAFE_TAGS, tag);
  assert.doesNotMatch(markup.replace(/>[^<]*</g, '><'), /\son\w+\s*=|javascript:/i);
}

const SAFE_TAGS =
  /^(article|button|code|dd|defs|desc|details|div|dl|dt|em|figcaption|figure|footer|h1|h2|h3|header|li|line|main|ol|p|path|pattern|pre|rect|section|span|strong|summary|svg|table|tbody|td|text|th|thead|title|tr|ul)$/;

export const config: FuzzTarget = {
  name: 'config',
  sources: ['kernel/'],
  words: [
    'CONFIG_',
    '=y',
    '=m',
    '=n',
    '="',
    '# CONFIG_A is not set',
    '#define CONFIG_A 1',
    'CONFIG_ARCH_FORCE_MAX_ORDER=',
    'CONFIG_PAGE_SHIFT=',
    'CONFIG_SLUB=y',
    'CONFIG_HIGHMEM=y',
  ],
  run(input, random) {
    const text = Buffer.from(input).toString('utf8');
    const read = random.once(2) ? parseConfig(text) : parseAutoconf(text);
    const model = loadModel({ release: { major: 6, minor: 1 + random.below(12), patch: 0 }, config: read });
    explainMaskText(model, { mask: random.pick(MASKS), ...besides(random) });
  },
};

const TREE_FILES = [
  'Makefile',
  'include/linux/gfp_types.h',
  'include/linux/gfp.h',
  'include/trace/events/mmflags.h',
  'mm/page_alloc.c',
  'mm/internal.h',
  'mm/slab.h',
  'include/linux/slab.h',
  'include/linux/sched/mm.h',
  'mm/util.c',
  'mm/vmalloc.c',
];

/** The files of a kernel that its model is read from, between form feeds. */
export const tree: FuzzTarget = {
  name: 'tree',
  sources: ['kernel/'],
  words: [
    ...ALLOCATION_WORDS,
    '\f',
    'VERSION = 6\n',
    'PATCHLEVEL = 1\n',
    '#define ___GFP_DMA 0x01u\n',
    '#define __GFP_DMA ((__force gfp_t)___GFP_DMA)\n',
    'BIT(___GFP_DMA_BIT)',
    'enum {',
    '#define GFP_X (__GFP_IO | __GFP_FS)\n',
    'MAX_ORDER',
    'return',
    '<<',
    'KMALLOC_MAX_SIZE',
  ],
  run(input) {
    const pieces = Buffer.from(input).toString('utf8').split('\f');
    const files = { read: (path: string): string | undefined => pieces[TREE_FILES.indexOf(path)] };
    releaseOfTree(files);
    const model = modelOfTree(files);
    explainMaskText(model, { mask: 'GFP_KERNEL', order: 3, size: 100_000 });
    explainMaskText(model, { mask: '0x400dc0' });
  },
};

const PATCHED: Readonly<Record<string, string>> = {
  'fs/a.c': 'int one;\nint two;\nint three;\nint four;\nint five;\n',
  'fs/b.c': 'void f(void)\n{\n\tg();\n}\n',
};
let patchRoot: string | undefined;

function treeToPatch(): string {
  if (patchRoot !== undefined) return patchRoot;
  const root = mkdtempSync(join(tmpdir(), 'gfp-lens-fuzz-'));
  mkdirSync(join(root, 'fs'));
  for (const [path, text] of Object.entries(PATCHED)) writeFileSync(join(root, path), text);
  process.once('exit', () => rmSync(root, { recursive: true, force: true }));
  patchRoot = root;
  return root;
}

export const patch: FuzzTarget = {
  name: 'patch',
  sources: ['patch/'],
  words: [
    'diff --git a/fs/a.c b/fs/a.c\n',
    '--- a/fs/a.c\n',
    '+++ b/fs/a.c\n',
    '--- /dev/null\n',
    '@@ -1,3 +1,4 @@\n',
    '+int x;\n',
    '-int two;\n',
    ' int one;\n',
    'rename from fs/a.c\n',
    'rename to fs/c.c\n',
    'deleted file mode 100644\n',
    'new file mode 100644\n',
    'From 0123 Mon Sep 17 00:00:00 2001\n',
    'Subject: [PATCH] x\n',
    'Content-Transfer-Encoding: quoted-printable\n',
    '=3D',
    '\\ No newline at end of file\n',
    '../',
    '/etc/passwd',
    '-- \n2.30\n',
    '"a/\\303\\244.c"',
  ],
  run(input) {
    const root = treeToPatch();
    const text = Buffer.from(input).toString('latin1');
    try {
      const { before, after } = applyToTree(readPatches(text, 'a.patch'), patchBaseOnDisk(root), 'a.patch');
      for (const path of [...before.keys(), ...after.keys()]) assert.ok(resolve(root, path).startsWith(`${root}/`), path);
      const { lines, texts } = changesOfPatch(text, patchBaseOnDisk(root), 'a.patch');
      for (const [path, bytes] of texts) assert.ok(lines.has(path) && Buffer.from(bytes).toString('latin1') === after.get(path));
    } catch (error) {
      if (!(error instanceof PatchError)) throw error;
      assert.doesNotMatch(error.message, /\n\s+at /);
    }
  },
};

/** The project file, the baseline and an editor's settings. */
export const project: FuzzTarget = {
  name: 'project',
  sources: ['program/', 'lsp/', 'rules/'],
  json: true,
  words: [
    '"kernel"',
    '"config"',
    '"baseline"',
    '"rules"',
    '"folders"',
    '"possible"',
    '"version"',
    '"findings"',
    '"fingerprint"',
    '"off"',
    '"hint"',
    '"sleep-in-atomic"',
    '// x\n',
    '/* x */',
    ',',
    ':',
    '{',
    '}',
    '[',
    ']',
    'null',
    '1e5',
    '"\\ud800"',
    '"__proto__"',
  ],
  run(input) {
    const text = Buffer.from(input).toString('utf8');
    const found = findProject('/tree', '/tree', {
      read: (path) =>
        path.endsWith('/.gfp-lens.json') || path.endsWith('.json') ? text : path.endsWith('.config') ? 'CONFIG_A=y\n' : undefined,
      parent: () => '/',
      resolve,
      parse: (json) => parse(json, { mode: 'jsonc', allowTrailingCommas: true }).body,
    });
    for (const { line, column, message } of found!.problems) assert.ok(line >= 1 && column >= 1 && message.length > 0);
    const folders = projectFolders(found!, new Map([['costly-order', 'hint']]), (folder) => folder);
    for (const { path, severities } of folders) assert.ok(path === '' || severities === 'off' || severities.get('costly-order') === 'hint');
    const row = { fingerprint: 'c0ffee', rule: 'costly-order', file: 'fs/a.c', possible: true };
    const more = withFinding(text, row);
    if (more !== undefined)
      assert.ok(parseBaseline(more)!.has(row.fingerprint) && baselineRows(more).length <= parseBaseline(more)!.size * 2 ** 20);
    const baseline = parseBaseline(text);
    if (baseline !== undefined) {
      const findings = [...baseline].map((fingerprint) => ({ fingerprint, rule: 'r', file: 'f' }));
      assert.deepEqual(parseBaseline(formatBaseline(findings)), baseline);
    }
    let settings: unknown;
    try {
      settings = JSON.parse(text);
    } catch {
      return;
    }
    readSettings(settings);
  },
};
