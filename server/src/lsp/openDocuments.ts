import { TextDocuments } from 'vscode-languageserver';
import { MAX_TEXT } from '../ide/document';
import type { Host } from '../ide/host';
import { ByteDocument } from './byteDocument';
import type { ClientProfile } from './clientProfile';
import type { Files } from './files';
import { contentModified } from './guard';
import type { ProtoContext } from './toProto';

/** What requests about a document have in common. */
export interface TextDocumentParams {
  readonly textDocument: { readonly uri: string };
}

/** The documents that the client has open, and what conversions for the protocol need of them. */
export class OpenDocuments {
  readonly texts: TextDocuments<ByteDocument>;

  constructor(
    private readonly files: Files,
    private readonly host: Host,
    private readonly client: () => ClientProfile,
  ) {
    this.texts = new TextDocuments({
      create: (uri, languageId, version, text) =>
        ByteDocument.open(uri, files.pathOf(uri) ?? uri, languageId, version, text, client().features.encoding),
      update: (document, changes, version) => document.edited(changes, version),
    });
  }

  get(uri: string): ByteDocument | undefined {
    return this.texts.get(uri);
  }

  all(): ByteDocument[] {
    return this.texts.all();
  }

  byPath(path: string): ByteDocument | undefined {
    return this.texts.all().find((one) => one.path === path);
  }

  /** Undefined when it is not open, or when the request is malformed. */
  of(params: Partial<TextDocumentParams> | undefined): ByteDocument | undefined {
    return this.texts.get(String(params?.textDocument?.uri));
  }

  assertNewest(document: ByteDocument): void {
    if (this.texts.get(document.uri) !== document) throw contentModified();
  }

  context(document: ByteDocument): ProtoContext {
    const { root } = this.host.snapshot().kernelOf(document.uri);
    return { features: this.client().features, link: (rule) => this.client().pages.link(rule), documentAt: (path) => this.at(root, path) };
  }

  /** A file by the path that findings use: the open document if there is one, else what is on disk. */
  at(root: string | undefined, path: string): ByteDocument | undefined {
    const { files } = this;
    const absolute = root === undefined ? path : files.resolve(root, path);
    const open = this.byPath(absolute);
    if (open !== undefined) return open;
    const bytes = files.read(absolute, MAX_TEXT);
    return bytes && ByteDocument.ofFile(files.uriOf(absolute), absolute, bytes, this.client().features.encoding);
  }
}
