import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { definitionsOf, newestRelease } from '../server/src/kernel/releaseTables';
import { temporaryFolder } from './cli/runCli';

const PROJECT = join(__dirname, '..');

/** Headers in the kernel's style that say what the tables say of the newest release. */
function treeOf(change: (header: string) => string): string {
  const root = temporaryFolder();
  const { flags, composites, printOrder } = definitionsOf(newestRelease());
  const names = flags.map((flag) => flag.name).filter((name) => name !== '');
  const raw = flags.map(({ name }, index) => (name === '' ? `\t___GFP_UNUSED${index}_BIT,` : `\t_${name}_BIT,`));
  const single = names.map((name) => `#define _${name}\tBIT(_${name}_BIT)\n#define ${name}\t((__force gfp_t)_${name})`);
  const combined = composites
    .filter(({ name }) => !/_MASK$|ZONEMASK|PGTABLE/.test(name))
    .map(({ name, bits }) => `#define ${name}\t(${names.filter((_, bit) => (bits >>> bit) & 1).join(' | ') || '0'})`);
  const files: Readonly<Record<string, string>> = {
    Makefile: 'VERSION = 9\nPATCHLEVEL = 4\nSUBLEVEL = 0\n',
    'include/linux/gfp_types.h': change(`enum {\n${raw.join('\n')}\n\t___GFP_LAST_BIT\n};\n${single.join('\n')}\n${combined.join('\n')}\n`),
    'include/linux/gfp.h': 'struct page *frob_pages(gfp_t gfp, unsigned int order);\nvoid *kmalloc(size_t size, gfp_t gfp);\n',
    'include/trace/events/mmflags.h': `#define __def_gfpflag_names \\\n${printOrder.map((name) => `\tgfpflag_string(${name}),`).join(' \\\n')}\n`,
  };
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  return root;
}

function differences(root: string): string {
  return spawnSync(process.execPath, ['scripts/new-release.mjs', root, '--dry-run'], { cwd: PROJECT, encoding: 'utf8' }).stdout;
}

test('npm run new-release tells what a tree changes: a flag, a composite, a function', () => {
  const text = differences(
    treeOf((header) =>
      header
        .replace('\t___GFP_LAST_BIT', '\t___GFP_SHINY_BIT,\n\t___GFP_LAST_BIT')
        .replace(
          '#define GFP_NOIO\t',
          '#define ___GFP_SHINY\tBIT(___GFP_SHINY_BIT)\n#define __GFP_SHINY\t((__force gfp_t)___GFP_SHINY)\n#define GFP_BRIGHT\t(GFP_KERNEL | __GFP_SHINY)\n#define GFP_NOIO\t',
        ),
    ),
  );
  assert.match(text, /^Linux 9\.4\.0, compared with the tables of /m);
  assert.match(text, /^\+ flag __GFP_SHINY: position \d+$/m);
  assert.match(text, /^\+ composite GFP_BRIGHT: .*__GFP_SHINY/m);
  assert.match(text, /^\? function frob_pages \(include\/linux\/gfp\.h\)/m);
  assert.doesNotMatch(text, /function kmalloc |^[-~+] composite GFP_(KERNEL|NOIO|ATOMIC)\b/m);
  assert.match(text, /^nothing written/m);
});
