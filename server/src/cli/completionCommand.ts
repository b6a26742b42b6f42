import { COMMANDS } from './commandTable';
import { completionScript, SHELLS } from './completion';
import { UserError } from './errors';
import { EXIT, type Output } from './output';

/** `gfp-lens completion SHELL`. Throws {@link UserError} for a shell that is not known. */
export async function printCompletion(name: string, output: Output): Promise<number> {
  const shell = SHELLS.find((one) => one === name);
  if (shell === undefined) throw new UserError(`there are completions for ${SHELLS.join(', ')}, not for "${name}"`);
  await output.write(completionScript(shell, COMMANDS));
  await output.flush();
  return EXIT.ok;
}
