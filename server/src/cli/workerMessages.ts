import type { CheckEntry } from './checkFiles';

/** Nothing more is asked for the time being. */
export const REST = 'rest';

/** What a thread of `check` is told: files to analyse, or that it may give up what it keeps. */
export type WorkerMessage = readonly CheckEntry[] | typeof REST;
