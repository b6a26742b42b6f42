import type { TextRange } from '../base/range';
import { finish } from '../base/steps';
import type { FieldVerdict } from '../facts/linkage/fieldVerdict';
import type { CallVerdict } from '../facts/linkage/verdict';
import type { CallSite, FileFacts, FunctionFacts, Gap, MaskSite } from '../facts/site';
import type { KernelModel } from '../kernel/model';
import type { Mask } from '../mask/mask';
import { fingerprint, normalisedLine } from './fingerprint';
import { type FolderRules, folderRulesAt } from './folderRules';
import { rules } from './registry';
import type { Finding, Rule, RuleContext, RuleFinding, Severity } from './rule';
import { findSuppressions, type Suppression, suppresses } from './suppression';
import { type SuppressionUse, unusedSuppression, unusedSuppressions } from './unusedSuppression';

/** What the user asks of the rules. A plain value that can be sent to a worker. */
export interface RuleSettings {
  /** Severity in place of a rule's own, by rule id; `off` leaves the rule out. */
  readonly severities: ReadonlyMap<string, Severity | 'off'>;
  /** Only these rules; undefined: all. */
  readonly enabled: ReadonlySet<string> | undefined;
  /** Also return possible findings (as hints). */
  readonly possible: boolean;
  /** In place of `severities` for the files of single folders. */
  readonly folders?: readonly FolderRules[];
  /** Fingerprints of findings to leave out. */
  readonly known?: ReadonlySet<string>;
  /** Also return what a comment in the source suppresses, marked as such. */
  readonly suppressed?: boolean;
}

export const DEFAULT_RULE_SETTINGS: RuleSettings = { severities: new Map(), enabled: undefined, possible: false };

export interface RuleRun {
  /** In source order, each once. */
  readonly findings: readonly Finding[];
  /** Rules that failed on a site; the rest of the file is judged all the same. */
  readonly gaps: readonly Gap[];
}

/** What a run may bring along. */
export interface RunOptions {
  /** Rules in place of the registry's, for tests. */
  readonly list?: readonly Rule[];
  /** What the analysis of the whole tree says of calls of this file. */
  readonly verdicts?: readonly CallVerdict[];
  /** What the files around say of members that this file fills or frees. */
  readonly fields?: readonly FieldVerdict[];
  /** Judge these functions of the file and nothing beside them; undefined: all of it. */
  readonly functions?: readonly FunctionFacts[];
}

/**
 * Runs the rules over one file in one pass. Never throws: a rule that does is recorded as a gap. Suppressed findings are
 * left out, possible ones too unless asked for.
 */
export function runRules(facts: FileFacts, model: KernelModel, given: RuleSettings, options: RunOptions = {}): RuleRun {
  return finish(runRulesInSteps(facts, model, given, options));
}

/** The same function by function, for those who may have better to do between two of them. */
export function* runRulesInSteps(facts: FileFacts, model: KernelModel, given: RuleSettings, options: RunOptions): Generator<void, RuleRun> {
  const { list = rules, verdicts = [], fields = [], functions } = options;
  const folder = folderRulesAt(given.folders ?? [], facts.file.path);
  if (folder?.severities === 'off') return { findings: [], gaps: [] };
  const settings = folder === undefined ? given : { ...given, severities: folder.severities };
  const active = list.filter((rule) => isActive(rule.id, settings));
  const uses = findSuppressions(facts.file).map((suppression) => ({ suppression, used: new Set<string>() }));
  // A suppression may be there for a possible finding: to see that it is used, the finding must be made.
  const byOffset = new Map(verdicts.map((verdict) => [verdict.offset, verdict]));
  const possible = settings.possible || uses.length > 0;
  const byKey = new Map(fields.map((field) => [field.key, field]));
  const pass = new Pass(active, { model, facts, possible, verdictAt: (offset) => byOffset.get(offset), fields: byKey });
  for (const one of functions ?? facts.functions) {
    pass.judgeFunction(one);
    yield;
  }
  if (functions === undefined) pass.judgeMasks(facts.masks);
  const merged = mergeViews(pass.raw);
  const judged = merged.map((raw) => ({ ...raw, suppressedBy: suppressionOf(raw, uses) }));
  const kept: Raw[] = judged.filter((raw) => settings.suppressed === true || raw.suppressedBy === undefined);
  kept.push(...judgeSuppressions(uses, settings, list));
  return { findings: complete(kept, facts, settings), gaps: pass.gaps };
}

