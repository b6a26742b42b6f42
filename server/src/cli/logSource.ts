import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import type { CallSite } from '../log/index';

/** Folders of a tree in the order in which a driver's function is looked for; the rest of the tree comes after them. */
const FIRST = ['drivers', 'fs', 'net', 'mm', 'kernel', 'lib', 'block', 'sound', 'security', 'crypto', 'ipc', 'io_uring', 'virt', 'init'];
const LATER = ['arch'];
const ALLOCATION =
  /\b(?:k[vmz]?[a-z]*alloc\w*|vm?alloc\w*|vzalloc\w*|alloc_pages?\w*|__get_free_pages?|kmem_cache_\w*alloc\w*|dma_alloc_\w+|kmemdup\w*|folio_alloc\w*|\w*alloc_skb\w*|dup_task_struct\w*)\s*\(/;

/**
 * Finds the functions of call sites in a kernel tree by their definitions: a text search, enough for a link. Folders are listed once, files are read only
 * until the function is found.
 */
export class SourceFinder {
  private files: readonly string[] | undefined;
  private readonly known = new Map<string, Place | undefined>();

  constructor(private readonly tree: string) {}

  /** The site with file and line of its allocation, or of the function where no allocation is seen in it; unchanged when the tree does not have it. */
  locate(site: CallSite): CallSite {
    const key = `${site.module ?? ''} ${site.function}`;
    if (!this.known.has(key)) this.known.set(key, this.find(site));
    const place = this.known.get(key);
    return place === undefined ? site : { ...site, file: place.file, line: place.line };
  }

  private find({ function: name, module }: CallSite): Place | undefined {
    if (!/^[A-Za-z_]\w*$/.test(name)) return undefined;
    this.files ??= [...FIRST, ...LATER].flatMap((folder) => sourcesBelow(join(this.tree, folder)));
    const needle = `${name}(`;
    for (const path of likelyFirst(this.files, module)) {
      const bytes = readFileSync(path);
      if (!bytes.includes(needle)) continue;
      const line = definitionLine(bytes.toString('latin1'), name);
      if (line !== undefined) return { file: relative(this.tree, path), line };
    }
    return undefined;
  }
}

interface Place {
  readonly file: string;
  readonly line: number;
}

function sourcesBelow(folder: string): string[] {
  try {
    return readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.c'))
      .map((name) => join(folder, name));
  } catch {
    return [];
  }
}

/** Files whose path names the module come first. */
function likelyFirst(files: readonly string[], module: string | undefined): readonly string[] {
  if (module === undefined) return files;
  const word = module.replace(/_/g, '[-_]');
  const pattern = new RegExp(`[/]${word}(?:[/.]|$)`);
  return [...files.filter((file) => pattern.test(file)), ...files.filter((file) => !pattern.test(file))];
}

/** Line of the first allocation in the function's body, else of its definition; undefined when the text only calls or declares it. */
function definitionLine(text: string, name: string): number | undefined {
  const definition = new RegExp(`^(?:[A-Za-z_][^\\n;={}()]*[\\s*])?${name}\\([^;{}]*\\)[^;{}]*\\{`, 'm').exec(text);
  if (definition === null) return undefined;
  const end = text.indexOf('\n}', definition.index);
  const body = text.slice(definition.index, end < 0 ? undefined : end);
  const after = definition[0].length;
  const allocation = ALLOCATION.exec(body.slice(after));
  const at = definition.index + (allocation === null ? definition[0].indexOf(`${name}(`) : after + allocation.index);
  return text.slice(0, at).split('\n').length;
}
