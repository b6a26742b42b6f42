import type { Files } from './files';
import type { IndexPlatform } from './treeIndex';

/** What the server takes from the machine it runs on. */
export interface Platform {
  readonly files: Files;
  /** Where the manual page of a rule is installed, if it is. */
  readonly pageUri: (rule: string) => string | undefined;
  readonly version: string;
  /** How indexes of whole trees are kept; absent where that is not possible. */
  readonly index?: IndexPlatform;
}
