/** A place in a JSON text, 1-based; columns in UTF-16 code units. */
interface JsonPlace {
  /** From 0. */
  readonly offset: number;
  readonly line: number;
  readonly column: number;
}

/** A JSON value with its place, as the shells' parser gives it. */
export interface JsonNode {
  /** `Object`, `Array`, `String`, `Number`, `Boolean`, `Null`. */
  readonly type: string;
  readonly loc: { readonly start: JsonPlace; readonly end: JsonPlace };
  /** Of strings, numbers and booleans. */
  readonly value?: unknown;
}

export interface JsonObject extends JsonNode {
  readonly members: readonly { readonly name: JsonNode; readonly value: JsonNode }[];
}

/** Parses JSON with comments. Throws an error with `line` and `column` for a text that is none. */
export type ParseJson = (text: string) => JsonNode;
