import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { createHeaders, type Headers } from '../../server/src/facts/headers/headers';
import { recordType } from '../../server/src/facts/sizes/ctype';
import { branchesOf } from '../../server/src/program/treeContext';
import { compilerArguments, configure, configuredTree, run, TREE } from './kbuild';

/**
 * Sizes of structs of the kernel's headers against gcc's, x86-64. The configuration is made in a scratch folder (make O=…), never in the
 * tree. A range that holds the true size is right, but not exact; a wrong number is a failure.
 */
const scratch = mkdtempSync(path.join(tmpdir(), 'gfp-lens-sizes-'));
after(() => rmSync(scratch, { recursive: true, force: true }));

/** Headers that most drivers include; each compiles behind the ones before it. */
const HEADERS = readFileSync(path.join(import.meta.dirname, 'size-headers.txt'), 'utf8')
  .split('\n')
  .filter(Boolean);

interface Struct {
  readonly tag: string;
  readonly size: number;
}

/** The tags of structs and unions that the headers define at the start of a line. */
function tagsOf(): string[] {
  const tags = HEADERS.flatMap((header) => {
    const file = path.join(TREE, 'include', header);
    if (!existsSync(file)) return [];
    return [...readFileSync(file, 'latin1').matchAll(/^(struct|union)\s+(\w+)\s*\{/gm)].map((match) => `${match[1]} ${match[2]}`);
  });
  return [...new Set(tags)];
}

/** What gcc says; tags that this configuration does not define are left out. */
function truth(out: string): Struct[] {
  const source = path.join(out, 'sizes.c');
  const object = path.join(out, 'sizes.o');
  const includes = HEADERS.filter((header) => existsSync(path.join(TREE, 'include', header))).map((header) => `#include <${header}>`);
  let tags = tagsOf();
  for (let round = 0; round < 3; round++) {
    writeFileSync(source, [...includes, ...tags.map((tag, index) => `char gl_${index}[1 + sizeof(${tag})];`), ''].join('\n'));
    const compiled = spawnSync('gcc', [...compilerArguments(out), '-w', '-fmax-errors=0', '-c', '-o', object, source], {
      cwd: out,
      encoding: 'utf8',
    });
    if (compiled.status === 0) break;
    const bad = new Set([...compiled.stderr.matchAll(/sizes\.c:(\d+):\d+: error/g)].map((match) => Number(match[1]) - 1 - includes.length));
    assert.ok(bad.size > 0 && [...bad].every((index) => index >= 0), compiled.stderr.slice(0, 2000));
    tags = tags.filter((_, index) => !bad.has(index));
  }
  const symbols = run('nm', ['-S', object], out);
  return [...symbols.matchAll(/^\w+ (\w+) \w gl_(\d+)$/gm)].map((match) => ({
    tag: tags[Number(match[2])]!,
    size: Number.parseInt(match[1]!, 16) - 1,
  }));
}

function headersOf(out: string): Headers {
  const { read, config, model, annotations } = configuredTree(out);
  return createHeaders({ read, model, branches: branchesOf(config), annotations });
}

for (const config of ['defconfig', 'allmodconfig']) {
  test(`sizes of structs are those of gcc (${config})`, (context) => {
    const out = configure(path.join(scratch, config), config);
    const structs = truth(out);
    const range = { start: 0, end: 0 };
    const lookup = headersOf(out).scopeOf({ path: 'probe.c', includes: HEADERS.map((header) => ({ path: header, quoted: false, range })) });
    const wrong: string[] = [];
    let exact = 0;
    for (const { tag, size } of structs) {
      const { min, max } = lookup.layouts!.of(recordType(tag, () => lookup.record(tag))).size;
      if (min === max && min === size) exact++;
      else if (min === max || size < min || size > (max ?? size)) wrong.push(`${tag}: ${min}..${max}, truth ${size}`);
    }
    context.diagnostic(`${exact} of ${structs.length} exact, ${structs.length - exact - wrong.length} in range, ${wrong.length} wrong`);
    assert.deepEqual(wrong, []);
    assert.ok(structs.length >= 2000, `${structs.length} structs`);
    assert.ok(exact >= structs.length * 0.98, `${exact} of ${structs.length}`);
  });
}
