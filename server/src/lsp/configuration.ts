import {
  type Connection,
  DidChangeConfigurationNotification,
  DidChangeWatchedFilesNotification,
  type InitializeParams,
} from 'vscode-languageserver';
import type { SettingsByFolder } from '../ide/settings';
import { PROJECT_FILE } from '../program/projectFile';
import type { ClientFeatures } from './clientFeatures';
import { type Files, fileName } from './files';
import { readSettings } from './settings';

const SECTION = 'gfpLens';

/** Files on which a kernel model, sizes and settings rest. */
const WATCHED = ['**/Makefile', '**/Kbuild', '**/.config', '**/*.h', `**/${PROJECT_FILE}`];

const SOURCES = '**/*.c';

interface Folder {
  readonly uri: string;
  readonly path: string;
}

/**
 * The settings, from wherever this client gives them: with `initialize`, by asking (for the workspace and each of its
 * folders), or pushed by `didChangeConfiguration`.
 */
export class Configuration {
  private folders: readonly Folder[];
  private canAsk = false;
  private last = '';
  private readonly watched = new Set<string>();

  constructor(
    private readonly connection: Connection,
    private readonly files: Pick<Files, 'pathOf'>,
    params: InitializeParams,
    private readonly apply: (settings: SettingsByFolder) => void,
  ) {
    const roots = params.workspaceFolders ?? [];
    const uris = roots.length > 0 ? roots.map((folder) => folder.uri) : [params.rootUri ?? ''];
    this.folders = this.foldersOf(uris);
    this.use(params.initializationOptions, []);
  }

  /** A path below the first workspace folder, to find the kernel tree of questions that name no file. */
  get firstFolder(): string | undefined {
    const first = this.folders[0];
    return first === undefined ? undefined : `${first.path}/.`;
  }

  get folderPaths(): readonly string[] {
    return this.folders.map(({ path }) => path);
  }

  /** After `initialized`: registers for changes and asks for the settings, as far as the client can. */
  async start(features: ClientFeatures): Promise<void> {
    this.canAsk = features.configuration;
    const { client, workspace } = this.connection;
    if (features.workspaceFolders) {
      workspace.onDidChangeWorkspaceFolders(({ added, removed }) => {
        const gone = new Set(removed.map((folder) => folder.uri));
        this.folders = [...this.folders.filter((folder) => !gone.has(folder.uri)), ...this.foldersOf(added.map((folder) => folder.uri))];
        void this.changed(undefined);
      });
    }
    if (features.configurationRegistration) await client.register(DidChangeConfigurationNotification.type, { section: SECTION });
    if (features.watchRegistration) {
      await client.register(DidChangeWatchedFilesNotification.type, { watchers: WATCHED.map((globPattern) => ({ globPattern })) });
    }
    if (this.canAsk) await this.ask();
  }

  /** `didChangeConfiguration`: its content counts only for clients that cannot be asked. */
  async changed(settings: unknown): Promise<void> {
    if (this.canAsk) return this.ask();
    const all = settings as { [SECTION]?: unknown } | null | undefined;
    if (all?.[SECTION] !== undefined) this.use(all[SECTION], []);
  }

  /** Watches a file outside of the usual ones, if the client does that; once for each name. */
  watch(path: string, features: ClientFeatures): void {
    const name = fileName(path);
    if (!features.watchRegistration || this.watched.has(name)) return;
    this.watched.add(name);
    const watchers = [{ globPattern: `**/${name.replace(/[[\]{}*?]/g, '?')}` }];
    this.connection.client.register(DidChangeWatchedFilesNotification.type, { watchers }).catch(() => undefined);
  }

  /** Watches all C files, if the client does that: only for an index, because a checkout touches thousands of them. */
  watchSources(features: ClientFeatures): void {
    if (!features.watchRegistration || this.watched.has(SOURCES)) return;
    this.watched.add(SOURCES);
    this.connection.client
      .register(DidChangeWatchedFilesNotification.type, { watchers: [{ globPattern: SOURCES }] })
      .catch(() => undefined);
  }

  private async ask(): Promise<void> {
    const { folders } = this;
    const items = [{ section: SECTION }, ...folders.map((folder) => ({ section: SECTION, scopeUri: folder.uri }))];
    const [base, ...perFolder] = (await this.connection.workspace.getConfiguration(items)) as unknown[];
    this.use(
      base,
      folders.map((folder, index) => ({ folder, section: perFolder[index] })),
    );
  }

  private use(base: unknown, perFolder: readonly { folder: Folder; section: unknown }[]): void {
    const key = JSON.stringify([base, perFolder]);
    if (key === this.last) return;
    this.last = key;
    const folders = perFolder.map(({ folder, section }) => ({ path: folder.path, settings: readSettings(section) }));
    this.apply({ base: readSettings(base), folders });
  }

  private foldersOf(uris: readonly string[]): readonly Folder[] {
    return uris.flatMap((uri) => {
      const path = this.files.pathOf(uri);
      return path === undefined ? [] : [{ uri, path }];
    });
  }
}
