import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { VETH_ALLOCATES } from '../log/madeUp';
import { KERNEL_MAKEFILE, runCli, temporaryFolder } from './runCli';

const LOGS = join(__dirname, '..', 'log');
const VETH = join(LOGS, 'page-5.15.0-order6-veth.log');

describe('gfp-lens log', () => {
  test('a page of at most 80 columns, summary first; a failure is exit code 1', async () => {
    const { code, stdout, stderr } = await runCli(['log', VETH]);
    assert.deepEqual([code, stderr], [1, '']);
    assert.match(
      stdout,
      /^1\. page allocation failure: fragmentation\n {3}lines 3-51, Linux 5\.15\.0-91-generic, 1 more not printed \(rate limit\)\n\n {2}dockerd in veth_alloc_queues\(\) asked/,
    );
    assert.ok(stdout.split('\n').every((line) => line.length <= 80));
    assert.ok(stdout.indexOf('kvcalloc()') > 0);
  });

  test('--json follows the contract', async () => {
    const { code, stdout } = await runCli(['log', '--json', VETH]);
    assert.equal(code, 1);
    const { tool, failures } = JSON.parse(stdout);
    assert.equal(tool.name, 'gfp-lens');
    const [failure] = failures;
    assert.deepEqual(
      [failure.process, failure.order, failure.mode, failure.kernel, failure.verdict, failure.site.function, failure.suppressed],
      ['dockerd', 6, '0x40dc0', '5.15.0-91-generic', 'fragmentation', 'veth_alloc_queues', 1],
    );
    assert.ok(failure.flags.includes('__GFP_ZERO'));
    const normal = failure.zones.find((zone: { zone: string }) => zone.zone === 'Normal');
    assert.deepEqual([normal.node, normal.free, normal.min, normal.low, normal.high, normal.reserve], [0, 76000, 4208, 5260, 6312, 0]);
    assert.deepEqual(normal.buddy[0], { order: 0, count: 6000, blockKb: 4, types: 'UME', open: true });
    assert.equal(normal.verdict, 'fragmentation');
    for (const advice of failure.advice) assert.deepEqual(Object.keys(advice).sort(), ['for', 'text']);
  });

  test('standard input, and gzip files', async () => {
    const text = readFileSync(VETH);
    const folder = temporaryFolder({ 'dmesg.gz': gzipSync(text) });
    const piped = await runCli(['log', '-'], { input: text.toString() });
    const packed = await runCli(['log', join(folder, 'dmesg.gz')]);
    const plain = await runCli(['log', VETH]);
    assert.equal(piped.stdout, plain.stdout);
    assert.equal(packed.stdout, plain.stdout);
  });

  test('files that other programs unpack; what is missing or damaged is said', async (context) => {
    const packed = spawnSync('xz', ['--stdout', VETH]);
    if (packed.error !== undefined) return context.skip('there is no xz here');
    const folder = temporaryFolder({
      'dmesg.xz': packed.stdout,
      'cut.xz': packed.stdout.subarray(0, 200),
      'other.zst': Uint8Array.of(0x28, 0xb5, 0x2f, 0xfd, 0, 0),
    });
    const plain = await runCli(['log', VETH]);
    assert.equal((await runCli(['log', join(folder, 'dmesg.xz')])).stdout, plain.stdout);
    const cut = await runCli(['log', 'cut.xz'], { cwd: folder });
    assert.deepEqual([cut.code, cut.stderr], [2, 'gfp-lens: cut.xz: the compressed data is damaged (xz ended with 1)\n']);
    const without = await runCli(['log', 'dmesg.xz'], { cwd: folder, env: { PATH: folder } });
    assert.deepEqual(
      [without.code, without.stderr],
      [2, 'gfp-lens: dmesg.xz: is compressed with xz, and there is no program xz to unpack it\n'],
    );
  });

  test('the same failure again is one line', async () => {
    const text = readFileSync(VETH, 'utf8');
    const { stdout } = await runCli(['log', '-'], { input: text + text });
    assert.match(stdout, /\n\n2\. line 54: like number 1 \(fragmentation\)\n$/);
  });

  test('--tree names the call in the source', async () => {
    const veth = [
      'static int veth_alloc_queues(struct net_device *dev);',
      '',
      'static int veth_dev_init(struct net_device *dev)',
      '{',
      '\treturn veth_alloc_queues(dev);',
      '}',
      '',
      VETH_ALLOCATES,
    ].join('\n');
    const tree = temporaryFolder({ Makefile: KERNEL_MAKEFILE, 'drivers/net/veth.c': veth, 'drivers/net/other.c': 'int x;\n' });
    const { stdout } = await runCli(['log', '--json', '--tree', tree, VETH]);
    const { site } = JSON.parse(stdout).failures[0];
    assert.deepEqual([site.function, site.file, site.line], ['veth_alloc_queues', 'drivers/net/veth.c', 12]);
    const page = await runCli(['log', '--tree', tree, VETH]);
    assert.match(page.stdout, /veth_alloc_queues\(\) \[veth\], drivers\/net\/veth\.c:12/);
    const none = await runCli(['log', '--tree', join(tree, 'drivers'), VETH]);
    assert.deepEqual([none.code, none.stdout], [2, '']);
  });

  test('no failure is exit code 0 and a word on stderr', async () => {
    const { code, stdout, stderr } = await runCli(['log', '-'], { input: '[    1.0] usb 1-1: new device\n' });
    assert.deepEqual([code, stdout, stderr], [0, '', 'gfp-lens: standard input: no allocation failure found\n']);
    const json = await runCli(['log', '--json', '-'], { input: '' });
    assert.deepEqual(JSON.parse(json.stdout).failures, []);
  });

  test('what cannot be read is exit code 2 and one line', async () => {
    const folder = temporaryFolder({
      'bad.gz': gzipSync('x'.repeat(1000)).subarray(0, 20),
    });
    for (const path of ['nowhere.log', '.', 'bad.gz']) {
      const { code, stderr } = await runCli(['log', path], { cwd: folder });
      assert.equal(code, 2, path);
      assert.match(stderr, /^gfp-lens: [^\n]+\n$/);
    }
  });
});
