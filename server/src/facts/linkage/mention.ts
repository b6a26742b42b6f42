import { type Mention, MentionUse } from './linkage';

/** Where a function is mentioned. */
export type MentionPlace = Pick<Mention, 'function' | 'offset' | 'call'>;

/** What it is mentioned for. */
export type MentionPurpose = Pick<Mention, 'use' | 'owner' | 'slot'>;

export const NO_PURPOSE: MentionPurpose = { use: MentionUse.Unknown, owner: 0, slot: 0 };

/** All in one literal: a tree has 700,000 mentions, and an object that begins with a spread costs the engine a shape of its own. */
export function mentionFor({ function: fn, offset, call }: MentionPlace, { use, owner, slot }: MentionPurpose): Mention {
  return { function: fn, offset, use, owner, slot, call };
}
