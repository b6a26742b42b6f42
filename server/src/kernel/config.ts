import type { KernelConfig } from './model';

/** Reads a `.config` (`CONFIG_X=y`, `# CONFIG_X is not set`). Lines it does not understand are skipped. */
export function parseConfig(text: string): KernelConfig {
  const values = new Map<string, string>();
  for (const line of text.split('\n')) {
    const set = /^\s*(CONFIG_\w+)=(.*?)\s*$/.exec(line);
    if (set !== null) {
      values.set(set[1]!, unquoted(set[2]!));
      continue;
    }
    const unset = /^\s*#\s*(CONFIG_\w+) is not set/.exec(line);
    if (unset !== null) values.set(unset[1]!, 'n');
  }
  return configOf(values);
}

/** Reads `include/generated/autoconf.h` (`#define CONFIG_X 1`, `#define CONFIG_X_MODULE 1`). */
export function parseAutoconf(text: string): KernelConfig {
  const values = new Map<string, string>();
  for (const match of text.matchAll(/^[ \t]*#[ \t]*define[ \t]+(CONFIG_\w+)[ \t]*(.*?)[ \t\r]*$/gm)) {
    const name = match[1]!;
    const value = unquoted(match[2]!);
    if (name.endsWith('_MODULE') && value === '1') values.set(name.slice(0, -'_MODULE'.length), 'm');
    else values.set(name, value === '1' ? 'y' : value);
  }
  return configOf(values);
}

/** A configuration from a map of names (with their `CONFIG_` prefix) to values. */
export function configOf(values: ReadonlyMap<string, string> | Readonly<Record<string, boolean | string>>): KernelConfig {
  const table =
    values instanceof Map
      ? (values as ReadonlyMap<string, string>)
      : new Map(Object.entries(values).map(([name, value]) => [name, word(value)]));
  return { value: (name) => table.get(name) ?? table.get(`CONFIG_${name}`) };
}

/** Whether an option is built in or a module; undefined without a configuration. An option the configuration does not name is off. */
export function isEnabled(config: KernelConfig | undefined, name: string): boolean | undefined {
  if (config === undefined) return undefined;
  const value = config.value(name);
  return value === 'y' || value === 'm';
}

function word(value: boolean | string): string {
  if (typeof value === 'string') return value;
  return value ? 'y' : 'n';
}

function unquoted(text: string): string {
  return /^".*"$/.test(text) ? text.slice(1, -1) : text;
}
