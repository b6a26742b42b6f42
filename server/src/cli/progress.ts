import { SingleBar } from 'cli-progress';
import type { SourceEntry } from '../program/batches';

/** Shows how far a run is: on a terminal a bar with files, rate and time left, elsewhere nothing. */
export interface Progress {
  advance(files: number, bytes: number): void;
  stop(): void;
}

const SILENT: Progress = { advance: () => undefined, stop: () => undefined };

/** The bar and the time left go by bytes, because the biggest files are analysed first. */
export function startProgress(entries: readonly SourceEntry[], stream: NodeJS.WriteStream): Progress {
  if (!stream.isTTY || entries.length < 2) return SILENT;
  const of = entries.length.toLocaleString('en');
  const bar = new SingleBar({
    stream,
    format: `{bar} {files} of ${of} files  {rate} files/s  {eta_formatted} left`,
    barsize: 24,
    hideCursor: true,
    clearOnComplete: true,
    etaBuffer: 30,
    barCompleteChar: '█',
    barIncompleteChar: '░',
  });
  const begin = performance.now();
  const done = { files: 0, bytes: 0 };
  bar.start(
    entries.reduce((sum, entry) => sum + entry.size, 0),
    0,
    { files: 0, rate: 0 },
  );
  return {
    advance: (files, bytes) => {
      done.files += files;
      done.bytes += bytes;
      const seconds = (performance.now() - begin) / 1000;
      const rate = Math.round(done.files / Math.max(seconds, 0.001));
      bar.update(done.bytes, { files: done.files.toLocaleString('en'), rate: rate.toLocaleString('en') });
    },
    stop: () => bar.stop(),
  };
}
