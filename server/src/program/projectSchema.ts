import { rules } from '../rules/registry';

/** The JSON schema of the project file, for editors; the text of each member is shown while it is written. */
export function projectSchema(): object {
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'GFP Lens project file',
    description: 'Settings of one kernel tree, or of the sources of a module, for the editor and the command line alike.',
    type: 'object',
    additionalProperties: false,
    properties: {
      $schema: { type: 'string' },
      kernel: {
        type: 'string',
        pattern: '^\\d+\\.\\d+(\\.\\d+)?$',
        patternErrorMessage: 'A kernel release such as 6.1 or 6.12.3',
        markdownDescription: "Kernel release to judge by, `6.1` or `6.12.3`, in place of the one that the tree's `Makefile` states.",
      },
      tree: {
        ...path,
        markdownDescription:
          'For sources outside of a kernel tree: the folder of the kernel they are built against, relative to this file.',
      },
      config: { ...path, markdownDescription: "Kernel configuration in place of the tree's own `.config`, relative to this file." },
      baseline: {
        ...path,
        markdownDescription:
          'Known findings, which are not shown again; `gfp-lens check --update-baseline` writes them. Relative to this file.',
      },
      possible: { type: 'boolean', default: false, description: 'Also show findings that are likely but not proven (as hints).' },
      rules: { $ref: '#/definitions/rules', markdownDescription: 'Severity per rule; rules that are not named keep their default.' },
      folders: {
        type: 'object',
        markdownDescription: 'Severities for the files below a folder (`"drivers/staging"`), on top of `rules`; `"off"` leaves them out.',
        propertyNames: { pattern: '^(?!/)(?!(.*/)?\\.\\.(/|$))(?!\\.?/*$)[^\\\\]+$' },
        additionalProperties: {
          oneOf: [{ const: 'off', description: 'The files of this folder are not looked at.' }, { $ref: '#/definitions/rules' }],
        },
      },
    },
    definitions: {
      severity: { enum: ['error', 'warning', 'info', 'hint', 'off'] },
      rules: {
        type: 'object',
        additionalProperties: false,
        properties: Object.fromEntries(
          rules.map((rule) => [rule.id, { $ref: '#/definitions/severity', description: `${rule.summary} (default: ${rule.severity})` }]),
        ),
      },
    },
  };
}

const path = { type: 'string', minLength: 1, pattern: '\\S' };
