import type { Interner } from '../../base/interner';
import { DirectiveKind, type Directives } from '../../syntax/directives';
import { glance, type LexResult } from '../../syntax/lexer';
import { definedName, readIncludes } from '../../syntax/preprocessorTables';
import type { Include } from '../../syntax/sourceFile';
import { type Branch, ConditionalRegions } from './conditionalRegions';
import { DefinitionTable } from './definitionTable';
import { findDefinitions } from './findDefinitions';
import { KEYWORD_NAMES, KEYWORD_VOCABULARY } from './keywordNames';
import { MakefileFolders } from './makefileFolders';

/** One header of the tree. */
export interface Header {
  /** Dense, from 0. */
  readonly id: number;
  readonly path: string;
  readonly includes: readonly ConditionalInclude[];
}

/** An include and the branches of `#if` it stands in. */
export interface ConditionalInclude extends Include {
  readonly branches: readonly Branch[];
}

/** Texts kept at the same time, bytes; others are read again when they are needed. */
const MAX_TEXTS = 4 << 20;
/** Larger headers are not looked into. */
const MAX_HEADER = 4 << 20;
/** Headers with more macros than this are lists of registers: their macros are no sizes. */
const MAX_DEFINES = 6000;
/** From this size on, a header without a single type is such a list. */
const LARGE = 128 << 10;

/** The headers that have been looked at, and where they define what. Texts are not kept, but for those used last. */
export class HeaderFiles {
  readonly records = new DefinitionTable();
  readonly typedefs = new DefinitionTable();
  readonly enumerators = new DefinitionTable();
  readonly guards = new DefinitionTable();
  /** Ranges are those of the directives' arguments. */
  readonly macros = new DefinitionTable();
  readonly list: Header[] = [];
  readonly makefiles: MakefileFolders;
  private readonly byPath = new Map<string, Header | undefined>();
  private readonly regions = new Map<number, ConditionalRegions>();
  private readonly texts = new Map<string, Uint8Array>();
  private kept = 0;

  constructor(
    private readonly read: (path: string) => Uint8Array | undefined,
    /** Names of the definitions that are read; files that include the headers have another one. */
    readonly interner: Interner,
  ) {
    this.makefiles = new MakefileFolders(read);
  }

  /** The header at a path below the root, or undefined when there is none. */
  header(path: string): Header | undefined {
    const known = this.byPath.get(path);
    if (known !== undefined || this.byPath.has(path)) return known;
    const bytes = this.read(path);
    const header = bytes === undefined ? undefined : this.index(path, bytes);
    if (header !== undefined) this.list.push(header);
    this.byPath.set(path, header);
    return header;
  }

  /** The text of a header; empty when the file has gone. */
  text(path: string): Uint8Array {
    const known = this.texts.get(path);
    if (known !== undefined) {
      // Most recently used last.
      this.texts.delete(path);
      this.texts.set(path, known);
      return known;
    }
    const bytes = this.read(path) ?? new Uint8Array(0);
    this.keep(path, bytes);
    return bytes;
  }

  /** The branches of `#if` around a place of a header. */
  branchesAround(header: Header, offset: number): readonly Branch[] {
    let regions = this.regions.get(header.id);
    if (regions === undefined) {
      const bytes = this.text(header.path);
      regions = ConditionalRegions.of(bytes, lexHeader(bytes).directives);
      this.regions.set(header.id, regions);
    }
    return regions.around(offset);
  }

  private index(path: string, bytes: Uint8Array): Header {
    const id = this.list.length;
    if (bytes.length > MAX_HEADER || (bytes.length > LARGE && !holdsTypes(bytes))) return { id, path, includes: [] };
    const { tokens, directives } = lexHeader(bytes);
    const tables = { record: this.records, typedef: this.typedefs, enumerator: this.enumerators, guard: this.guards };
    findDefinitions(bytes, tokens, (kind, name, start, end) =>
      tables[kind].add(bytes, tokens.start[name]!, tokens.end[name]!, id, start, end),
    );
    this.indexMacros(id, bytes, directives);
    const includes = readIncludes(bytes, directives);
    if (includes.length === 0) return { id, path, includes: [] };
    const regions = ConditionalRegions.of(bytes, directives);
    return { id, path, includes: includes.map((include) => ({ branches: regions.around(include.range.start), ...include })) };
  }

  private indexMacros(header: number, bytes: Uint8Array, directives: Directives): void {
    if (directives.count > MAX_DEFINES) return;
    for (let index = 0; index < directives.count; index++) {
      if (directives.kind[index] !== DirectiveKind.Define) continue;
      const [from, to] = [directives.argument[index]!, directives.end[index]!];
      const { start, end } = definedName(bytes, from, to);
      if (end > start) this.macros.add(bytes, start, end, header, from, to);
    }
  }

  private keep(path: string, bytes: Uint8Array): void {
    this.texts.set(path, bytes);
    this.kept += bytes.length;
    for (const [oldest, text] of this.texts) {
      if (this.kept <= MAX_TEXTS || oldest === path) break;
      this.texts.delete(oldest);
      this.kept -= text.length;
    }
  }
}

function lexHeader(bytes: Uint8Array): LexResult {
  return glance(bytes, KEYWORD_NAMES, KEYWORD_VOCABULARY);
}

const decoder = new TextDecoder('latin1');

function holdsTypes(bytes: Uint8Array): boolean {
  const text = decoder.decode(bytes);
  return ['struct ', 'enum ', 'typedef ', 'union '].some((word) => text.includes(word));
}
