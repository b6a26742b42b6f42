import { folderOf } from '../../base/paths';
import type { Include } from '../../syntax/sourceFile';

/** Folders above the including file in which a header is looked for when the compiler's own search path does not have it. */
const MAX_ANCESTORS = 4;

/**
 * The places where an included header may lie, relative to the kernel's root, the most likely first: beside the including file, then
 * the search path of the kernel's Makefile (USERINCLUDE and LINUXINCLUDE, 6.1), then the generic version of an asm header.
 */
export function includeCandidates(from: string, include: Include, architecture: string): readonly string[] {
  const path = normalised(include.path);
  if (path === undefined) {
    const beside = normalised(`${folderOf(from)}${include.path}`);
    return beside === undefined ? [] : [beside];
  }
  const beside = include.quoted ? [`${folderOf(from)}${path}`] : [];
  const arch = `arch/${architecture}/include`;
  const standard = [
    `${arch}/${path}`,
    `${arch}/generated/${path}`,
    `include/${path}`,
    `${arch}/uapi/${path}`,
    `${arch}/generated/uapi/${path}`,
    `include/uapi/${path}`,
    `include/generated/uapi/${path}`,
  ];
  const generic = path.startsWith('asm/')
    ? [`include/asm-generic/${path.slice('asm/'.length)}`, `include/uapi/asm-generic/${path.slice(4)}`]
    : [];
  return [...beside, ...standard, ...generic];
}

/**
 * Further places, for headers that are in none of those: the folders that makefiles add with `-I`, then, where they cannot be read, what such
 * folders mostly are: those above the file, and their `include` and `inc`.
 */
export function addedCandidates(from: string, include: Include, folders: readonly string[]): readonly string[] {
  const path = normalised(include.path) ?? include.path;
  return [...folders.flatMap((folder) => normalised(`${folder}${path}`) ?? []), ...ancestors(from, path)];
}

/** Whether a header is looked for in further places. */
export function isSoughtInFolders({ path, quoted }: Include): boolean {
  return quoted || !isCommon(normalised(path) ?? path);
}

/** Headers with these prefixes are never looked for beside the sources. */
function isCommon(path: string): boolean {
  return /^(linux|asm|asm-generic|uapi|net|generated|vdso|drm|sound|media|scsi|rdma|trace|crypto|video|dt-bindings|soc|xen|acpi|kvm|misc|target|math-emu|memory|pcmcia|ras|clocksource|keys|kunit|ufs)\//.test(
    path,
  );
}

function ancestors(from: string, path: string): readonly string[] {
  const found: string[] = [];
  let folder = folderOf(from);
  for (let step = 0; step < MAX_ANCESTORS && folder !== ''; step++) {
    for (const inner of step === 0 ? ['include/', 'inc/'] : ['', 'include/', 'inc/']) {
      const candidate = normalised(`${folder}${inner}${path}`);
      if (candidate !== undefined) found.push(candidate);
    }
    folder = folderOf(folder.slice(0, -1));
  }
  return found;
}

/** Without `.` and `..`; undefined for a path that leaves the root. */
export function normalised(path: string): string | undefined {
  if (!path.includes('./') && !path.includes('//')) return path;
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (part === '' || part === '.') continue;
    if (part !== '..') parts.push(part);
    else if (parts.pop() === undefined) return undefined;
  }
  return parts.join('/');
}
