import type { TextRange } from '../base/range';
import type { FieldVerdict } from '../facts/linkage/fieldVerdict';
import type { CallVerdict } from '../facts/linkage/verdict';
import type { CallSite, FileFacts, FunctionFacts, MaskSite, TraceStep } from '../facts/site';
import type { KernelModel } from '../kernel/model';
import type { Mask } from '../mask/mask';

export type Severity = 'error' | 'warning' | 'info' | 'hint';

/** `definite`: holds on every path and rests on nothing assumed; only these are shown by default. */
export type Certainty = 'definite' | 'possible';

export interface TextEdit {
  /** Set when the edit is in another file than the finding. */
  readonly path?: string;
  readonly range: TextRange;
  readonly newText: string;
  /** For edits of other files: what has to stand there, or the file has changed since it was read. */
  readonly oldText?: string;
}

export interface Fix {
  /** A verb phrase: `Use GFP_ATOMIC`. */
  readonly title: string;
  /** `safe`: the program keeps its meaning apart from the mistake; applied by `--fix` and fix-all. `unsafe`: a person must look. */
  readonly safety: 'safe' | 'unsafe';
  readonly edits: readonly TextEdit[];
}

/** What a rule returns. The driver adds rule id, default severity and the file. */
export interface RuleFinding {
  readonly range: TextRange;
  /** Short statement first: `kmalloc(GFP_KERNEL) may sleep while &dev->lock is held`. */
  readonly message: string;
  readonly certainty: Certainty;
  /** Overrides the rule's default severity (possible findings are shown as hints whatever this says). */
  readonly severity?: Severity;
  readonly trace?: readonly TraceStep[];
  readonly fixes?: readonly Fix[];
  readonly call?: CallSite;
  readonly mask?: Mask;
  readonly function?: FunctionFacts;
  /** The code is superfluous (editors fade it). */
  readonly unnecessary?: boolean;
}

export interface RuleContext {
  readonly model: KernelModel;
  readonly facts: FileFacts;
  /** Possible findings are wanted. When they are not, a rule may skip work that could give only such. */
  readonly possible: boolean;
  /** What the whole tree says of the call whose name stands at an offset; undefined where nothing is known. */
  readonly verdictAt: (offset: number) => CallVerdict | undefined;
  /** What the files around say of members that this file fills or frees, by key; others were not asked for. */
  readonly fields: ReadonlyMap<string, FieldVerdict>;
}

/** One check: one file in rules/, its manual page beside the logic. */
export interface Rule {
  /** kebab-case, names the pattern found; never reused. */
  readonly id: string;
  readonly summary: string;
  readonly severity: Severity;
  /**
   * Manual page in Markdown with these headings: `## What it finds`, `## Why`, `## Example` (a ```c bad block),
   * `## Instead` (a ```c good block), `## When it stays silent`, `## References`. The blocks are run as tests.
   */
  readonly doc: string;
  /** Its findings rest on what `verdictAt` and `fields` say; a rule that does not say so is told nothing by them. */
  readonly asksProgram?: true;
  readonly checkCall?: (call: CallSite, context: RuleContext) => readonly RuleFinding[];
  readonly checkMask?: (mask: MaskSite, context: RuleContext) => readonly RuleFinding[];
  readonly checkFunction?: (facts: FunctionFacts, context: RuleContext) => readonly RuleFinding[];
}

/** A finding as every renderer sees it. */
export interface Finding extends RuleFinding {
  readonly rule: string;
  readonly path: string;
  readonly severity: Severity;
  readonly certainty: Certainty;
  /** Stable across edits elsewhere: rule, path, function, normalised line text, occurrence. */
  readonly fingerprint: string;
  /** Present when a comment in the source allows the finding: the reason it gives. Such findings are made only on request. */
  readonly suppressedBy?: string;
}
