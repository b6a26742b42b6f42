import { Linkage } from '../../facts/linkage/linkage';
import type { ProgramGraph } from './graph';

/** What a name in a file can stand for. */
export interface Resolution {
  readonly functions: readonly number[];
  /** One of several is meant, and nothing tells which. */
  readonly ambiguous: boolean;
}

const NOTHING: Resolution = { functions: [], ambiguous: false };

/**
 * Finds the functions that a name means in a file, as the linker would: one of the file itself, else what headers and other files make
 * visible. Code of another architecture and user-space tools are out of reach; of several drivers' namesakes the nearest folder wins.
 */
export class NameResolution {
  /** Of names that several functions have: by file, then by name. */
  private readonly known: (Map<number, Resolution> | undefined)[] = [];
  /** For each function the answer that is it alone: by far the most are, and the names of a tree are called a million times. */
  private readonly alone: (Resolution | undefined)[] = [];
  private readonly places: (Place | undefined)[] = [];

  constructor(private readonly graph: ProgramGraph) {}

  of(file: number, name: number): Resolution {
    const { graph } = this;
    const first = graph.firstNamed(name);
    if (first < 0) return NOTHING;
    if (graph.nextNamesake(first) < 0) return graph.fileOf(first) === file || this.isVisible(first, file) ? this.only(first) : NOTHING;
    let names = this.known[file];
    if (!names) this.known[file] = names = new Map();
    let answer = names.get(name);
    if (!answer) names.set(name, (answer = this.resolve(file, first)));
    return answer;
  }

  private only(fn: number): Resolution {
    return (this.alone[fn] ??= { functions: [fn], ambiguous: false });
  }

  private resolve(file: number, first: number): Resolution {
    const { graph } = this;
    const own: number[] = [];
    const visible: number[] = [];
    for (let fn = first; fn >= 0; fn = graph.nextNamesake(fn)) {
      if (graph.fileOf(fn) === file) own.push(fn);
      else if (this.isVisible(fn, file)) visible.push(fn);
    }
    const functions = own.length > 0 ? own : visible;
    if (functions.length <= 1) return functions.length === 0 ? NOTHING : this.only(functions[0]!);
    return own.length > 0 ? { functions: own, ambiguous: false } : this.nearest(file, visible);
  }

  private isVisible(fn: number, from: number): boolean {
    const { graph } = this;
    const place = this.placeOf(graph.fileOf(fn));
    const user = this.placeOf(from);
    if (place.world !== user.world || (place.arch !== '' && user.arch !== '' && place.arch !== user.arch)) return false;
    // A system call is entered from user space; a call of that name means something else (the C library, in user-mode Linux).
    if (graph.linkageOf(fn) === Linkage.EntryPoint) return false;
    if (!place.isHeader) return graph.linkageOf(fn) !== Linkage.Static && graph.linkageOf(fn) !== Linkage.Macro;
    // A driver's own header is seen from its folder and the folders around it.
    return place.isPublic || shared(place.folders, user.folders) >= Math.min(place.folders.length, Math.max(2, place.folders.length - 2));
  }

  /** Of functions in several folders those that share most of the caller's path; variants of architectures all count. */
  private nearest(file: number, candidates: readonly number[]): Resolution {
    const user = this.placeOf(file);
    let best = -1;
    let nearest: number[] = [];
    for (const fn of candidates) {
      const place = this.placeOf(this.graph.fileOf(fn));
      const closeness = shared(place.folders, user.folders);
      if (closeness > best) [best, nearest] = [closeness, []];
      if (closeness === best) nearest.push(fn);
    }
    // The readings of a function with `#else` in it are one, and so are the variants of architectures.
    const files = new Set(nearest.map((fn) => this.graph.fileOf(fn)));
    const variants = new Set([...files].map((one) => this.placeOf(one).arch));
    return { functions: nearest, ambiguous: files.size > variants.size };
  }

  private placeOf(file: number): Place {
    return (this.places[file] ??= placeOf(this.graph.files[file]!));
  }
}

interface Place {
  readonly folders: readonly string[];
  readonly isHeader: boolean;
  /** A header that the whole kernel may include. */
  readonly isPublic: boolean;
  /** `x86` for arch/x86/…, otherwise empty. */
  readonly arch: string;
  /** User-space programs in the tree are no part of the kernel. */
  readonly world: string;
}

const USER_SPACE = new Set(['tools', 'scripts', 'samples', 'Documentation', 'usr']);

function placeOf(path: string): Place {
  const folders = path.split('/').slice(0, -1);
  return {
    folders,
    isHeader: path.endsWith('.h'),
    isPublic: folders[0] === 'include' || (folders[0] === 'arch' && folders[2] === 'include'),
    arch: folders[0] === 'arch' ? (folders[1] ?? '') : '',
    world: USER_SPACE.has(folders[0] ?? '') ? folders[0]! : 'kernel',
  };
}

/** Leading folders that two paths have in common. */
function shared(a: readonly string[], b: readonly string[]): number {
  let count = 0;
  while (count < a.length && count < b.length && a[count] === b[count]) count++;
  return count;
}
