import { behaviourOf } from './behaviour';
import { contextCatalogue } from './contexts/catalogue';
import type { FlagDefinitions } from './flagDefinitions';
import { functionCatalogue } from './functions/catalogue';
import { kernelFlags } from './kernelFlags';
import { limitsOf } from './limits';
import type { AllocatorBehaviour, KernelConfig, KernelModel, Limits, Release } from './model';
import { formatRelease } from './release';
import { definitionsOf } from './releaseTables';

/**
 * The model of a release from the tables: 4.4 to the newest one known; a release in between or beyond takes the nearest sampled one below it.
 * Without a configuration the numbers stay open where it decides them.
 */
export function loadModel(options: { readonly release: Release; readonly config?: KernelConfig | undefined }): KernelModel {
  return assembleModel({ release: options.release, config: options.config, origin: 'tables', definitions: definitionsOf(options.release) });
}

/** What a model is put together from; a tree replaces single parts of what the tables say. */
export interface ModelParts {
  readonly release: Release;
  readonly config: KernelConfig | undefined;
  readonly origin: KernelModel['origin'];
  readonly definitions: FlagDefinitions;
  readonly behaviour?: AllocatorBehaviour;
  readonly limits?: Limits;
}

export function assembleModel(parts: ModelParts): KernelModel {
  const { release, config, origin, definitions } = parts;
  return {
    release,
    origin,
    label: `${formatRelease(release)} (${origin})`,
    config,
    ...kernelFlags(definitions, release, config),
    behaviour: parts.behaviour ?? behaviourOf(release),
    limits: parts.limits ?? limitsOf(release, config),
    functions: functionCatalogue(release),
    contexts: contextCatalogue(release),
  };
}
