import { configOfOptions, type KernelConfig, type KernelModel, loadModel, parseRelease, whyUnknown } from '../kernel/index';

/** Options of a configuration as a question gives them. */
export type ConfigOptions = Readonly<Record<string, boolean | string | number>>;

const MAX_MODELS = 256;

/** Models by release and configuration: a million questions are about a few kernels. */
export class MaskModels {
  private readonly models = new Map<string, KernelModel>();
  private last: { readonly kernel: string; readonly model: KernelModel } | undefined;

  constructor(private readonly standard: KernelModel) {}

  get(kernel: string | undefined, config: ConfigOptions | undefined): KernelModel | { readonly error: string } {
    if (config !== undefined) return this.find(`${kernel ?? ''} ${JSON.stringify(config)}`, kernel, config);
    if (kernel === undefined) return this.standard;
    if (this.last?.kernel === kernel) return this.last.model;
    const model = this.find(kernel, kernel, undefined);
    if (!('error' in model)) this.last = { kernel, model };
    return model;
  }

  private find(key: string, kernel: string | undefined, config: ConfigOptions | undefined): KernelModel | { readonly error: string } {
    const known = this.models.get(key);
    if (known !== undefined) return known;
    const release = kernel === undefined ? this.standard.release : parseRelease(kernel);
    if (release === undefined) return { error: `"${kernel}" is not a kernel release` };
    const unknown = whyUnknown(release);
    if (unknown !== undefined) return { error: `kernel "${kernel}": ${unknown}` };
    const chosen: KernelConfig | undefined = config === undefined ? this.standard.config : configOfOptions(config);
    const model = loadModel({ release, config: chosen });
    if (this.models.size >= MAX_MODELS) this.models.clear();
    this.models.set(key, model);
    return model;
  }
}
