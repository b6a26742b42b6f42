import type { FunctionFacts } from '../facts/site';

/**
 * The allocator's own sources, the headers and the userland copies under tools/ combine flags on purpose: rules about style and
 * private names stay silent there. Works on paths relative to the tree and on absolute ones.
 */
export function isAllocatorSource(path: string): boolean {
  return /(^|\/)(mm|include|tools|rust\/bindings)\//.test(path);
}

/** The page and object allocators and their checkers: what they do with masks is not what others may do. */
export function isAllocatorCore(path: string): boolean {
  return /(^|\/)mm\/(kmsan\/|kasan\/|kfence\/|sl[aou]b|page_alloc\.|vmalloc\.|memcontrol\.|kmemleak\.)/.test(path);
}

/** Tests break rules on purpose, and nobody minds when they crash on an empty machine. */
export function isTestSource(path: string): boolean {
  return /(^|\/)(tools|lkdtm|kunit|selftests?|tests?)\/|(^|\/)lib\/test_[^/]*$|(^|\/)selftest_[^/]*$|[_-](test|tests|kunit|selftest)\.[ch]$/.test(
    path,
  );
}

/** Code of file systems: what is allocated there may be needed by a transaction that cannot be undone. */
export function isFileSystem(path: string): boolean {
  return /(^|\/)fs\//.test(path);
}

/** Boot code runs while memory is neither scarce nor fragmented, and a failure there ends the boot in any case. */
export function isBootCode({ file, nameRange, range }: FunctionFacts): boolean {
  return /\b__(?:mem|net)?init\b/.test(new TextDecoder().decode(file.bytes.subarray(range.start, nameRange.start)));
}

/** Code that sets a device up, by its name. It runs once for a device, mostly soon after the boot. */
export function isProbe({ name }: FunctionFacts): boolean {
  return /(^|_)probe(_|$)/.test(name);
}

/** A header that files of every architecture include: which of their types and constants it sees is not known. */
export function isSharedHeader(path: string): boolean {
  return /(^|\/)include\/.*\.h$/.test(path) && !/(^|\/)arch\//.test(path);
}

/** The function is run by do_initcalls() or when its module is loaded (include/linux/init.h, module.h, 6.1): in process context, interrupts on. */
export function isInitcall({ file, name, range }: FunctionFacts): boolean {
  const behind = new TextDecoder().decode(file.bytes.subarray(range.end));
  return new RegExp(`\\b(?:module_init|\\w*initcall\\w*)\\s*\\(\\s*${name}\\s*\\)`).test(behind);
}

/** The file mentions the function other than to call or define it: it is stored or passed on, and somebody else calls it. */
export function isHandedOut({ file, name }: FunctionFacts): boolean {
  return new RegExp(`\\b${name}\\b(?!\\s*\\()`).test(new TextDecoder().decode(file.bytes));
}
