import type { FuzzTarget } from '../target';
import { editor } from './editor';
import { lsp, mcp } from './servers';
import { analyse, lexer, link, parser, preprocessor, sizes } from './source';
import { config, log, mask, patch, project, tree } from './texts';

export const TARGETS: readonly FuzzTarget[] = [
  lexer,
  parser,
  preprocessor,
  sizes,
  mask,
  analyse,
  link,
  editor,
  log,
  config,
  tree,
  patch,
  project,
  lsp,
  mcp,
];
