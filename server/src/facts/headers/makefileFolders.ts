import { folderOf } from '../../base/paths';
import { normalised } from './includePaths';

/** Larger makefiles are lists of objects. */
const MAX_MAKEFILE = 256 << 10;
/** Folders that one makefile may add. */
const MAX_FOLDERS = 64;
/** Folders above a file whose makefiles may build it. */
const MAX_LEVELS = 5;
/** Variables of variables that are followed. */
const MAX_DEPTH = 6;

/** What the makefile of a folder adds to the compiler's search path; folders with their slash, relative to the tree's root. */
interface Flags {
  /** For the files of the folder; `only`: for the object of that name. */
  readonly own: readonly { readonly folder: string; readonly only: string | undefined }[];
  /** For the folders below as well: subdir-ccflags-y. */
  readonly inherited: readonly string[];
}

const decoder = new TextDecoder('latin1');

/**
 * The `-I` of makefiles (`ccflags-y`, `CFLAGS_x.o`, `subdir-ccflags-y`, with $(src), $(srctree) and variables of the same makefile), read
 * when a header is not found without them (Documentation/kbuild/makefiles.rst, 6.1). Conditions are not followed: what any branch adds counts.
 */
export class MakefileFolders {
  private readonly known = new Map<string, Flags | undefined>();
  /** Which makefile a folder has. */
  private readonly names = new Map<string, 'Makefile' | 'Kbuild'>();

  constructor(private readonly read: (path: string) => Uint8Array | undefined) {}

  /**
   * Folders in which headers of a file are looked for, in the order of its makefiles: that of its folder first. Those of the folders above
   * count as well: they build the objects of folders whose makefile they include.
   */
  foldersOf(path: string): readonly string[] {
    const base = path.slice(path.lastIndexOf('/') + 1).replace(/\.\w+$/, '');
    const found = new Set<string>();
    let levels = 0;
    for (let folder = folderOf(path); folder !== ''; folder = folderOf(folder.slice(0, -1)), levels++) {
      const flags = this.flagsOf(folder);
      if (flags === undefined) continue;
      if (levels < MAX_LEVELS) for (const each of flags.own) if (each.only === undefined || each.only === base) found.add(each.folder);
      for (const inherited of flags.inherited) found.add(inherited);
    }
    return [...found];
  }

  /** The makefiles on which {@link foldersOf} rests, with those that are not there. */
  around(path: string): readonly { readonly path: string; readonly exists: boolean }[] {
    const found: { path: string; exists: boolean }[] = [];
    for (let folder = folderOf(path); folder !== ''; folder = folderOf(folder.slice(0, -1))) {
      const name = this.names.get(folder);
      found.push({ path: `${folder}${name ?? 'Makefile'}`, exists: name !== undefined });
    }
    return found;
  }

  private flagsOf(folder: string): Flags | undefined {
    if (this.known.has(folder)) return this.known.get(folder);
    // Kbuild is preferred where a folder has both.
    const kbuild = this.read(`${folder}Kbuild`);
    const bytes = kbuild ?? this.read(`${folder}Makefile`);
    if (bytes !== undefined) this.names.set(folder, kbuild === undefined ? 'Makefile' : 'Kbuild');
    const flags = bytes === undefined || bytes.length > MAX_MAKEFILE ? undefined : readFlags(decoder.decode(bytes), folder);
    this.known.set(folder, flags);
    return flags;
  }
}

interface Assignment {
  readonly name: string;
  readonly value: string;
}

function readFlags(text: string, folder: string): Flags {
  if (!text.includes('-I')) return { own: [], inherited: [] };
  // The name is looked at afterwards: a pattern for the whole of a line would try each of its letters as the name's end.
  const assignments = [...text.replace(/\\\r?\n/g, ' ').matchAll(/^([^=#\n]*)=[ \t]*([^#\n]*)/gm)]
    .map((match): Assignment => ({ name: match[1]!.replace(/[:+?]$/, '').trim(), value: match[2]! }))
    .filter(({ name }) => /^[\w$(). -]+$/.test(name));
  const variables = new Map<string, string>();
  for (const { name, value } of assignments) variables.set(name, `${variables.get(name) ?? ''} ${value}`.trim());
  const own: { folder: string; only: string | undefined }[] = [];
  const inherited: string[] = [];
  for (const { name, value } of assignments) {
    const kind = /^(subdir-)?(?:ccflags|asflags|cppflags|cflags)\b|^EXTRA_CFLAGS$|^CFLAGS_(?:REMOVE_)?(.+)\.o$/.exec(name);
    if (kind === null || name.startsWith('CFLAGS_REMOVE_')) continue;
    for (const each of foldersIn(expanded(value, variables, folder, 0))) {
      if (own.length + inherited.length >= MAX_FOLDERS) break;
      if (kind[1] === undefined) own.push({ folder: each, only: kind[2]?.replace(/^.*\//, '') });
      else inherited.push(each);
    }
  }
  return { own, inherited };
}

/** Unknown variables stay as they stand: paths with them lead nowhere. */
function expanded(value: string, variables: ReadonlyMap<string, string>, folder: string, depth: number): string {
  if (depth > MAX_DEPTH) return value;
  return value.replace(/\$[({](\w+)[)}]/g, (whole, name: string) => {
    if (name === 'srctree') return '.';
    if (name === 'src' || name === 'obj') return folder.slice(0, -1);
    const known = variables.get(name);
    return known === undefined ? whole : expanded(known, variables, folder, depth + 1);
  });
}

function foldersIn(flags: string): string[] {
  return [...flags.matchAll(/(?:^|\s)-I\s*(\S+)/g)].flatMap((match) => {
    const path = match[1]!.replace(/^["']|["']$/g, '');
    const below = /[$]|^\//.test(path) ? undefined : normalised(`./${path}/`);
    return below === undefined ? [] : [below === '' ? '' : `${below}/`];
  });
}
