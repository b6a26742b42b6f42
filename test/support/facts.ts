import type { CallSite, FileFacts, MaskSite } from '../../server/src/facts/site';
import type { KernelModel } from '../../server/src/kernel/model';
import type { Mask } from '../../server/src/mask/mask';
import { isExact } from '../../server/src/mask/mask';
import type { Fixture, WantedFact } from './fixture';

/**
 * Checks the `fact` comments of a fixture: `context` is whether the call on the line may sleep, `mask` the mask that reaches
 * the allocator there, any other name the mask of that variable or expression on the line.
 */
export function wantedFactProblems(fixture: Fixture, facts: FileFacts, model: KernelModel): string[] {
  return fixture.facts.flatMap((fact) => {
    const actual = factOn(fact, facts, model);
    return actual === fact.value ? [] : [`${fixture.name}:${fact.line + 1}: fact ${fact.name}: ${fact.value} (is: ${actual})`];
  });
}

function factOn(fact: WantedFact, facts: FileFacts, model: KernelModel): string {
  const calls = facts.functions.flatMap((fn) => fn.calls).filter((call) => lineOf(facts, call.calleeRange.start) === fact.line);
  if (fact.name === 'context') return single(calls.map((call) => call.context.maySleep));
  if (fact.name === 'mask') return single(calls.map((call: CallSite) => maskText(call.effectiveMask, model)));
  const sites = facts.functions.flatMap((fn) => fn.masks).filter((site) => lineOf(facts, site.range.start) === fact.line);
  return single(sites.filter((site) => names(site, fact.name, facts)).map((site) => maskText(site.value, model)));
}

/** The expression itself, or the value given to a variable of that name. */
function names(site: MaskSite, name: string, facts: FileFacts): boolean {
  if (site.text === name) return true;
  if (site.use !== 'assignment' && site.use !== 'initialiser') return false;
  const { lines, bytes } = facts.file;
  const before = Buffer.from(bytes.subarray(lines.lineStart(lines.lineOf(site.range.start)), site.range.start)).toString('utf8');
  return new RegExp(`(^|[^\\w>.])${name.replace(/[^\w]/g, '\\$&')}\\s*[|&]?=\\s*$`).test(before);
}

/** `GFP_KERNEL`, `?` when nothing is known, `GFP_KERNEL|?` when more flags may be set. */
export function maskText(mask: Mask, model: KernelModel): string {
  if (isExact(mask)) return model.flags.print(mask.set);
  return mask.set === 0 ? '?' : `${model.flags.print(mask.set)}|?`;
}

function single(values: readonly string[]): string {
  const different = [...new Set(values)];
  return different.length === 0 ? 'nothing there' : different.join(' or ');
}

function lineOf(facts: FileFacts, offset: number): number {
  return facts.file.lines.lineOf(offset);
}
