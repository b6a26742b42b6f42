import { type TextRange, touches } from '../base/range';
import type { CallSite, MaskSite } from '../facts/site';
import type { KernelModel } from '../kernel/model';
import type { Mask } from '../mask/mask';
import type { SourceAnalysis } from '../program/analyseSource';
import type { Finding } from '../rules/rule';
import { type BehaviourQuestion, behaviourLines } from './behaviourLines';
import { compositeLines } from './compositeLines';
import { contextLines, requestOrder, scopesOf, sizeLines } from './contextLines';
import type { Hover, HoverFinding, HoverLine } from './hover';
import { type MaskAt, maskAt } from './maskAt';
import { maskText, unknownOperands } from './maskText';
import { code, joined, type Span, type Text } from './text';

/** The hover at a byte offset; undefined where nothing has to do with masks. */
export function hoverAt(analysis: SourceAnalysis, model: KernelModel, offset: number): Hover | undefined {
  const at = maskAt(analysis.facts, model, offset);
  if (at === undefined) return undefined;
  return new HoverBuilder(analysis, model).build(at);
}

/** The hover for a mask that stands in no C file: what `decode mask` shows. `order`: of the request, where it is known. */
export function maskHover(model: KernelModel, name: string, mask: Mask, here: readonly HoverLine[], order?: number): Hover {
  const question = { mask, unknown: name, order, failure: undefined, context: [] };
  return {
    range: { start: 0, end: 0 },
    subject: 'mask',
    name,
    summary: undefined,
    value: differs(name, maskText(model, mask, name)),
    here,
    findings: [],
    behaviour: behaviourLines(model, question),
    details: compositeLines(model, mask, undefined),
    kernel: model.label,
  };
}

class HoverBuilder {
  constructor(
    private readonly analysis: SourceAnalysis,
    private readonly model: KernelModel,
  ) {}

  build(at: MaskAt): Hover {
    switch (at.kind) {
      case 'call':
        return this.call(at.call, at.range);
      case 'name':
        return this.flag(at.name, at.mask, at.site, at.range);
      case 'absent':
        return this.absent(at.name, at.range);
      case 'expression':
        return this.expression(at.site, at.range);
      case 'parameter':
        return this.parameter(at);
    }
  }

  private call(call: CallSite, range: TextRange): Hover {
    const name = `${call.callee}()`;
    const unknown = unknownOperands(call.mask);
    const takesMask = call.mask !== undefined || call.api?.fixedMask !== undefined || call.api?.gfpOptional === true;
    return this.hover({
      range,
      subject: 'call',
      name,
      summary: callSummary(call),
      value: takesMask ? maskText(this.model, call.effectiveMask, unknown) : undefined,
      here: [...contextLines(call, this.analysis.facts.file), ...sizeLines(call, this.model)],
      behaviour: takesMask ? behaviourLines(this.model, this.question(call.effectiveMask, unknown, call)) : [],
      details: takesMask ? [...addedLines(call), ...compositeLines(this.model, call.effectiveMask, undefined)] : [],
      findings: this.findings(call.range),
    });
  }

  private flag(name: string, mask: Mask, site: MaskSite | undefined, range: TextRange): Hover {
    const plain = this.model.flags.plainName(name);
    const description = this.model.flags.describe(plain);
    const isFlag = this.model.flags.names.includes(plain);
    const inExpression = site !== undefined && site.terms.length > 1;
    const call = site?.call;
    return this.hover({
      range,
      subject: isFlag ? 'flag' : 'composite',
      name,
      summary: description === undefined ? undefined : [description],
      value: undefined,
      here: [
        ...(inExpression ? [{ label: 'Whole mask', value: maskText(this.model, site.value, unknownOperands(site)) }] : []),
        ...(call === undefined ? [] : contextLines(call, this.analysis.facts.file)),
      ],
      // One flag alone is no request: it has a behaviour only where it is the whole mask or a composite.
      behaviour: isFlag ? [] : behaviourLines(this.model, this.question(mask, name, call)),
      details: isFlag ? [] : compositeLines(this.model, mask, plain),
      findings: this.findings(site?.range ?? range),
    });
  }

