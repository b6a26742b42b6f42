import type { InitializeParams } from 'vscode-languageserver';
import { type ClientFeatures, clientFeatures } from './clientFeatures';
import { LogRequests } from './logRequests';
import type { Platform } from './platform';
import { RulePages } from './rulePages';

/** What the client said of itself when it started the server, and what follows from it. */
export interface ClientProfile {
  readonly features: ClientFeatures;
  readonly pages: RulePages;
  readonly logs: LogRequests;
  /** How a hover links to a closer look at a mask; `{mask}` stands for it. */
  readonly maskLink: string | undefined;
  /** Our own client has commands that a code lens can name, and knows our notifications. */
  readonly ownClient: boolean;
}

/** Before `initialize` nothing is known of it. */
const NOTHING_SAID: InitializeParams = { processId: null, rootUri: null, capabilities: {} };

export function clientProfile(platform: Platform, params: InitializeParams = NOTHING_SAID): ClientProfile {
  const options = (params.initializationOptions ?? {}) as { rulePageLink?: unknown; maskLink?: unknown; explainLogCommand?: unknown };
  const template = textOf(options.rulePageLink);
  return {
    features: clientFeatures(params),
    pages: new RulePages(platform.pageUri, template),
    logs: new LogRequests(platform.files, textOf(options.explainLogCommand)),
    maskLink: textOf(options.maskLink),
    // Only our own client brings its own links.
    ownClient: template !== undefined,
  };
}

function textOf(option: unknown): string | undefined {
  return typeof option === 'string' ? option : undefined;
}
