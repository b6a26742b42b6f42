import assert from 'node:assert/strict';
import { test } from 'node:test';
import { answerMask, modelOfRelease } from '../../../server/src/ide/maskAnswer';
import { type KernelModel, loadModel, parseRelease } from '../../../server/src/kernel/index';
import { type ComparedMask, masksComparison, releasesComparison } from '../../../server/src/report/maskComparison';
import { maskMarkdown } from '../../../server/src/report/maskMarkdown';
import { maskView } from '../../../server/src/report/maskView';

const model = loadModel({ release: parseRelease('6.12')! });

function side(text: string, kernel: KernelModel = model, title = text): ComparedMask {
  const answered = answerMask({ text }, kernel, true);
  return { title, answer: 'error' in answered ? answered : answered.answer };
}

function answer(text: string, known = true) {
  const answered = answerMask({ text }, model, known);
  if ('error' in answered) throw new Error(answered.error);
  return answered;
}

test('two masks: what differs, and nothing else', () => {
  const page = masksComparison(side('GFP_KERNEL'), side('GFP_NOFS'));
  assert.match(page, /\| may enter FS \| yes \| no \|/);
  assert.match(page, /\| OOM killer \| yes \| no \|/);
  assert.doesNotMatch(page, /may sleep|zone|wakes kswapd \|/);
  assert.match(masksComparison(side('GFP_KERNEL'), side('0xcc0')), /treats both alike/);
});

test('a mask that one side does not have says so', () => {
  assert.match(masksComparison(side('GFP_KERNEL'), side('__GFP_ATOMIC')), /was removed in 6\\\.3/);
});

test('releases: neighbours that agree are one line, and what never changed is left out', () => {
  const releases = ['6.1.38', '6.1.129', '6.2', '6.3', '6.12'];
  const sides = releases.map((release) => side('GFP_NOWAIT | __GFP_HIGH', modelOfRelease(release, model) as KernelModel, release));
  const page = releasesComparison('GFP_NOWAIT | __GFP_HIGH', sides);
  const reserve = page.split('## ').find((section) => section.startsWith('Reserve\n'))!;
  assert.match(reserve, /\| 6\\\.1\\\.38 \| down to 50 %/);
  assert.match(reserve, /\| 6\\\.3 \\- 6\\\.12 \| down to 37\\\.5 %/);
  assert.doesNotMatch(page, /## Zone|## May sleep/);
  assert.match(releasesComparison('GFP_KERNEL', [side('GFP_KERNEL'), side('GFP_KERNEL')]), /alike in all/);
});

test('a number without a tree is read by the release it most likely comes from, and the page says which they are', () => {
  const { answer: guessed } = answer('0x24000c0', false);
  assert.match(maskMarkdown(guessed), /Which kernel it may come from/);
  assert.equal(guessed.canonical, 'GFP_KERNEL');
  assert.equal(answer('0x24000c0').answer.releases, undefined);
});

test('the page of a mask can be folded and escapes what a user typed', () => {
  const page = maskMarkdown(answer('GFP_KERNEL').answer);
  assert.match(page, /<details open>\n<summary>What the allocator does<\/summary>/);
  const odd = answer('mode:0xcc0(<img src=x onerror=alert1>)');
  assert.doesNotMatch(maskMarkdown(odd.answer), /<img/);
});

test('the view has every flag of the kernel with its state, and the mask as one would write it', () => {
  const { answer: shown, model: used } = answer('0x40dc0');
  const view = maskView(shown, used);
  assert.equal(view.source, 'GFP_KERNEL | __GFP_COMP | __GFP_ZERO');
  assert.deepEqual(
    view.flags.filter((flag) => flag.on).map((flag) => flag.name),
    ['__GFP_IO', '__GFP_FS', '__GFP_ZERO', '__GFP_DIRECT_RECLAIM', '__GFP_KSWAPD_RECLAIM', '__GFP_COMP'],
  );
  assert.ok(view.flags.every((flag) => flag.description !== ''));
  assert.ok(view.composites.some((composite) => composite.name === 'GFP_ATOMIC' && composite.flags.includes('__GFP_HIGH')));
  const unknown = maskView(answer('0x80000000').answer, used);
  assert.equal(unknown.source, '0x80000000');
});
