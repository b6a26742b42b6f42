import { heldWords, takenWords } from '../facts/heldWords';
import { mayBlock, reclaimOf } from '../facts/linkage/acts';
import type { CallSite, Held } from '../facts/site';
import { maskPlace, traceOf } from './callFinding';
import { isWritten } from './maskTerms';
import type { Fix, Rule, RuleContext, RuleFinding } from './rule';
import { isAllocatorCore, isTestSource } from './sourcePlace';

/** What must not be entered while something is held. */
const FORBIDS: Partial<Record<Held['resource'], 'fs' | 'io'>> = { 'fs-transaction': 'fs', 'frozen-queue': 'io' };

const FLAG = { fs: '__GFP_FS', io: '__GFP_IO' } as const;
const FORM = { fs: 'GFP_NOFS', io: 'GFP_NOIO' } as const;

function check(call: CallSite, { model, facts, verdictAt }: RuleContext): RuleFinding[] {
  if (isTestSource(facts.file.path) || isAllocatorCore(facts.file.path) || call.context.unreachable || mayBlock(call, model) !== true)
    return [];
  const reach = reclaimOf(call, model);
  if (reach === undefined || reach === 'none') return [];
  const { held, maybeHeld } = call.context;
  const hazard = held.find((one) => isHazard(one, reach)) ?? maybeHeld.find((one) => isHazard(one, reach));
  if (hazard) {
    const certainty = held.includes(hazard) ? 'definite' : 'possible';
    const reason = `${heldWords(hazard.resource, hazard.instance)}${certainty === 'possible' ? ' on some path' : ''}`;
    return [
      finding(call, model, FORBIDS[hazard.resource]!, reason, certainty, [
        { range: hazard.range, message: takenWords(hazard.by, hazard.instance) },
      ]),
    ];
  }
  const verdict = verdictAt(call.calleeRange.start);
  if (verdict?.kind !== 'no-fs' && verdict?.kind !== 'no-io') return [];
  // What starts a thread or waits for a device is no matter of a mask: only an event can say that it must not.
  if (verdict.certainty === 'possible' && !call.mask && call.api?.allocates === undefined) return [];
  return [finding(call, model, verdict.kind === 'no-fs' ? 'fs' : 'io', verdict.reason, verdict.certainty, traceOf(verdict))];
}

function isHazard({ resource }: Held, reach: 'io' | 'fs'): boolean {
  const forbidden = FORBIDS[resource];
  return forbidden === 'io' || (forbidden === 'fs' && reach === 'fs');
}

function finding(
  call: CallSite,
  { flags }: RuleContext['model'],
  forbidden: 'fs' | 'io',
  reason: string,
  certainty: RuleFinding['certainty'],
  trace: RuleFinding['trace'] & object,
): RuleFinding {
  const mask = call.mask ? ` with ${flags.print(call.mask.value.set)}` : '';
  const what = forbidden === 'fs' ? 'enter the file system' : 'start I/O and wait for it';
  return {
    range: maskPlace(call),
    message: `reclaim for ${call.callee}()${mask} may ${what}, but ${reason}`,
    certainty,
    trace,
    fixes: narrowerMask(call, forbidden),
    call,
    mask: call.effectiveMask,
    function: call.function,
  };
}

/** GFP_NOFS or GFP_NOIO in place of GFP_KERNEL. */
function narrowerMask(call: CallSite, forbidden: 'fs' | 'io'): readonly Fix[] {
  const base = call.mask?.terms.filter((term) => term.role === 'or' && (term.text === 'GFP_KERNEL' || term.text === 'GFP_NOFS')) ?? [];
  if (base.length !== 1 || !isWritten(base[0]!) || base[0]!.text === FORM[forbidden]) return [];
  return [{ title: `Use ${FORM[forbidden]}`, safety: 'unsafe', edits: [{ range: base[0]!.range, newText: FORM[forbidden] }] }];
}

export const reclaimRecursion: Rule = {
  id: 'reclaim-recursion',
  summary: 'a mask that lets reclaim come back to the code around it',
  severity: 'warning',
  doc: `## What it finds

An allocation with \`${FLAG.fs}\` while a file system transaction is open, or with \`${FLAG.io}\` while a request queue is frozen. In callbacks that I/O waits for (reset of a USB device,
error handling of SCSI), and where only the code's own habit speaks for it (an allocation that does without the flag in the same context, a file, a
folder or a wrapper where nearly all masks do), the finding is *possible*.

## Why

When memory is short the allocator reclaims on behalf of the caller: it writes dirty pages, evicts inodes, starts I/O and waits. If
that needs what the caller holds, the machine hangs. Tests rarely show it, because it takes memory pressure at that moment.

## Example

\`\`\`c bad
#include <linux/slab.h>

int move_blocks(struct f2fs_sb_info *sbi)
{
	void *map;

	f2fs_lock_op(sbi);
	map = kzalloc(64, GFP_KERNEL);
	kfree(map);
	f2fs_unlock_op(sbi);
	return 0;
}
\`\`\`

## Instead

Allocate before, use \`GFP_NOFS\` or \`GFP_NOIO\`, or open a scope with \`memalloc_nofs_save()\` where the critical section begins.

\`\`\`c good
#include <linux/slab.h>

int move_blocks(struct f2fs_sb_info *sbi)
{
	void *map;

	f2fs_lock_op(sbi);
	map = kzalloc(64, GFP_NOFS);
	kfree(map);
	f2fs_unlock_op(sbi);
	return 0;
}
\`\`\`

## When it stays silent

Inside \`memalloc_nofs_save()\` and \`memalloc_noio_save()\` scopes, for transactions that open such a scope themselves (jbd2, xfs), for
masks that come from a parameter, and in the allocators themselves. Locks that reclaim may need are not known as such.

## References

- Documentation/core-api/gfp_mask-from-fs-io.rst
- include/linux/sched/mm.h: memalloc_nofs_save(), memalloc_noio_save()
- Documentation/driver-api/usb/callbacks.rst: pre_reset, post_reset
`,
  asksProgram: true,
  checkCall: check,
};