/** Whether a rule that may run with these settings asks what the whole tree says. */
export function asksProgram({ severities, enabled, folders = [] }: RuleSettings): boolean {
  // A folder may switch on what is off elsewhere.
  const mayRun = (id: string): boolean => enabled?.has(id) !== false && (folders.length > 0 || severities.get(id) !== 'off');
  return rules.some((rule) => rule.asksProgram && mayRun(rule.id));
}

function isActive(id: string, settings: RuleSettings): boolean {
  return settings.severities.get(id) !== 'off' && (settings.enabled === undefined || settings.enabled.has(id));
}

/** A rule's finding with what the dispatcher knows about where it came from. */
interface Raw {
  readonly rule: Rule;
  readonly finding: RuleFinding;
  readonly function: FunctionFacts | undefined;
  /** The reason that a suppressing comment gives; undefined when there is none. */
  readonly suppressedBy?: string | undefined;
}

/** Where a rule was looking, to complete what it leaves out of its findings. */
interface Site {
  readonly range: TextRange;
  readonly function: FunctionFacts | undefined;
  readonly call: CallSite | undefined;
  readonly mask: Mask | undefined;
}

class Pass {
  readonly raw: Raw[] = [];
  readonly gaps: Gap[] = [];
  private readonly onCall: readonly Rule[];
  private readonly onMask: readonly Rule[];
  private readonly onFunction: readonly Rule[];
  /** For rules that look at nothing but the file. */
  private readonly fileContext: RuleContext;

  constructor(
    active: readonly Rule[],
    private readonly programContext: RuleContext,
  ) {
    this.onCall = active.filter((rule) => rule.checkCall !== undefined);
    this.onMask = active.filter((rule) => rule.checkMask !== undefined);
    this.onFunction = active.filter((rule) => rule.checkFunction !== undefined);
    this.fileContext = { ...programContext, verdictAt: () => undefined, fields: new Map() };
  }

  judgeFunction(fn: FunctionFacts): void {
    for (const call of fn.calls) this.each(this.onCall, callSite(call), (rule, context) => rule.checkCall!(call, context));
    this.judgeMasks(fn.masks);
    this.each(this.onFunction, { range: fn.nameRange, function: fn, call: undefined, mask: undefined }, (rule, context) =>
      rule.checkFunction!(fn, context),
    );
  }

  judgeMasks(masks: readonly MaskSite[]): void {
    for (const mask of masks) this.each(this.onMask, maskSite(mask), (rule, context) => rule.checkMask!(mask, context));
  }

  private each(active: readonly Rule[], site: Site, check: (rule: Rule, context: RuleContext) => readonly RuleFinding[]): void {
    for (const rule of active) {
      try {
        const context = rule.asksProgram ? this.programContext : this.fileContext;
        for (const finding of check(rule, context)) this.add(rule, finding, site);
      } catch {
        this.gaps.push({ reason: `rule ${rule.id} failed`, range: site.range });
      }
    }
  }

  private add(rule: Rule, finding: RuleFinding, site: Site): void {
    const call = finding.call ?? site.call;
    const mask = finding.mask ?? (finding.call === undefined ? site.mask : writtenMask(finding.call));
    const fn = finding.function ?? finding.call?.function ?? site.function;
    const complete = { ...finding, ...(call && { call }), ...(mask && { mask }), ...(fn && { function: fn }) };
    this.raw.push({ rule, finding: complete, function: fn });
  }
}

function maskSite({ range, function: fn, call, value }: MaskSite): Site {
  return { range, function: fn, call, mask: value };
}

function callSite(call: CallSite): Site {
  return { range: call.range, function: call.function, call, mask: writtenMask(call) };
}

/** The mask as the source gives it; what the allocator uses when the call takes none. */
function writtenMask(call: CallSite): Mask | undefined {
  return call.mask?.value ?? (call.api?.fixedMask === undefined ? undefined : call.effectiveMask);
}

