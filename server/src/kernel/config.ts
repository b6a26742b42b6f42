import type { KernelConfig } from './model';

/** Reads a `.config` (`CONFIG_X=y`, `# CONFIG_X is not set`). Lines it does not understand are skipped. */
export function parseConfig(text: string): KernelConfig {
  const values = new Map<string, string>();
  for (const line of text.split('\n')) {
    const set = /^(CONFIG_\w+)=(.*)$/.exec(line.trim());
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
  for (const match of text.matchAll(/^[ \t]*#[ \t]*define[ \t]+(CONFIG_\w+)(.*)$/gm)) {
    const name = match[1]!;
    const value = unquoted(match[2]!.trim());
    if (name.endsWith('_MODULE') && value === '1') values.set(name.slice(0, -'_MODULE'.length), 'm');
    else values.set(name, value === '1' ? 'y' : value);
  }
  return configOf(values);
}

/** A configuration from a map of names (with their `CONFIG_` prefix) to values. */
export function configOf(values: ReadonlyMap<string, string> | Readonly<Record<string, boolean | string | number>>): KernelConfig {
  const table =
    values instanceof Map
      ? (values as ReadonlyMap<string, string>)
      : new Map(Object.entries(values).map(([name, value]) => [name, word(value)]));
  return { value: (name) => table.get(name) ?? table.get(`CONFIG_${name}`) };
}

/** An option that every complete configuration of a machine the analysis cares about has. */
const IN_EVERY_CONFIG = 'CONFIG_MMU';

/**
 * A configuration from the options a question names. Unless it looks like a complete one, the options it does not name stay unknown: who asks
 * about CONFIG_LOCKDEP does not mean a kernel without DMA zones.
 */
export function configOfOptions(values: Readonly<Record<string, boolean | string | number>>): KernelConfig {
  const config = configOf(values);
  return config.value(IN_EVERY_CONFIG) === undefined ? { ...config, partial: true } : config;
}

/**
 * Whether an option is built in or a module; undefined without a configuration. An option that a complete configuration does not name is off, one
 * that a partial configuration does not name is unknown.
 */
export function isEnabled(config: KernelConfig | undefined, name: string): boolean | undefined {
  if (config === undefined) return undefined;
  const value = config.value(name);
  if (value === undefined && config.partial === true) return undefined;
  return value === 'y' || value === 'm';
}

function word(value: boolean | string | number): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' && value > 1) return String(value);
  return value ? 'y' : 'n';
}

function unquoted(text: string): string {
  return /^".*"$/.test(text) ? text.slice(1, -1) : text;
}
