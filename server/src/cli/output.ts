import { reasonOf } from './errors';

/** Exit codes of all commands. */
export const EXIT = { ok: 0, findings: 1, failure: 2, interrupted: 130 } as const;

const CHUNK = 1 << 16;

/**
 * Standard output. Text is gathered into larger pieces, and waits while the reader is slow. When the reader goes away
 * (`| head`) the rest is dropped in silence.
 */
export class Output {
  private pending: string[] = [];
  private length = 0;
  private closed = false;
  private broken = false;

  constructor(private readonly stream: NodeJS.WriteStream) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      this.closed = true;
      if (error.code === 'EPIPE') return;
      if (!this.broken) complain(`cannot write the output: ${reasonOf(error)}`);
      this.broken = true;
      process.exitCode = EXIT.failure;
    });
  }

  /** True when output was lost, for another reason than that nobody reads any more. */
  get isBroken(): boolean {
    return this.broken;
  }

  /** True when nobody reads any more. */
  get isClosed(): boolean {
    return this.closed;
  }

  async write(text: string): Promise<void> {
    this.pending.push(text);
    this.length += text.length;
    if (this.length >= CHUNK) await this.flush();
  }

  /** Writes bytes of UTF-8 behind the text so far. The caller may use their memory again when the promise is kept. */
  async writeBytes(bytes: Uint8Array): Promise<void> {
    await this.flush();
    if (bytes.length === 0 || this.closed) return;
    await new Promise<void>((resolve) => this.stream.write(bytes, () => resolve()));
  }

  async flush(): Promise<void> {
    const text = this.pending.join('');
    this.pending = [];
    this.length = 0;
    if (text === '' || this.closed) return;
    await new Promise<void>((resolve) => this.stream.write(text, () => resolve()));
  }
}

/** One line about the tool itself on stderr. */
export function complain(message: string): void {
  process.stderr.write(`gfp-lens: ${message}\n`);
}
