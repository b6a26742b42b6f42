import type { JsonNode, JsonObject, ParseJson } from './jsonNode';

const INDENT = '  ';

/**
 * The text of a project file with one more member, `["rules", "costly-order"]`; what stands there otherwise, comments too, stays. `text` undefined: there is no file
 * yet. Undefined when the text cannot be read, or when something else than an object is in the way.
 */
export function withMember(text: string | undefined, path: readonly string[], value: string, parse: ParseJson): string | undefined {
  if (text === undefined) return `${nested(path, value, '')}\n`;
  try {
    return inserted(text, parse(text), path, value, '');
  } catch {
    return undefined;
  }
}

function inserted(text: string, node: JsonNode, [name, ...rest]: readonly string[], value: string, indent: string): string | undefined {
  if (node.type !== 'Object' || name === undefined) return undefined;
  const { members } = node as JsonObject;
  const known = members.find((member) => member.name.value === name);
  const inner = indent + INDENT;
  if (known !== undefined) {
    if (rest.length > 0) return inserted(text, known.value, rest, value, inner);
    return text.slice(0, known.value.loc.start.offset) + JSON.stringify(value) + text.slice(known.value.loc.end.offset);
  }
  const member = `${JSON.stringify(name)}: ${rest.length === 0 ? JSON.stringify(value) : nested(rest, value, inner)}`;
  const last = members.at(-1);
  if (last === undefined) {
    const [start, end] = [node.loc.start.offset, node.loc.end.offset];
    return `${text.slice(0, start + 1)}\n${inner}${member}\n${indent}}${text.slice(end)}`;
  }
  const end = last.value.loc.end.offset;
  // A comma behind the last member is allowed, and stays the only one.
  return `${text.slice(0, end)},\n${inner}${member}${text.slice(end)}`;
}

function nested([name, ...rest]: readonly string[], value: string, indent: string): string {
  const inner = indent + INDENT;
  const content = rest.length === 0 ? JSON.stringify(value) : nested(rest, value, inner);
  return `{\n${inner}${JSON.stringify(name)}: ${content}\n${indent}}`;
}
