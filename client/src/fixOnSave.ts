/** What `editor.codeActionsOnSave` says in each place where it can be set. */
export interface OnSaveSettings {
  readonly globalValue?: unknown;
  readonly globalLanguageValue?: unknown;
}

/** Our kind of code action, and those that contain it. */
const KINDS = ['source', 'source.fixAll', 'source.fixAll.gfpLens'];

/**
 * Whether the user himself asked for fixes on save. A workspace may say so for what the user knows; that files are changed is not its decision, because
 * it comes with the sources.
 */
export function wantsFixOnSave({ globalValue, globalLanguageValue }: OnSaveSettings): boolean {
  return [globalLanguageValue, globalValue].some(asks);
}

/** The setting is a list of kinds, or an object with a kind for key and `always`, `explicit`, `never` or a boolean for value. */
function asks(setting: unknown): boolean {
  if (Array.isArray(setting)) return setting.some((kind) => KINDS.includes(kind as string));
  if (typeof setting !== 'object' || setting === null) return false;
  const byKind = setting as Readonly<Record<string, unknown>>;
  // The narrowest kind that is named decides.
  const named = KINDS.findLast((kind) => kind in byKind);
  return named !== undefined && byKind[named] !== false && byKind[named] !== 'never';
}
