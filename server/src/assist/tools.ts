import { CONTEXT_WORDS } from '../kernel/index';
import { AssistError } from './assistant';

/** A parameter of a tool, as JSON Schema describes it. */
export type ToolParameter = { readonly description?: string } & (
  | { readonly type: 'string'; readonly minLength?: number; readonly maxLength?: number }
  | { readonly type: 'integer'; readonly minimum?: number; readonly maximum?: number }
  | { readonly type: 'boolean' }
  | { readonly type: 'array'; readonly items: { readonly type: 'string'; readonly enum: readonly string[] } }
);

/** A question that an assistant can ask, with what it is told of it. */
export interface AssistTool {
  readonly name: 'decode_mask' | 'explain_log' | 'check' | 'explain_finding';
  readonly title: string;
  readonly description: string;
  readonly inputSchema: {
    readonly type: 'object';
    readonly properties: Readonly<Record<string, ToolParameter>>;
    readonly required?: readonly string[];
    readonly additionalProperties: false;
  };
}

/** The same in every assistant: over the Model Context Protocol and as tools of an editor. None of them changes anything. */
export const ASSIST_TOOLS: readonly AssistTool[] = [
  {
    name: 'decode_mask',
    title: 'Decode a GFP mask',
    description:
      'What a gfp mask means to the page allocator of a kernel release: may it sleep, which zones and reserves, what happens on failure, each step with its source file.',
    inputSchema: {
      type: 'object',
      properties: {
        mask: {
          type: 'string',
          minLength: 1,
          maxLength: 4000,
          description: 'GFP_KERNEL | __GFP_NOWARN, 0xcc0, or a log line that contains a mask',
        },
        kernel: { type: 'string', description: 'release such as 6.1 or 6.12.3; default: that of the tree' },
        order: { type: 'integer', minimum: 0, maximum: 64, description: 'page order of the request' },
        size: { type: 'integer', minimum: 0, description: 'bytes of a kmalloc()' },
        context: { type: 'array', items: { type: 'string', enum: [...CONTEXT_WORDS] }, description: 'where the request is made' },
      },
      required: ['mask'],
      additionalProperties: false,
    },
  },
  {
    name: 'explain_log',
    title: 'Explain an allocation failure',
    description:
      'Why the allocations in a kernel log failed (page allocation failures, OOM reports, sleeping in atomic context), and what to change.',
    inputSchema: {
      type: 'object',
      properties: {
        log: { type: 'string', minLength: 1, maxLength: 4_000_000, description: 'the text of the log, as dmesg, syslog or a mail has it' },
      },
      required: ['log'],
      additionalProperties: false,
    },
  },
  {
    name: 'check',
    title: 'Check kernel C or a patch',
    description:
      'Mistakes of memory allocation in a file or folder of the tree, or only those that a patch brings in (a diff, a mail or a mailbox; it need not be applied). Each with its evidence and fixes.',
    inputSchema: {
      type: 'object',
      properties: {
        path: { type: 'string', minLength: 1, description: 'file or folder, relative to the tree' },
        patch: { type: 'string', minLength: 1, maxLength: 20_000_000, description: 'text of a patch against the tree' },
        possible: { type: 'boolean', description: 'also what is likely but not proven' },
      },
      additionalProperties: false,
    },
  },
  {
    name: 'explain_finding',
    title: 'Explain a finding',
    description:
      'Why there is a finding on a line: the code, the evidence, what holds there, and the manual page of the rule. With a rule alone: its page.',
    inputSchema: {
      type: 'object',
      properties: {
        file: { type: 'string', minLength: 1, description: 'relative to the tree' },
        line: { type: 'integer', minimum: 1, description: 'counted from 1' },
        rule: { type: 'string', description: 'rule id such as sleep-in-atomic' },
      },
      additionalProperties: false,
    },
  },
];

/** What a tool was asked, as far as its schema knows it. Throws {@link AssistError} for an input that does not fit. */
export function toolInput({ inputSchema }: AssistTool, input: unknown): Readonly<Record<string, unknown>> {
  const given = typeof input === 'object' && input !== null ? (input as Record<string, unknown>) : {};
  const known = Object.entries(inputSchema.properties).filter(([name]) => given[name] !== undefined && given[name] !== null);
  const missing = inputSchema.required?.find((name) => !known.some(([other]) => other === name));
  if (missing !== undefined) throw new AssistError(`give ${missing}`);
  for (const [name, parameter] of known) {
    const wanted = misfit(parameter, given[name]);
    if (wanted !== undefined) throw new AssistError(`${name}: ${wanted}`);
  }
  return Object.fromEntries(known.map(([name]) => [name, given[name]]));
}

/** What is wanted instead; undefined when the value fits. */
function misfit(parameter: ToolParameter, value: unknown): string | undefined {
  switch (parameter.type) {
    case 'boolean':
      return typeof value === 'boolean' ? undefined : 'true or false is wanted';
    case 'string': {
      const { minLength = 0, maxLength = Number.POSITIVE_INFINITY } = parameter;
      if (typeof value !== 'string') return 'a text is wanted';
      if (value.length < minLength) return 'is empty';
      return value.length > maxLength ? `is longer than ${maxLength} characters` : undefined;
    }
    case 'integer': {
      const { minimum = Number.MIN_SAFE_INTEGER, maximum = Number.MAX_SAFE_INTEGER } = parameter;
      const fits = Number.isSafeInteger(value) && Number(value) >= minimum && Number(value) <= maximum;
      return fits ? undefined : `a whole number from ${minimum}${parameter.maximum === undefined ? '' : ` to ${maximum}`} is wanted`;
    }
    case 'array': {
      const words = parameter.items.enum;
      const fits = Array.isArray(value) && value.every((one) => words.includes(one));
      return fits ? undefined : `a list of ${words.join(', ')} is wanted`;
    }
  }
}
