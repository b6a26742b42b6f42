// Pieces of the kernel sources in $GFP_KERNELS as first inputs. They stay in memory and in .fuzz/, nothing of them comes into the project.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';

const PIECES = 300;
const LARGEST_PIECE = 6000;
const SOURCES = { folders: ['drivers/net/ethernet', 'fs', 'mm', 'net/core'], file: /\.c$/ };
const HEADERS = { folders: ['include/linux'], file: /\.h$/ };
/** Real files that are good first inputs of a target. */
const KERNEL_FILES = {
  lexer: SOURCES,
  parser: SOURCES,
  analyse: SOURCES,
  editor: SOURCES,
  sizes: SOURCES,
  link: SOURCES,
  preprocessor: HEADERS,
  tree: { folders: ['include/linux', 'mm'], file: /^(gfp|gfp_types|slab|page_alloc|internal|util|vmalloc)\.[ch]$/ },
  config: { folders: ['arch/x86/configs', 'arch/arm64/configs', 'arch/arm/configs'], file: /defconfig$/ },
};

/** Functions and other pieces of real sources, the same ones in each run. */
export function kernelPieces(target) {
  const wanted = KERNEL_FILES[target];
  const kernels = process.env.GFP_KERNELS ?? path.join(homedir(), '.cache', 'kernels');
  if (wanted === undefined || !existsSync(kernels)) return [];
  const root = readdirSync(kernels)
    .sort()
    .map((name) => path.join(kernels, name))
    .find((name) => existsSync(path.join(name, 'Kconfig')));
  if (root === undefined) return [];
  const files = wanted.folders.flatMap((name) =>
    readdirSync(path.join(root, name), { recursive: true, encoding: 'utf8' })
      .filter((file) => wanted.file.test(file))
      .map((file) => path.join(root, name, file)),
  );
  const step = Math.max(1, Math.floor(files.length / PIECES));
  return files
    .filter((_, index) => index % step === 0)
    .slice(0, PIECES)
    .map((file, index) => {
      const pieces = readFileSync(file, 'latin1').split(/(?<=^\}\n)/m);
      const from = (index * 7) % pieces.length;
      return Buffer.from(
        pieces
          .slice(from, from + 3)
          .join('')
          .slice(0, LARGEST_PIECE),
        'latin1',
      );
    });
}
