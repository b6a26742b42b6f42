import assert from 'node:assert/strict';
import { posix } from 'node:path';
import type { TextRange } from '../../../server/src/base/range';
import type { CodeAction } from '../../../server/src/ide/codeActions';
import { Host } from '../../../server/src/ide/host';
import { DEFAULT_SETTINGS, type HostSettings } from '../../../server/src/ide/settings';
import { ByteDocument } from '../../../server/src/lsp/byteDocument';
import type { Files } from '../../../server/src/lsp/files';
import { TreeKernels } from '../../../server/src/lsp/treeKernels';
import { hoverMarkdown } from '../../../server/src/report/hoverMarkdown';
import type { Random } from '../random';
import type { FuzzTarget } from '../target';
import { ALLOCATION_WORDS, C_WORDS, DIRECTIVE_WORDS } from './words';

const ROOT = '/tree';
const SOURCE = `${ROOT}/drivers/net/a.c`;
const URI = `file://${SOURCE}`;
/** What the pieces of an input are. */
const PATHS = [SOURCE, `${ROOT}/drivers/net/ring.h`, `${ROOT}/drivers/net/mem.c`, `${ROOT}/.gfp-lens.json`];
const MAKEFILE = 'VERSION = 6\nPATCHLEVEL = 12\nSUBLEVEL = 0\n';
const SETTINGS: readonly Partial<HostSettings>[] = [
  { enable: 'always', showPossible: true, inlayHints: true, codeLens: true },
  { contextLens: true, contextHints: true, inlayHints: true },
  { kernelVersion: '6.1' },
];
const PLACES = 6;

/** Everything that an editor asks of a document while it is typed: no answer may point outside of it, and the newest text alone counts. */
export const editor: FuzzTarget = {
  name: 'editor',
  sources: ['ide/', 'facts/', 'rules/', 'kernel/functions/'],
  words: [...C_WORDS, ...ALLOCATION_WORDS, ...DIRECTIVE_WORDS, '\f', '"rules"', '{ "kernel": "6.1" }'],
  run(input, random) {
    const pieces = Buffer.from(input).toString('utf8').split('\f').slice(0, PATHS.length);
    const host = new Host(new TreeKernels(filesOf(pieces), () => undefined));
    const base = { ...DEFAULT_SETTINGS, ...random.pick(SETTINGS) };
    host.apply({ kind: 'settings', settings: { base, folders: [] } });
    const before = ByteDocument.open(URI, SOURCE, 'c', 1, pieces[0]!, 'utf-16');
    host.apply({ kind: 'text', text: before });
    ask(host, before, random);
    const changed = typed(before, random);
    host.apply({ kind: 'text', text: changed });
    host.settle(URI);
    ask(host, changed, random);
  },
};

function filesOf(pieces: readonly string[]): Files {
  const encoder = new TextEncoder();
  const text = (path: string): string | undefined => (path === `${ROOT}/Makefile` ? MAKEFILE : pieces[PATHS.indexOf(path)]);
  const read = (path: string): Uint8Array | undefined => {
    const found = text(path);
    return found === undefined ? undefined : encoder.encode(found);
  };
  return {
    pathOf: (uri) => uri.replace('file://', ''),
    uriOf: (path) => `file://${path}`,
    isAbsolute: posix.isAbsolute,
    parent: posix.dirname,
    resolve: posix.resolve,
    read,
    isFolder: () => false,
    realPath: (path) => path,
    sources: () => Promise.resolve([]),
    below: (root) => [SOURCE, PATHS[2]!].flatMap((path) => [{ path: posix.relative(root, path), bytes: read(path) ?? new Uint8Array() }]),
    followIncludes: () => true,
  };
}

function typed(document: ByteDocument, random: Random): ByteDocument {
  const at = random.below(document.bytes.length + 1);
  const end = random.once(2) ? at : Math.min(document.bytes.length, at + random.size(40));
  return document.edited([{ range: document.rangeAt(at, end), text: random.pick(['', ...ALLOCATION_WORDS, ...C_WORDS]) }], 2);
}

function ask(host: Host, { bytes }: ByteDocument, random: Random): void {
  const snapshot = host.snapshot();
  const all = { start: 0, end: bytes.length };
  const within = ({ start, end }: TextRange, what: string): void =>
    assert.ok(0 <= start && start <= end && end <= bytes.length, `${what}: ${start}..${end} of ${bytes.length}`);
  for (const { range, rule } of snapshot.diagnostics(URI)) within(range, rule);
  for (const action of [...snapshot.codeActions(URI, all), ...snapshot.offers(URI, all)]) assertApplies(action, within);
  const whole = snapshot.fixAll(URI);
  if (whole !== undefined) assertApplies(whole, within);
  for (const { range } of snapshot.codeLenses(URI)) within(range, 'lens');
  snapshot.inlayHints(URI, all);
  for (let place = 0; place < PLACES; place++) {
    const at = random.below(bytes.length + 1);
    const hover = snapshot.hover(URI, at);
    if (hover !== undefined) {
      within(hover.range, 'hover');
      assert.doesNotMatch(
        hoverMarkdown(hover, () => undefined),
        /\[object|\bNaN\b/,
      );
    }
    snapshot.completions(URI, at);
    snapshot.maskTextAt(URI, at);
  }
}

/** Its edits of the document lie within it and not over each other. */
function assertApplies({ title, edits }: CodeAction, within: (range: TextRange, what: string) => void): void {
  const own = edits.filter(({ path }) => path === undefined).map(({ range }) => range);
  for (const range of own) within(range, title);
  const sorted = own.toSorted((a, b) => a.start - b.start || a.end - b.end);
  for (let index = 1; index < sorted.length; index++) assert.ok(sorted[index - 1]!.end <= sorted[index]!.start, `${title}: edits overlap`);
}
