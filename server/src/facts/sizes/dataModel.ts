import type { KernelModel } from '../../kernel/model';

/** Sizes and alignments of C's basic types on one architecture, bytes. */
export interface DataModel {
  /** Of pointers and `long`: 8 on LP64, 4 on ILP32. */
  readonly word: 4 | 8;
  /** Alignment of `long long` inside a struct; 4 on 32-bit x86 and m68k. */
  readonly longLongAlign: 4 | 8;
}

export const LP64: DataModel = { word: 8, longLongAlign: 8 };

/** Architectures (folders of arch/) that have no 64-bit kernel. */
const NARROW = new Set('arc arm csky h8300 hexagon m68k microblaze nds32 nios2 openrisc sh unicore32 xtensa'.split(' '));

/** The data model for code of an architecture; undefined: generic code, for which the configuration decides, else LP64. */
export function dataModelOf(model: KernelModel, architecture: string | undefined): DataModel {
  const narrow = model.limits.pointerSize === 4 || (architecture !== undefined && NARROW.has(architecture));
  if (!narrow) return LP64;
  const packsLongLong = architecture === 'm68k' || ((architecture ?? 'x86') === 'x86' && model.config?.value('CONFIG_X86_32') === 'y');
  return { word: 4, longLongAlign: packsLongLong ? 4 : 8 };
}