/**
 * A function with an `#else` inside is read once per view: the same mistake in both is one finding. The first view
 * wins, unless only the other one is certain.
 */
function mergeViews(raw: readonly Raw[]): Raw[] {
  const byPlace = new Map<string, Raw[]>();
  for (const one of raw) {
    const key = `${one.rule.id}:${one.finding.range.start}:${one.finding.range.end}`;
    const same = byPlace.get(key);
    if (same === undefined) byPlace.set(key, [one]);
    else mergeInto(same, one);
  }
  return [...byPlace.values()].flat();
}

function mergeInto(same: Raw[], one: Raw): void {
  const at = same.findIndex((other) => other.finding.message === one.finding.message || viewOf(other) !== viewOf(one));
  if (at < 0) same.push(one);
  else if (same[at]!.finding.certainty === 'possible' && one.finding.certainty === 'definite') same[at] = one;
}

function viewOf(raw: Raw): number {
  return raw.function?.entry.view ?? 0;
}

/** The reason of the first comment that suppresses the finding; undefined when none does. Marks all that do as used. */
function suppressionOf(raw: Raw, uses: readonly { suppression: Suppression; used: Set<string> }[]): string | undefined {
  let reason: string | undefined;
  for (const { suppression, used } of uses) {
    if (!suppresses(suppression, raw.rule.id, raw.finding.range.start)) continue;
    used.add(raw.rule.id);
    reason ??= suppression.reason;
  }
  return reason;
}

function judgeSuppressions(uses: readonly SuppressionUse[], settings: RuleSettings, list: readonly Rule[]): Raw[] {
  if (uses.length === 0 || !isActive(unusedSuppression.id, settings)) return [];
  const known = new Set(list.map((rule) => rule.id)).add(unusedSuppression.id);
  const judged = (id: string): boolean => id !== unusedSuppression.id && isActive(id, settings);
  return unusedSuppressions(uses, (id) => known.has(id), judged)
    .filter((finding) => !uses.some(({ suppression }) => suppresses(suppression, unusedSuppression.id, finding.range.start)))
    .map((finding) => ({ rule: unusedSuppression, finding, function: undefined }));
}

/** Sorts, gives severities and fingerprints. */
function complete(kept: readonly Raw[], facts: FileFacts, settings: RuleSettings): readonly Finding[] {
  const shown = kept.filter((raw) => settings.possible || raw.finding.certainty === 'definite').sort(bySource);
  const { path } = facts.file;
  const seen = new Map<string, number>();
  const findings = shown.map(({ rule, finding, function: fn, suppressedBy }) => {
    // Suppressed findings are counted for themselves: whether they are asked for must not change the fingerprints of the others.
    const text = normalisedLine(facts.file, finding.range.start);
    const line = suppressedBy === undefined ? text : `${text} (suppressed)`;
    const parts = { rule: rule.id, path, function: fn?.name ?? '', line };
    const key = `${parts.rule}\0${parts.function}\0${parts.line}`;
    const occurrence = seen.get(key) ?? 0;
    seen.set(key, occurrence + 1);
    return {
      ...finding,
      rule: rule.id,
      path,
      severity: severityOf(rule, finding, settings),
      fingerprint: fingerprint({ ...parts, occurrence }),
      ...(suppressedBy !== undefined && { suppressedBy }),
    };
  });
  const { known } = settings;
  return known === undefined ? findings : findings.filter((finding) => !known.has(finding.fingerprint));
}

function severityOf(rule: Rule, finding: RuleFinding, settings: RuleSettings): Severity {
  if (finding.certainty === 'possible') return 'hint';
  const asked = settings.severities.get(rule.id);
  return asked !== undefined && asked !== 'off' ? asked : (finding.severity ?? rule.severity);
}

function bySource(a: Raw, b: Raw): number {
  const left = a.finding;
  const right = b.finding;
  if (left.range.start !== right.range.start) return left.range.start - right.range.start;
  if (left.range.end !== right.range.end) return left.range.end - right.range.end;
  if (a.rule.id !== b.rule.id) return a.rule.id < b.rule.id ? -1 : 1;
  return left.message < right.message ? -1 : left.message > right.message ? 1 : 0;
}
