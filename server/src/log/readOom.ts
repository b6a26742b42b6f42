import type { Draft } from './draft';
import { CUT } from './line';
import type { LogicalLine } from './logicalLine';

/** `[ pid ] uid tgid total_vm rss ... oom_score_adj name` */
const TASK = /^\s*\[\s*(\d+)\]\s+\d+\s+\d+\s+\d+\s+(\d+)((?:\s+-?\d+)+)\s+(\S.*)$/;
const KILLED = /(?:Kill(?:ed)? process|Killed process) (\d+) \((.*?)\)/;
const KILL_LINE = /^\s*oom-kill:constraint=(\w+)(?=[,\s]|$)/;

/** Reads a line of the OOM killer's report; false when it is none. */
export function readOom(line: LogicalLine, draft: Draft): boolean {
  const { text } = line;
  const at = <T>(value: T) => ({ value, line: line.line });
  const oom = draft.oom;
  if (oom === undefined) return false;
  const kill = KILL_LINE.exec(text);
  if (kill !== null) {
    oom.constraint = at(kill[1]!);
    const memcg = /\boom_memcg=([^,\s\uffff]+)(?=[,\s]|$)/.exec(text);
    if (memcg !== null) oom.memcg = at(memcg[1]!);
    return true;
  }
  const limit = /^\s*memory: usage (\d+)kB, limit (\d+)kB/.exec(text);
  if (limit !== null) {
    oom.memcgUsage = at(Number(limit[1]));
    oom.memcgLimit = at(Number(limit[2]));
    return true;
  }
  const group = /(?:killed as a result of limit of|Memory cgroup stats for) ([^\s:\uffff]+)(?=[:\s]|$)/.exec(text);
  if (group !== null) {
    oom.memcg ??= at(group[1]!);
    return true;
  }
  const victim = KILLED.exec(text);
  if (victim !== null) {
    oom.victimPid = at(Number(victim[1]));
    oom.victim = at(victim[2]!);
    const anonymous = /anon-rss:(\d+)kB/.exec(text);
    if (anonymous !== null) oom.victimAnonRss = at(Number(anonymous[1]));
    return true;
  }
  if (/panic_on_oom/.test(text)) {
    oom.panicked = at(true);
    return true;
  }
  if (/no killable processes/.test(text)) {
    oom.noKillable = at(true);
    return true;
  }
  return (
    readTask(line, draft) ||
    /^\s*(?:Tasks state|\[ +pid +\]|memory\+swap:|swap: usage|kmem: usage|oom_reaper:|Out of memory|Memory cgroup out)/.test(text)
  );
}

function readTask(line: LogicalLine, draft: Draft): boolean {
  const match = TASK.exec(line.text);
  if (match === null || line.text.endsWith(CUT)) return match !== null;
  const numbers = match[3]!.trim().split(/\s+/).map(Number);
  draft.addTask({
    line: line.line,
    pid: Number(match[1]),
    name: match[4]!.trim(),
    rssPages: Number(match[2]),
    oomScoreAdj: numbers[numbers.length - 1],
  });
  return true;
}
