/**
 * Folders and files outside of arch/ that are built for one architecture only, by what their Kconfig depends on (6.1, 6.12): IBMEBUS, PPC_PSERIES, PPC_POWERNV, CXL, PPC_PS3;
 * SBUS, SPARC64; ARCH_OMAP3, ARCH_AT91, ARCH_MOXART, ARCH_ACORN, ARCH_U8500; ZORRO, NUBUS, AMIGA, ATARI; MAPLE. Those for 32-bit and 64-bit PowerPC alike are not among them.
 */
const BUILT_FOR: readonly (readonly [architecture: string, paths: RegExp])[] = [
  [
    'powerpc',
    /(?:^|\/)drivers\/(?:net\/ethernet\/ibm\/|misc\/o?cxl\/|scsi\/(?:ibmvscsi|cxlflash)|crypto\/nx\/|pci\/hotplug\/(?:pnv_php|rpa)|ps3\/|block\/ps3|scsi\/ps3)/,
  ],
  [
    'sparc',
    /(?:^|\/)(?:sound\/sparc\/|drivers\/(?:sbus\/|block\/sunvdc|crypto\/n2_|scsi\/(?:qlogicpti|sun_esp)|tty\/vcc|net\/ethernet\/(?:amd\/sunlance|sun\/(?:ldmvsw|sunbmac|sunqe|sunvnet))))/,
  ],
  [
    'arm',
    /(?:^|\/)drivers\/(?:media\/platform\/ti\/omap3isp\/|mtd\/nand\/raw\/atmel\/|scsi\/arm\/|dma\/ste_dma40|net\/ethernet\/(?:moxa\/|xscale\/|seeq\/ether3|i825xx\/ether1))/,
  ],
  [
    'm68k',
    /(?:^|\/)(?:sound\/oss\/dmasound\/|drivers\/(?:zorro\/|nubus\/|block\/(?:amiflop|ataflop|swim|z2ram)|net\/ethernet\/amd\/a(?:2065|riadne|tarilance)))/,
  ],
  ['sh', /(?:^|\/)(?:sound\/sh\/|drivers\/sh\/)/],
];

/** Words of an `#if` that let code through for one architecture only. */
const OPTIONS: readonly (readonly [architecture: string, option: RegExp])[] = [
  ['sparc', /\bCONFIG_(?:SBUS|SPARC(?:32|64)?)\b/],
  ['powerpc', /\bCONFIG_PPC(?:64|_PSERIES|_POWERNV|_BOOK3S_64|_PS3)\b/],
  ['alpha', /\bCONFIG_ALPHA\b/],
];

/** The architecture that code of a path is built for, `arm64`, by its folder of arch/ or its driver's dependencies; undefined where there are several. */
export function architectureOf(path: string): string | undefined {
  return /(?:^|\/)arch\/(\w+)\//.exec(path)?.[1] ?? BUILT_FOR.find(([, paths]) => paths.test(path))?.[0];
}

/** The architecture that an `#if` of this text lets through, alone. */
export function architectureOfCondition(condition: string): string | undefined {
  if (/!|#ifndef|\|\|/.test(condition)) return undefined;
  return OPTIONS.find(([, option]) => option.test(condition))?.[0];
}
