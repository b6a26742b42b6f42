import type { Draft } from './draft';
import { CUT } from './line';
import type { LogicalLine } from './logicalLine';
import type { Frame } from './record';

/** ` name+0x1/0x2 [module]`, with `?`, an address, klogd's `[name+1/2]`, `(unreliable)`, a source place behind it. */
const FRAME =
  /^[\s:]*(?:\[<?[0-9a-f]{8,16}>?\] ?){0,2}(?:\[[\w.]+\+\d+\/\d+\] ?)?(\? )?([A-Za-z_.$][\w.$]*)\+0x[0-9a-f]+\/0x[0-9a-f]+(?: (?:\[([\w-]+)[^\]]*\]|\[([\w-]+)$))?(?: \((?:unreliable|C|P|F|L)+\))?(?:\s+([\w./-]+\.[chS]:\d+))?/;
/** ARM before 5.11: `[<c010d6d5>] (a) from [<c0109a55>] (b+0x11/0x14)`; later `a from b+0x11/0x14`. The caller is the frame. */
const FROM = /(?<=[\w.$)\]]) from (?:\[<[0-9a-f]+>\] )?\(?([\w.$]+)\+0x[0-9a-f]+\/0x[0-9a-f]+(?: \[([\w-]+)\])?/;
/** scripts/decode_stacktrace.sh: `name (a.h:1 (discriminator 3) b.c:2) module`; the last place is in the function itself. */
const DECODED = /^\s*(\? )?([A-Za-z_][\w.$]*) \(((?:[^()]|\(discriminator \d+\))+)\)(?: \[?([\w-]+)\]?)?\s*$/;
const PLACE = /^[\w./-]+\.[chS]:\d+$/;
const INLINE = /^\s*([A-Za-z_][\w.$]*) ([\w./-]+\.[chS]:\d+) \[inline\]/;
const PROCESSOR = /(?:^|\] )\s*(?:CPU: ?(\d+) )?(?:UID: ?\d+ )?P[Ii][Dd]: ?(\d+),? [Cc]omm: (.+?) (?:Kdump: \S+ )?(?:Not tainted|Tainted:)/;
const RELEASE = /(?:Not tainted|Tainted: [A-Z ]+?)\s+(?:[-]+\s+(?:T\s+)?)?(\d+\.\d+[\w.+~-]*)(?=\s)/;
/** What ends a trace; frames after it are of another report. */
const END = /^\s*(?:<\/TASK>|RIP: [0-9a-f]{4}:0x|---\[ end trace|Code: )/;
const PART =
  /^\s*(?:Call [Tt]race:|<(?:IRQ|TASK|\/IRQ|\/TASK|SOFTIRQ|NMI|EOI)>|Hardware name:|Workqueue:|Tainted: \[|R[A-Z0-9]{2}:|RSP:|CR2:|DR[036]:|FS: |CS: |EFLAGS|ORIG_RAX|Backtrace:|Exception stack|[0-9a-f]{4}: |r\d+:|Stack :|Modules linked in:|\.\.\.$|(?:[0-9a-f]{8,16} ?){2,}|Allocated by task|irq event stamp|(?:hard|soft)irqs last)/;

/** Reads a line of the machine and its call trace; false when it is none. */
export function readTrace(line: LogicalLine, draft: Draft): boolean {
  const { text } = line;
  if (readMachine(line, draft)) return true;
  if (END.test(text)) {
    // The user's registers end the trace; those of an interrupted kernel function do not.
    if (/<\/TASK>|RIP: 0033|end trace/.test(text) && draft.trace.length > 0) draft.traceEnded = true;
    return true;
  }
  const frame = frameOf(line);
  if (frame !== undefined) {
    if (!draft.traceEnded) draft.addFrame(frame);
    return true;
  }
  return PART.test(text);
}

/** Reads the line that names processor, task and release; also where two processors printed it into another line. */
export function readMachine(line: LogicalLine, { machine }: Draft): boolean {
  const { text } = line;
  const at = <T>(value: T) => ({ value, line: line.line });
  const processor = PROCESSOR.exec(text);
  if (processor !== null) {
    if (machine.command !== undefined) return true;
    machine.command = at(processor[3]!);
    machine.pid = at(Number(processor[2]));
    if (processor[1] !== undefined) machine.cpu = at(Number(processor[1]));
    const release = RELEASE.exec(text);
    if (release !== null) machine.kernel = at(release[1]!);
    return true;
  }
  const rest = /^\s*(Hardware name|Workqueue): (.+)/.exec(text);
  if (rest === null || text.endsWith(CUT)) return rest !== null;
  if (rest[1] === 'Workqueue') machine.workqueue ??= at(rest[2]!);
  else machine.hardware ??= at(rest[2]!);
  return true;
}

function frameOf(line: LogicalLine): Frame | undefined {
  const { text } = line;
  if (text.includes('+0x')) {
    const from = FROM.exec(text);
    if (from !== null) return { name: from[1]!, line: line.line, ...(from[2] === undefined ? {} : { module: from[2] }), unsure: false };
    const match = FRAME.exec(text);
    if (match === null) return undefined;
    const [, unsure, name, module, cutModule, source] = match;
    const foundModule = module ?? cutModule;
    return {
      name: name!,
      line: line.line,
      ...(foundModule === undefined ? {} : { module: foundModule }),
      unsure: unsure !== undefined,
      ...(source === undefined ? {} : { source }),
    };
  }
  const decoded = text.includes(':') ? DECODED.exec(text) : null;
  if (decoded !== null) return decodedFrame(decoded, line.line);
  const inline = text.endsWith('[inline]') ? INLINE.exec(text) : null;
  return inline === null ? undefined : { name: inline[1]!, line: line.line, unsure: false, source: inline[2]! };
}

/** Undefined where something else than places stands in the parentheses. */
function decodedFrame([, unsure, name, inner, module]: RegExpExecArray, line: number): Frame | undefined {
  const places = inner!
    .replaceAll(/ \(discriminator \d+\)/g, '')
    .trim()
    .split(/\s+/);
  const source = places.at(-1)!;
  if (!places.every((place) => PLACE.test(place))) return undefined;
  return { name: name!, line, ...(module === undefined ? {} : { module }), unsure: unsure !== undefined, source };
}
