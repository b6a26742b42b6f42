import { version } from '../../../package.json';

/** Name and version as reports give them. */
export const TOOL = { name: 'gfp-lens', version } as const;
