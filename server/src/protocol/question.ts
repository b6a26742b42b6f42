/**
 * A question that the editor asks the server beyond the Language Server Protocol. URIs are strings and lines count from 0, as everywhere in the protocol.
 */
export interface Question<Params, Answer> {
  readonly method: string;
  /** Never there: ties the types to the name. */
  readonly types?: (params: Params) => Answer;
}

/** Something that one side tells the other without waiting for an answer. */
export interface Notice<Params> {
  readonly method: string;
  /** Never there: ties the type to the name. */
  readonly type?: (params: Params) => void;
}
