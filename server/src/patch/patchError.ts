/** A patch that cannot be read or does not fit, in a sentence for its user. */
export class PatchError extends Error {}
