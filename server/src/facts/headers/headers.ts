import { Interner } from '../../base/interner';
import { architectureOf } from '../../kernel/architectureFolders';
import type { KernelModel } from '../../kernel/model';
import type { BranchOracle, SourceFile } from '../../syntax/sourceFile';
import type { GuardTexts } from '../guardDefinition';
import { dataModelOf } from '../sizes/dataModel';
import type { TypeLookup } from '../sizes/typeReader';
import { HeaderFiles } from './headerFiles';
import { HeaderWorld } from './headerWorld';
import type { IncludeNotes } from './includeNotes';

/** The headers of one kernel tree, followed from the includes of a file as far as a type is asked for. */
export interface Headers {
  /** What the includes of a file bring in. `path` is relative to the tree's root. */
  scopeOf(file: Pick<SourceFile, 'path' | 'includes'>): TypeLookup & GuardTexts;
  /** How many are known so far. */
  readonly count: number;
  /** Reads them beforehand, one a step. */
  readAhead(file: Pick<SourceFile, 'path' | 'includes'>): Generator<void, void>;
}

export interface HeaderSource {
  /** The bytes of a file below the tree's root; undefined when there is none. Must not throw. */
  read(path: string): Uint8Array | undefined;
  readonly model: KernelModel;
  /** Undefined: no configuration is known, and what depends on it is a range. */
  readonly branches: BranchOracle | undefined;
  readonly annotations: ReadonlySet<string>;
  /** Hears of what is asked; whoever keeps answers must know what they rest on. */
  readonly notes?: IncludeNotes | undefined;
}

/** The architecture assumed for generic code of a tree without a configuration. */
const USUAL_ARCHITECTURE = 'x86';

/** Options that name the architecture (arch/*\/Kconfig), by folder. */
const ARCHITECTURE_OPTIONS: readonly (readonly [option: string, folder: string])[] = [
  ['CONFIG_X86', 'x86'],
  ['CONFIG_ARM64', 'arm64'],
  ['CONFIG_ARM', 'arm'],
  ['CONFIG_RISCV', 'riscv'],
  ['CONFIG_PPC', 'powerpc'],
  ['CONFIG_S390', 's390'],
  ['CONFIG_MIPS', 'mips'],
  ['CONFIG_LOONGARCH', 'loongarch'],
  ['CONFIG_SPARC', 'sparc'],
  ['CONFIG_PARISC', 'parisc'],
  ['CONFIG_ALPHA', 'alpha'],
  ['CONFIG_M68K', 'm68k'],
  ['CONFIG_SUPERH', 'sh'],
  ['CONFIG_XTENSA', 'xtensa'],
  ['CONFIG_ARC', 'arc'],
  ['CONFIG_IA64', 'ia64'],
];

/** Creates the view of a tree's headers. Nothing is read before the first question; what was read once is kept. */
export function createHeaders(source: HeaderSource): Headers {
  const files = new HeaderFiles((path) => source.read(path), new Interner());
  const worlds = new Map<string, HeaderWorld>();
  const configured = ARCHITECTURE_OPTIONS.find(([option]) => source.model.config?.value(option) === 'y')?.[1];
  const worldOf = (path: string): HeaderWorld => {
    const own = architectureOf(path);
    const architecture = own ?? configured ?? USUAL_ARCHITECTURE;
    let world = worlds.get(architecture);
    if (world === undefined) {
      const data = dataModelOf(source.model, own ?? configured);
      world = new HeaderWorld(files, { ...source, architecture, data });
      worlds.set(architecture, world);
    }
    return world;
  };
  return {
    get count() {
      return files.list.length;
    },
    scopeOf: (file) => worldOf(file.path).scopeOf(file),
    readAhead: (file) => worldOf(file.path).readAhead(file),
  };
}
