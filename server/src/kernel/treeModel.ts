import { behaviourOf } from './behaviour';
import type { FlagDefinitions } from './flagDefinitions';
import { definitionsFromHeaders } from './headerFlags';
import { allocatorOf, limitsOf, orderOption } from './limits';
import { assembleModel } from './load';
import type { KernelConfig, KernelModel, Release } from './model';
import { definitionsOf, newestRelease, withInternalMasks } from './releaseTables';
import { treeBehaviour } from './treeBehaviour';
import { treeLimits } from './treeLimits';
import type { TreeReader } from './treeReader';

const FLAG_HEADERS = ['include/linux/gfp_types.h', 'include/linux/gfp.h'];
const PRINT_HEADER = 'include/trace/events/mmflags.h';
/** The headers that flags and the order of their printing come from. */
export const FLAG_SOURCES: readonly string[] = [...FLAG_HEADERS, PRINT_HEADER];

/**
 * The model of a kernel tree: release from its Makefile, flags, composites and print order from its own headers, and what its allocator does from
 * its own sources where they can be told apart. What cannot be read comes from the tables of the nearest release; `origin` is `tables` when the
 * flags do.
 */
export function modelOfTree(files: TreeReader, config?: KernelConfig): KernelModel {
  const release = releaseOfTree(files) ?? newestRelease();
  const tables = definitionsOf(release);
  const own = definitionsOfTree(files, release, tables);
  return assembleModel({
    release,
    config,
    origin: own === undefined ? 'tables' : 'tree',
    definitions: own ?? tables,
    behaviour: treeBehaviour(files, behaviourOf(release)),
    limits: treeLimits(files, limitsOf(release, config), orderOption(config) !== undefined, allocatorOf(release, config)),
  });
}

/** VERSION, PATCHLEVEL and SUBLEVEL of the top Makefile; undefined when there is none or it is not a kernel's. */
export function releaseOfTree(files: TreeReader): Release | undefined {
  const makefile = files.read('Makefile');
  if (makefile === undefined) return undefined;
  const number = (name: string) => {
    const match = new RegExp(`^${name}\\s*:?=\\s*(\\d+)\\s*$`, 'm').exec(makefile);
    return match === null ? undefined : Number(match[1]);
  };
  const major = number('VERSION');
  const minor = number('PATCHLEVEL');
  return major === undefined || minor === undefined ? undefined : { major, minor, patch: number('SUBLEVEL') };
}

/** Flags, composites and print order as the tree's own headers have them; undefined where they could not be read. */
export function definitionsOfTree(files: TreeReader, release: Release, tables: FlagDefinitions): FlagDefinitions | undefined {
  const headers = FLAG_HEADERS.flatMap((path) => files.read(path) ?? []);
  if (headers.length === 0) return undefined;
  const printHeader = files.read(PRINT_HEADER);
  const printOrder = printHeader === undefined ? [] : printOrderOf(printHeader);
  const own = definitionsFromHeaders(headers, printOrder.length === 0 ? tables.printOrder : printOrder);
  return own === undefined ? undefined : withInternalMasks(own, release);
}

/**
 * Names of the table behind `%pGg` in their order (mm/debug.c uses the macro __def_gfpflag_names): `gfpflag_string(NAME)` entries, and from 6.15 on single
 * flags that a list of `TRACE_GFP_EM(X)` stands for. Names that only tracepoints print are not part of it.
 */
function printOrderOf(header: string): string[] {
  const joined = header.replace(/\\\r?\n/g, ' ');
  const body = /^[ \t]*#[ \t]*define[ \t]+__def_gfpflag_names\b(.*)$/m.exec(joined)?.[1];
  if (body === undefined) return [];
  const names = [...body.matchAll(/gfpflag_string\(\s*(_*GFP_\w+)\s*\)/g)].map((match) => match[1]!);
  if (body.includes('TRACE_GFP_FLAGS')) {
    for (const match of joined.matchAll(/TRACE_GFP_EM\(\s*([A-Z]\w*)\s*\)/g)) names.push(`__GFP_${match[1]!}`);
  }
  return [...new Set(names)];
}
