import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { KERNEL_MAKEFILE, runCli, temporaryFolder } from './runCli';

describe('gfp-lens mask', () => {
  test('explains an expression on a page of at most 80 columns', async () => {
    const { code, stdout, stderr } = await runCli(['mask', '--kernel', '6.1', 'GFP_KERNEL | __GFP_NOWARN']);
    assert.deepEqual([code, stderr], [0, '']);
    assert.match(stdout, /^GFP_KERNEL\|__GFP_NOWARN\n0x2cc0 on Linux 6\.1\n/);
    assert.ok(stdout.split('\n').every((line) => line.length <= 80));
  });

  test('the expression may be several words, a number, or a log line', async () => {
    for (const words of [
      ['GFP_KERNEL', '|', '__GFP_NOWARN'],
      ['0x2cc0'],
      ['page allocation failure: order:0, mode:0x2cc0(GFP_KERNEL|__GFP_NOWARN), nodemask=(null)'],
    ]) {
      const { code, stdout } = await runCli(['mask', '--json', '--kernel', '6.1', ...words]);
      assert.equal(code, 0);
      assert.deepEqual([JSON.parse(stdout).canonical, JSON.parse(stdout).hex], ['GFP_KERNEL|__GFP_NOWARN', '0x2cc0']);
    }
  });

  test('order, size and context go into the answer', async () => {
    const { stdout } = await runCli(['mask', '--json', '--kernel', '6.1', '--size', '100', '--context', 'nofs,rt', 'GFP_KERNEL']);
    const answer = JSON.parse(stdout);
    assert.deepEqual([answer.mayFS, answer.kmalloc.bucket], [false, 128]);
  });

  test('takes the release of the tree around the current folder', async () => {
    const tree = temporaryFolder({ Makefile: KERNEL_MAKEFILE, 'mm/Makefile': 'obj-y := slab.o\n' });
    const { stdout } = await runCli(['mask', '--json', 'GFP_KERNEL'], { cwd: `${tree}/mm` });
    assert.equal(JSON.parse(stdout).kernel, '6.1.7');
  });

  test('a mask with a mistake is exit code 1', async () => {
    const { code, stdout } = await runCli(['mask', '--json', 'GFP_ATOMIC | __GFP_NOFAIL']);
    assert.equal(code, 1);
    assert.equal(JSON.parse(stdout).problems[0].rule, 'nofail-cannot-block');
  });

  test('a number without a release: the likeliest one, and what it means to the others', async () => {
    const { code, stdout } = await runCli(['mask', '0x24000c0']);
    assert.equal(code, 0);
    assert.match(stdout, /^GFP_KERNEL\n0x24000c0 on Linux 4\.9\n/);
    assert.match(stdout, / {2}4\.4 - 4\.9 +GFP_KERNEL\n/);
    assert.ok(stdout.split('\n').every((line) => line.length <= 80));
    const answer = JSON.parse((await runCli(['mask', '--json', '0x24000c0'])).stdout);
    assert.deepEqual([answer.kernel, answer.releases[0].from, answer.releases[0].to], ['4.9', '4.4', '4.9']);
  });

  test('a log line whose names are those of another release says of which', async () => {
    const { stdout } = await runCli(['mask', '--kernel', '6.1', 'mode:0x24000c0(GFP_KERNEL)']);
    assert.match(stdout, /Number and names disagree[\s\S]*4\.6 - 4\.9/);
  });

  test('wrong usage is exit code 2 and one line', async () => {
    for (const args of [
      [],
      ['GFP_KERNAL'],
      ['--order', 'x', 'GFP_KERNEL'],
      ['--context', 'nfs', 'GFP_KERNEL'],
      ['--kernel', 'new', 'GFP_KERNEL'],
      ['--stdin', 'GFP_KERNEL'],
      ['0x1ffffffff'],
      ['--order', '99', 'GFP_KERNEL'],
      ['--order', '-1', 'GFP_KERNEL'],
      ['--kernel', '3.10', 'GFP_KERNEL'],
      ['--kernel', '5.20', 'GFP_KERNEL'],
    ]) {
      const { code, stdout, stderr } = await runCli(['mask', ...args]);
      assert.deepEqual([code, stdout], [2, ''], args.join(' '));
      assert.match(stderr, /^gfp-lens: [^\n]+\n$/, args.join(' '));
    }
  });
});