  private absent(name: string, range: TextRange): Hover {
    const flag = this.model.flags.absent(name)!;
    const when = flag.kind === 'removed' ? `removed in ${flag.release}` : `new in ${flag.release}`;
    return this.hover({
      range,
      subject: 'absent',
      name,
      summary: [`Not in this kernel: ${when}. ${flag.note}`.trim()],
      value: undefined,
      here: [],
      behaviour: [],
      details: flag.successor === undefined ? [] : [{ label: 'Instead', value: [code(flag.successor)] }],
      findings: this.findings(range),
    });
  }

  private expression(site: MaskSite, range: TextRange): Hover {
    const unknown = unknownOperands(site);
    const { call } = site;
    return this.hover({
      range,
      subject: 'mask',
      name: site.text,
      summary: undefined,
      value: differs(site.text, maskText(this.model, site.value, unknown)),
      here: call === undefined ? [] : contextLines(call, this.analysis.facts.file),
      behaviour: behaviourLines(this.model, this.question(site.value, unknown, call)),
      details: compositeLines(this.model, site.value, undefined),
      findings: this.findings(site.range),
    });
  }

  private parameter(at: Extract<MaskAt, { kind: 'parameter' }>): Hover {
    const users = at.calls.filter((call) => call.mask?.terms.some((term) => term.text === at.name));
    const lines = this.analysis.facts.file.lines;
    const uses = users.slice(0, 4).map((call): Text => [code(`${call.callee}()`), ` line ${lines.lineOf(call.range.start) + 1}`]);
    return this.hover({
      range: at.range,
      subject: 'parameter',
      name: at.name,
      summary: ['The callers of ', code(`${at.function}()`), ' decide.'],
      value: undefined,
      here: uses.length === 0 ? [] : [{ label: 'Reaches', value: uses.flatMap((use, i): Span[] => (i === 0 ? [...use] : [', ', ...use])) }],
      behaviour: behaviourLines(this.model, this.question(at.mask, at.name, undefined)),
      details: [],
      findings: [],
    });
  }

  private question(mask: Mask, unknown: string, call: CallSite | undefined): BehaviourQuestion {
    if (call === undefined) return { mask, unknown, order: undefined, failure: undefined, context: [] };
    return { mask, unknown, order: requestOrder(call, this.model), failure: call.api?.failure, context: scopesOf(call) };
  }

  private findings(range: TextRange): readonly HoverFinding[] {
    return this.analysis.findings
      .filter((finding: Finding) => touches(range, finding.range.start) || touches(finding.range, range.start))
      .map(({ rule, severity, message }) => ({ rule, severity, message }));
  }

  private hover(parts: Omit<Hover, 'kernel'>): Hover {
    return { ...parts, kernel: this.model.label };
  }
}

/** The value, unless it only repeats the name. */
function differs(name: string, value: Text): Text | undefined {
  const spelled = value.map((span) => (typeof span === 'string' ? span : span.code)).join('');
  return spelled.replace(/\s/g, '') === name.replace(/\s/g, '') ? undefined : value;
}

function callSummary(call: CallSite): Text | undefined {
  if (call.api === undefined) {
    return call.origin === 'local-function' ? ['Function of this file that takes a mask.'] : undefined;
  }
  if (call.api.frees !== undefined) return [`Frees memory of: ${call.api.frees.families.join(', ')}.`];
  if (call.api.sleeps === 'always') return ['May always sleep, whatever is passed.'];
  if (call.api.sleeps === 'never') return ['Does not sleep itself.'];
  return undefined;
}

/** Flags that come from the function and not from the argument. */
function addedLines(call: CallSite): readonly HoverLine[] {
  const added = call.api?.adds ?? [];
  return added.length === 0 ? [] : [{ label: 'Adds', value: joined(added.map(code), ', ') }];
}
