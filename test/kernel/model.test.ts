import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { loadModel, modelOfTree } from '../../server/src/kernel/index';

const kernels = process.env.GFP_KERNELS || path.join(homedir(), '.cache/kernels');
const RELEASES = ['6.1', '6.12'];

function textOf(release: string, file: string): string | undefined {
  try {
    return readFileSync(path.join(kernels, `linux-source-${release}`, file), 'utf8');
  } catch {
    return undefined;
  }
}

const modelOf = (release: string) => modelOfTree({ read: (file) => textOf(release, file) });

/** All headers of include/ and of one architecture, without comments, in one text. */
const headers = new Map(
  RELEASES.map((release) => {
    const texts = ['include', 'arch/x86/include'].flatMap((folder) => {
      const root = path.join(kernels, `linux-source-${release}`, folder);
      return readdirSync(root, { recursive: true, encoding: 'utf8' })
        .filter((name) => name.endsWith('.h'))
        .map((name) => readFileSync(path.join(root, name), 'utf8'));
    });
    return [release, texts.join('\n').replace(/\/\*[\s\S]*?\*\//g, ' ')];
  }),
);

for (const release of RELEASES) {
  test(`${release}: the tree's own headers give what the tables have for it`, () => {
    const tree = modelOf(release);
    const tables = loadModel({ release: tree.release });
    assert.equal(tree.origin, 'tree');
    assert.deepEqual(tree.flags.names, tables.flags.names);
    for (const { name, bits } of tables.flags.composites) assert.equal(tree.flags.bits(name), bits, name);
    assert.deepEqual(tree.behaviour, tables.behaviour);
    assert.deepEqual(tree.limits, tables.limits);
    tree.numbers.layouts.forEach((layout, index) => {
      const other = tables.numbers.layouts[index]!;
      assert.equal(layout.config, other.config);
      for (let bit = 0; bit < 32; bit++) {
        for (const { bits } of tree.flags.composites) {
          const number = (layout.toNumber(bits) ^ (1 << bit)) >>> 0;
          assert.equal(layout.print(number), other.print(number));
        }
      }
    });
  });

  test(`${release}: the mask is where the prototypes have it`, () => {
    const positions = maskPositions(headers.get(release)!);
    const wrong: string[] = [];
    let checked = 0;
    for (const row of modelOf(release).functions.all) {
      const found = row.gfp === undefined ? undefined : positions.get(row.name);
      if (found === undefined || row.gfp === undefined) continue;
      checked++;
      if (!found.has(row.gfp)) wrong.push(`${row.name}: ${row.gfp}, the header says ${[...found].join(' or ')}`);
    }
    assert.deepEqual(wrong, []);
    assert.ok(checked > 600, `only ${checked} prototypes were found`);
  });
}

test('functions that change the context exist in one of the trees', () => {
  const words = new Set([...headers.values()].flatMap((text) => text.match(/[A-Za-z_]\w+/g) ?? []));
  const unknown = modelOf('6.12').contexts.functions.filter((row) => !words.has(row.name));
  assert.deepEqual(
    unknown.map((row) => row.name),
    [],
  );
});

/** Position of the gfp_t parameter in every prototype and inline function. */
function maskPositions(text: string): Map<string, Set<number>> {
  const positions = new Map<string, Set<number>>();
  for (const match of text.matchAll(/\b([A-Za-z_]\w*)\s*\(([^();{}]*\bgfp_t\b[^();{}]*)\)\s*(?:__\w+|[;{]|\n)/g)) {
    const position = match[2]!.split(',').findIndex((parameter) => /\bgfp_t\b/.test(parameter));
    const known = positions.get(match[1]!) ?? new Set();
    known.add(position);
    positions.set(match[1]!, known);
  }
  return positions;
}
