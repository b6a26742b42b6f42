import { spawnSync } from 'node:child_process';

/** Whether a program can be started; tests that need one say by name what is missing. */
export function hasProgram(name: string): boolean {
  return spawnSync('sh', ['-c', 'command -v "$0"', name], { stdio: 'ignore' }).status === 0;
}

/** For the `skip` of a test: the reason, or false when every program is there. */
export function missing(...names: readonly string[]): string | false {
  const absent = names.filter((name) => !hasProgram(name));
  return absent.length > 0 && `not installed: ${absent.join(', ')}`;
}
