import { SingleBar } from 'cli-progress';

/** Shows how far a run is: on a terminal a bar with files, rate and time left, elsewhere nothing. */
export interface Progress {
  advance(files: number): void;
  stop(): void;
}

const SILENT: Progress = { advance: () => undefined, stop: () => undefined };

export function startProgress(total: number, stream: NodeJS.WriteStream): Progress {
  if (!stream.isTTY || total < 2) return SILENT;
  const format = '{bar} {value}/{total} files  {rate} files/s  {eta_formatted} left';
  const bar = new SingleBar({
    stream,
    format,
    barsize: 24,
    hideCursor: true,
    clearOnComplete: true,
    etaBuffer: 30,
    barCompleteChar: '█',
    barIncompleteChar: '░',
  });
  const begin = performance.now();
  let done = 0;
  bar.start(total, 0, { rate: 0 });
  return {
    advance: (files) => {
      done += files;
      const seconds = (performance.now() - begin) / 1000;
      bar.update(done, { rate: Math.round(done / Math.max(seconds, 0.001)).toLocaleString('en') });
    },
    stop: () => bar.stop(),
  };
}
