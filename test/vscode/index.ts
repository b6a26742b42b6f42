import { appendFileSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/**
 * Called by VS Code inside its extension host. The results go to files named by the environment, because the console of this process
 * does not reach the terminal in every kind of VS Code.
 */
export async function run(): Promise<void> {
  const { default: Mocha } = await import('mocha');
  const wanted = process.env.GFP_LENS_TEST_ONLY ?? '';
  const mocha = new Mocha({ ui: 'bdd', timeout: 60_000, reporter: Mocha.reporters.Base });
  for (const name of readdirSync(__dirname).filter((file) => file.endsWith('.test.js') && file.includes(wanted)))
    mocha.addFile(path.join(__dirname, name));
  await mocha.loadFilesAsync();
  const counts = { passed: 0, failed: 0, skipped: 0 };
  await new Promise<void>((resolve) => {
    const runner = mocha.run(() => resolve());
    runner.on('pass', (test) => {
      counts.passed++;
      print(`  ok       ${test.fullTitle()} (${test.duration ?? 0} ms)`);
    });
    runner.on('fail', (test, error) => {
      counts.failed++;
      print(`  FAILED   ${test.fullTitle()}\n${indent(error.stack ?? String(error))}`);
    });
    runner.on('pending', (test) => {
      counts.skipped++;
      print(`  skipped  ${test.fullTitle()}`);
    });
  });
  const result = process.env.GFP_LENS_TEST_RESULT;
  if (result !== undefined) writeFileSync(result, JSON.stringify(counts));
  if (counts.failed > 0) throw new Error(`${counts.failed} failed`);
}

function print(line: string): void {
  const log = process.env.GFP_LENS_TEST_LOG;
  if (log === undefined) console.log(line);
  else appendFileSync(log, `${line}\n`);
}

function indent(text: string): string {
  return text.replace(/^/gm, '           ');
}
