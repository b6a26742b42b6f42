import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { describe, test } from 'node:test';
import { Interner } from '../server/src/base/interner';
import { Host } from '../server/src/ide/host';
import { ByteDocument } from '../server/src/lsp/byteDocument';
import { hoverMarkdown } from '../server/src/report/hoverMarkdown';
import { BAD, DIST, KERNEL_MAKEFILE, temporaryFolder } from './cli/runCli';
import { modelFor } from './support/analyse';

const MarkdownIt: new (options: object) => { render(text: string): string } = require('markdown-it');

/** What docs/security.md promises, as far as it is not tested beside the code it is about. */
const PROJECT = join(__dirname, '..');
const sources = ['server/src', 'client/src', 'client/webview'].flatMap((folder) =>
  readdirSync(join(PROJECT, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.(ts|js)$/.test(name))
    .map((name) => join(PROJECT, folder, name)),
);
const textOf = (path: string): string => readFileSync(path, 'utf8').replace(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, '');
const having = (pattern: RegExp): readonly string[] =>
  sources.filter((path) => pattern.test(textOf(path))).map((path) => relative(PROJECT, path));

describe('our own sources', () => {
  test('start other programs in two places only, with an argument list and without a shell', () => {
    assert.deepEqual(having(/child_process/), ['server/src/cli/git.ts', 'server/src/cli/openLog.ts']);
    for (const path of ['server/src/cli/git.ts', 'server/src/cli/openLog.ts']) {
      const text = textOf(join(PROJECT, path));
      assert.doesNotMatch(text, /\bshell:|[^.]\bexec\(|execSync|spawnSync/);
      assert.match(text, /(execFileSync|spawn)\([^)]*\[/);
    }
  });

  test('open no connection', () => {
    assert.deepEqual(
      having(
        /(?:from |require\(|import\()['"](?:node:)?(?:https?|http2|net|tls|dgram|dns|inspector)['"]|\bfetch\(|XMLHttpRequest|WebSocket|sendBeacon|EventSource/,
      ),
      [],
    );
  });

  test('write files in two places only: what a command was asked to write, and the cache', () => {
    assert.deepEqual(
      having(
        /\b(?:(?:writeFile|appendFile|rename|copyFile|mkdir|symlink|truncate)Sync|writeFile|createWriteStream|openSync\([^)]*'[wa])\b/,
      ),
      ['server/src/cli/cacheFolder.ts', 'server/src/cli/replaceFile.ts'],
    );
    assert.deepEqual(having(/workspace\.fs\.(?:write|rename|copy|delete|create)|workspace\.(?:saveAll|save)\(/), []);
  });

  test('show no message box', () => {
    assert.deepEqual(
      having(/show(?:Information|Warning|Error)Message|showMessageRequest|window\/showMessage|sendNotification\(ShowMessage/),
      [],
    );
  });

  test('make no code from text', () => {
    assert.deepEqual(having(/\beval\(|new Function\(|node:vm|importScripts|insertAdjacentHTML|document\.write/), []);
  });

  test('pages of the extension allow scripts by a nonce only, and nothing from elsewhere', () => {
    const pages = having(/Content-Security-Policy/);
    assert.ok(pages.length >= 1);
    for (const path of pages)
      assert.match(
        textOf(join(PROJECT, path)),
        /default-src 'none'; style-src \$\{webview\.cspSource\}; script-src 'nonce-\$\{nonce\}'/,
        path,
      );
    const panels = having(/createWebviewPanel/);
    assert.ok(panels.length >= 2);
    for (const path of panels) assert.match(textOf(join(PROJECT, path)), /localResourceRoots: \[/, path);
    assert.deepEqual(having(/\.html = (?!webviewPage\(|page|this\.)[^;]*</), []);
    for (const path of [...pages, ...panels])
      assert.doesNotMatch(textOf(join(PROJECT, path)), /unsafe-(inline|eval)|\son\w+="|https?:/, path);
  });

  test('no setting names a program, and those that name a path cannot come from a workspace alone in an untrusted window', () => {
    const { contributes, capabilities } = JSON.parse(readFileSync(join(PROJECT, 'package.json'), 'utf8'));
    const settings: [string, { scope: string; default: unknown }][] = Object.entries(contributes.configuration.properties);
    for (const [name, { scope }] of settings) {
      assert.doesNotMatch(name, /executable|command|binary|server\.path|env|args|shell/i);
      if (/root|config|path|folder|file/i.test(name)) assert.match(scope, /^machine/, name);
    }
    assert.equal(capabilities.untrustedWorkspaces.supported, true);
  });
});

describe('the programs that ship', () => {
  /** Ends the process with a mark when anything reaches for the network or another program. */
  const GUARD = `
for (const [name, calls] of [['net', ['connect', 'createConnection']], ['dns', ['lookup', 'resolve']], ['dgram', ['createSocket']], ['http', ['request', 'get']], ['https', ['request', 'get']], ['tls', ['connect']], ['child_process', ['spawn', 'exec', 'execFile', 'fork', 'spawnSync', 'execSync', 'execFileSync']]]) {
  const module = require('node:' + name);
  for (const call of calls) module[call] = () => { require('node:fs').writeSync(2, 'REACHED ' + name + '.' + call); process.exit(99); };
}
require('node:net').Socket.prototype.connect = () => { require('node:fs').writeSync(2, 'REACHED Socket.connect'); process.exit(99); };
globalThis.fetch = () => { require('node:fs').writeSync(2, 'REACHED fetch'); process.exit(99); };
`;
  const cwd = temporaryFolder({
    'guard.cjs': GUARD,
    Makefile: KERNEL_MAKEFILE,
    Kbuild: '',
    'fs/a.c': BAD,
    'a.log': 'a: page allocation failure: order:4, mode:0xcc0(GFP_KERNEL)\n http://127.0.0.1:9/ \n',
  });
  const initialize = JSON.stringify({
    jsonrpc: '2.0',
    id: 1,
    method: 'initialize',
    params: { protocolVersion: '2025-06-18', processId: null, rootUri: null, capabilities: {}, clientInfo: { name: 'x', version: '1' } },
  });
  const runs: readonly (readonly [args: readonly string[], input: string])[] = [
    [['check', '.'], ''],
    [['check', '--format', 'sarif', '.'], ''],
    [['mask', '0xcc0'], ''],
    [['log', 'a.log', '--tree', '.'], ''],
    [['rules', 'costly-order'], ''],
    [['lsp', '--stdio'], `Content-Length: ${initialize.length}\r\n\r\n${initialize}`],
    [['mcp'], `${initialize}\n`],
  ];
  for (const [args, input] of runs) {
    test(`${args.join(' ')}: no connection, no other program`, () => {
      const { stderr, stdout } = spawnSync(process.execPath, ['--require', join(cwd, 'guard.cjs'), join(DIST, 'cli.js'), ...args], {
        cwd,
        input,
        encoding: 'utf8',
      });
      assert.doesNotMatch(stderr, /REACHED/);
      if (args[0] !== 'lsp') assert.ok(stdout.length > 0, stderr);
    });
  }
});

describe('hostile names in a hover', () => {
  const HOSTILE = [
    '](command:workbench.action.terminal.new)',
    '[x](command:evil)',
    '![x](https://example.org/x.png)',
    '<img src=x onerror=alert(1)>',
    '<script>alert(1)</script>',
    '`](command:evil)`',
    '<command:evil>',
    'https://example.org/',
    '&#91;x&#93;(command:evil)',
    '\u202e\u2066evil',
  ];
  const model = modelFor('6.1');
  const host = new Host({
    rootAbove: () => undefined,
    projectOf: () => undefined,
    forget: () => undefined,
    contextOf: () => ({ model, interner: new Interner(), annotations: new Set<string>(), branches: undefined, headers: undefined }),
  });

  for (const [index, text] of HOSTILE.entries()) {
    test(`${JSON.stringify(text)}: no link, no image, no markup`, () => {
      const quoted = text.replace(/[\\"]/g, '\\$&');
      const source = `#include <linux/slab.h>\n/* ${text} */\nvoid *f(struct s *s)\n{\n\tvoid *p;\n\tspin_lock(&s->q["${quoted}"].lock);\n\tp = kmalloc(sizeof("${quoted}"), GFP_KERNEL | ${'x'}["${quoted}"]);\n\tp = kmalloc(8, GFP_KERNEL); // ${text}\n\treturn p;\n}\n`;
      const uri = `file:///a${index}.c`;
      host.apply({ kind: 'text', text: ByteDocument.open(uri, `/a${index}.c`, 'c', 1, source, 'utf-16') });
      let hovers = 0;
      for (let at = 0; at < Buffer.byteLength(source); at++) {
        const hover = host.snapshot().hover(uri, at);
        if (hover === undefined) continue;
        hovers++;
        const rendered = new MarkdownIt({ html: true, linkify: true }).render(
          hoverMarkdown(hover, (rule) => `command:page?${rule}`, 'command:explore'),
        );
        const links = [...rendered.matchAll(/href="([^"]*)"/g)].map((match) => match[1]!);
        for (const link of links) assert.match(link, /^command:(page\?[\w-]+|explore)$/);
        assert.doesNotMatch(rendered, /<(img|script|iframe|svg|style|object)|<[^>]*\son\w+=/i);
        assert.doesNotMatch(rendered, /[\u202a-\u202e\u2066-\u2069]/);
      }
      assert.ok(hovers > 10);
    });
  }
});
