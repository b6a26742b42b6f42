import { type ContextWord, explainMask, type KernelFunction, type KernelModel, type MaskExplanation } from '../kernel/index';
import type { Mask } from '../mask/mask';
import type { HoverLine } from './hover';
import { code, type Text } from './text';

export interface BehaviourQuestion {
  readonly mask: Mask;
  /** What makes the unknown part of the mask, as the source spells it: `gfp`. */
  readonly unknown: string;
  /** Page order; undefined when not known (then a small request is described). */
  readonly order: number | undefined;
  /** How the called function shows failure. */
  readonly failure: KernelFunction['failure'];
  /** Memalloc scopes around the request. */
  readonly context: readonly ContextWord[];
}

/** Flags that an answer depends on; all others are left out of the search for what an unknown mask can do. */
const SLEEP = ['__GFP_DIRECT_RECLAIM'];
const RECLAIM = [...SLEEP, '__GFP_IO', '__GFP_FS'];
const KSWAPD = ['__GFP_KSWAPD_RECLAIM'];
const ZONE = ['__GFP_DMA', '__GFP_DMA32', '__GFP_HIGHMEM', '__GFP_MOVABLE'];
const MOBILITY = ['__GFP_MOVABLE', '__GFP_RECLAIMABLE'];
const RESERVE = [...SLEEP, '__GFP_HIGH', '__GFP_ATOMIC', '__GFP_MEMALLOC', '__GFP_NOMEMALLOC'];
const FAILURE = [...RESERVE, '__GFP_NOFAIL', '__GFP_NORETRY', '__GFP_RETRY_MAYFAIL', '__GFP_REPEAT', '__GFP_THISNODE'];

/** How a function shows failure, where it is not the NULL of the allocator. */
const ERROR_RESULT = { null: undefined, 'err-ptr': 'an ERR_PTR', errno: 'an error code', never: undefined } as const;

/**
 * What the allocator does with a mask, one line per question. A mask of which some flags are not known is answered for all
 * of its possible values: where they agree, that is the answer, otherwise it depends on the unknown part.
 */
export function behaviourLines(model: KernelModel, question: BehaviourQuestion): readonly HoverLine[] {
  const asked = new Possibilities(model, question);
  const sleeps = { label: 'Sleeps', value: asked.agree(SLEEP, (one) => (one.mayBlock ? 'may sleep' : 'never')) ?? dependsOn(question) };
  const others = [
    ...inOneLine(
      { label: 'Reclaim', value: asked.agree(RECLAIM, reclaimWords) },
      { label: 'kswapd', value: asked.agree(KSWAPD, (one) => (one.wakesKswapd ? 'kswapd woken' : 'kswapd not woken')) },
    ),
    ...inOneLine(
      { label: 'Zone', value: asked.agree(ZONE, (one) => (one.zoneLegal ? one.zone : 'illegal combination of zones')) },
      { label: 'Mobility', value: asked.agree(MOBILITY, (one) => one.migratetype.toLowerCase()) },
    ),
    { label: 'Reserve', value: asked.agree(RESERVE, reserveWords) },
    {
      label: 'Failure',
      value: withResult(
        asked.agree(FAILURE, (one) => one.failure),
        question,
        asked,
      ),
    },
  ];
  const known = others.flatMap(({ label, value }) => (value === undefined ? [] : [{ label, value }]));
  const open = others.flatMap(({ label, value }) => (value === undefined ? [label.toLowerCase()] : []));
  // One line for all that is open: the same words five times would hide what is known.
  return [sleeps, ...known, ...(open.length === 0 ? [] : [{ label: 'Also open', value: [open.join(', ')] }])];
}

/** A line whose answer depends on the unknown part has no value. */
interface OpenLine {
  readonly label: string;
  readonly value: Text | undefined;
}

function dependsOn(question: BehaviourQuestion): Text {
  return ['depends on ', code(question.unknown)];
}

/** Two short answers share a line when both are known. */
function inOneLine(first: OpenLine, second: OpenLine): readonly OpenLine[] {
  if (first.value === undefined || second.value === undefined) return [first, second];
  return [{ label: first.label, value: [...first.value, ', ', ...second.value] }];
}

/** Adds how the called function shows the failure, unless it cannot fail. */
function withResult(failure: Text | undefined, question: BehaviourQuestion, asked: Possibilities): Text | undefined {
  const result = question.failure === undefined ? undefined : ERROR_RESULT[question.failure];
  if (failure === undefined || result === undefined) return failure;
  const canFail = asked.values(FAILURE, (one) => String(one.canFail)).has('true');
  return canFail ? [...failure, `; returns ${result}`] : failure;
}

function reclaimWords(one: MaskExplanation): string {
  if (!one.mayBlock) return 'none by the caller';
  if (one.mayFS) return 'I/O and filesystems';
  return one.mayIO ? 'I/O, no filesystems' : 'no I/O, no filesystems';
}

function reserveWords(one: MaskExplanation): string {
  if (one.reserveFloor === 0) return 'all of it, watermarks ignored';
  if (one.reserveFloor === 1) return 'none, stays above the min watermark';
  return `down to ${one.reserveFloor * 100} % of the min watermark`;
}

class Possibilities {
  private readonly known = new Map<number, MaskExplanation>();

  constructor(
    private readonly model: KernelModel,
    private readonly question: BehaviourQuestion,
  ) {}

  /** The answer that all possible values give; undefined when they differ. */
  agree(relevant: readonly string[], answer: (one: MaskExplanation) => string): Text | undefined {
    const [first, ...others] = this.values(relevant, answer);
    return others.length === 0 ? [first!] : undefined;
  }

  /** The different answers over all values of the relevant flags that are unknown; the other unknown flags count as clear. */
  values(relevant: readonly string[], answer: (one: MaskExplanation) => string): ReadonlySet<string> {
    const { set, clear } = this.question.mask;
    const open = relevant.map((name) => this.model.flags.bitsOf(name)).filter((bits) => bits !== 0 && (bits & (set | clear)) === 0);
    const answers = new Set<string>();
    for (let choice = 0; choice < 1 << open.length && answers.size < 2; choice++) {
      answers.add(answer(this.explain(open.reduce((bits, flag, index) => ((choice >> index) & 1 ? bits | flag : bits), set))));
    }
    return answers;
  }

  private explain(bits: number): MaskExplanation {
    const known = this.known.get(bits);
    if (known !== undefined) return known;
    const { order, context } = this.question;
    const explanation = explainMask(this.model, { input: '', bits, context, ...(order !== undefined && { order }) });
    this.known.set(bits, explanation);
    return explanation;
  }
}
