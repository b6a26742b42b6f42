import { version } from '../../../../package.json';
import { startServer } from './start';

try {
  startServer(__dirname, version);
} catch (error) {
  process.stderr.write(`gfp-lens: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 2;
}
