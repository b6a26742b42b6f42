/** One definition of a header: a `#define` without parameters, or an entry of an enum. */
export interface Definition {
  readonly kind: 'define' | 'enum';
  readonly name: string;
  readonly body: string;
  /** The innermost option whose being set the definition depends on. */
  readonly config: string | undefined;
}

interface Branch {
  readonly config: string | undefined;
  /** `#else` of an option, or `#if 0`: not read. */
  readonly skipped: boolean;
}

/**
 * The object-like macros and enum entries of a header in their order. Of `#ifdef CONFIG_X ... #else ...` the first branch is read and marked with the
 * option; code under `#if 0` and in `#else` branches of an option is left out.
 */
export function readDefines(text: string): Definition[] {
  const lines = text
    .replace(/\/\*[\s\S]*?(?:\*\/|(?![\s\S]))/g, (comment) => comment.replace(/[^\n]/g, ' '))
    .replace(/\/\/.*$/gm, '')
    .replace(/\\\r?\n/g, ' ')
    .split('\n');
  const found: Definition[] = [];
  const branches: Branch[] = [];
  let insideEnum = false;
  for (const line of lines) {
    const directive = DIRECTIVE.exec(line.trim());
    if (directive !== null && followBranch(branches, directive[1]!, directive[2]!)) continue;
    if (branches.some((branch) => branch.skipped)) continue;
    const config = branches.findLast((branch) => branch.config !== undefined)?.config;
    const define = directive?.[1] === 'define' ? /^(\w+)(?:\s+(.*))?$/.exec(directive[2]!) : null;
    if (define !== null) {
      found.push({ kind: 'define', name: define[1]!, body: define[2] ?? '', config });
      continue;
    }
    if (/^\s*enum\b[^;]*\{/.test(line)) insideEnum = true;
    if (insideEnum)
      for (const match of line.replace(/^.*\{/, '').matchAll(/\b([A-Za-z_]\w*)\s*(?:=[^,}]*)?(?:,|$|\})/g))
        found.push({ kind: 'enum', name: match[1]!, body: '', config });
    if (line.includes('}')) insideEnum = false;
  }
  return found;
}

const DIRECTIVE = /^#\s*(\w+)\s*(.*)$/;

/** Whether the directive was one that opens, changes or closes a branch. */
function followBranch(branches: Branch[], directive: string, condition: string): boolean {
  switch (directive) {
    case 'ifdef':
    case 'if':
      branches.push({ config: optionOf(condition), skipped: condition === '0' });
      return true;
    case 'ifndef':
      // An include guard is no option; `#ifndef CONFIG_X` is the branch without it.
      branches.push({ config: undefined, skipped: /^CONFIG_/.test(condition) });
      return true;
    case 'else':
    case 'elif': {
      const before = branches.pop();
      branches.push({ config: undefined, skipped: before?.config !== undefined });
      return true;
    }
    case 'endif':
      branches.pop();
      return true;
    default:
      return false;
  }
}

function optionOf(condition: string): string | undefined {
  return /^(?:defined\s*\(?\s*|IS_ENABLED\s*\(\s*)?(CONFIG_\w+)/.exec(condition)?.[1];
}