describe('gfp-lens mask --stdin', () => {
  async function answers(
    lines: readonly string[],
    ...args: readonly string[]
  ): Promise<{ code: number | null; answers: Record<string, unknown>[] }> {
    const { code, stdout, stderr } = await runCli(['mask', '--stdin', ...args], { input: lines.join('\n') });
    assert.equal(stderr, '');
    return {
      code,
      answers: stdout
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => JSON.parse(line)),
    };
  }

  test('a long input comes back in its order, with an error in the place of its line', async () => {
    const count = 40_000;
    const lines = Array.from({ length: count }, (_, at) => JSON.stringify({ mask: `0x${at.toString(16)}`, kernel: '6.1', order: at % 11 }));
    lines[35_000] = 'no question';
    const result = await answers(lines);
    assert.equal(result.code, 2);
    assert.equal(result.answers.length, count);
    assert.deepEqual(result.answers[35_000], { error: 'this line is not JSON' });
    const wrong = result.answers.findIndex((answer, at) => at !== 35_000 && answer.input !== `0x${at.toString(16)}`);
    assert.equal(wrong, -1);
    // The same question in a short input is answered by the main thread.
    const single = await answers([lines[39_999]!]);
    assert.deepEqual(single.answers[0], result.answers[39_999]);
  });

  test('answers line by line, each with its own kernel', async () => {
    const asked = [
      { mask: 'GFP_ATOMIC', kernel: '4.19' },
      { mask: '0xcc0', kernel: '6.1', order: 3 },
      { mask: 3264, kernel: '6.12', config: { CONFIG_LOCKDEP: true } },
    ];
    const result = await answers(asked.map((one) => JSON.stringify(one)));
    assert.equal(result.code, 0);
    assert.deepEqual(
      result.answers.map((answer) => [answer.kernel, answer.canonical]),
      [
        ['4.19', 'GFP_ATOMIC'],
        ['6.1', 'GFP_KERNEL'],
        ['6.12', 'GFP_KERNEL'],
      ],
    );
  });

  test('a bad line gets an error in its place; the others are answered', async () => {
    const lines = [
      '{"mask":"GFP_KERNEL"}',
      'nonsense',
      '',
      '[]',
      '{"mask":true}',
      '{"mask":"GFP_KERNEL","order":-1}',
      '{"mask":"GFP_KERNEL","context":["x"]}',
      '{"mask":"WHAT"}',
      '{"mask":"GFP_NOFS"}',
    ];
    const result = await answers(lines, '--kernel', '6.1');
    assert.equal(result.code, 2);
    assert.deepEqual(
      result.answers.map((answer) => ('error' in answer ? 'error' : answer.canonical)),
      ['GFP_KERNEL', 'error', 'error', 'error', 'error', 'error', 'error', 'GFP_NOFS'],
    );
  });

  test('the path is given where it is asked for', async () => {
    const { answers: both } = await answers(['{"mask":"GFP_KERNEL"}', '{"mask":"GFP_KERNEL","path":true}'], '--kernel', '6.1');
    assert.equal(both[0]!.path, undefined);
    assert.ok(Array.isArray(both[1]!.path));
  });

  test('bad questions of every kind leave the stream intact, and text that is not ASCII comes back', async () => {
    const lines = [
      { mask: 'GFP_KERNEL', kernel: 'new' },
      { mask: 'GFP_KERNEL', kernel: '5.25' },
      { mask: '0x1ffffffff' },
      { mask: 'GFP_KERNEL', order: 64 },
      { mask: 'GFP_KERNEL', config: [] },
      { mask: 'é'.repeat(300_000) },
      { mask: 'é mode:0xcc0' },
    ].map((one) => JSON.stringify(one));
    const result = await answers([...lines, `${lines.at(-1)}\r`], '--kernel', '6.1');
    assert.deepEqual(
      result.answers.map((answer) => 'error' in answer),
      [true, true, true, true, true, true, false, false],
    );
    assert.equal(result.answers.at(-1)!.input, 'é mode:0xcc0');
  });

  test('takes many lines in one process', async () => {
    const result = await answers(
      Array.from({ length: 5000 }, (_, i) => `{"mask":"0x${(i * 64).toString(16)}","kernel":"6.${1 + (i % 3)}"}`),
    );
    assert.equal(result.answers.length, 5000);
  });
});
