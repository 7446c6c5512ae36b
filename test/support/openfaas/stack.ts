// stack.yml as faas-cli reads it: variables are substituted in the text, then it is YAML of a known form, and nothing else.
// Its reference is https://docs.openfaas.com/reference/yaml/.
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parse } from 'yaml';
import * as z from 'zod';

export type Variables = Readonly<Record<string, string>>;

/** Quantities as Kubernetes writes them; the reference asks for Mi with memory. */
const resources = z.strictObject({
  memory: z.string().regex(/^\d+(Mi|Gi)$/),
  cpu: z
    .string()
    .regex(/^(\d+m|\d+(\.\d+)?)$/)
    .optional(),
});

/** YAML makes numbers and truth values of what is not quoted; Kubernetes takes strings only. */
const strings = z.record(z.string(), z.string());

const labelValue = z.string().regex(/^([A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?)?$/);

const functionSchema = z.strictObject({
  lang: z.literal('dockerfile'),
  handler: z.string().startsWith('./'),
  image: z.string().regex(/^[a-z0-9.-]+(:\d+)?(\/[a-z0-9._-]+)+:[\w.-]+$/),
  build_args: strings.optional(),
  environment: strings.optional(),
  secrets: z.array(z.string()).optional(),
  readonly_root_filesystem: z.boolean().optional(),
  requests: resources.optional(),
  limits: resources.optional(),
  labels: z.record(z.string(), labelValue).optional(),
  annotations: strings.optional(),
});

/** A name is a part of DNS names. */
const functionName = z.string().regex(/^[a-z]([a-z0-9-]{0,61}[a-z0-9])?$/);

const stackSchema = z.strictObject({
  version: z.literal(1),
  provider: z.strictObject({ name: z.literal('openfaas'), gateway: z.url() }),
  configuration: z.strictObject({ copy: z.array(z.string()) }),
  functions: z.record(functionName, functionSchema),
});

export type Stack = z.infer<typeof stackSchema>;
export type StackFunction = z.infer<typeof functionSchema>;

export function stackText(): string {
  return readFileSync(resolve('stack.yml'), 'utf8');
}

export function readStack(variables: Variables = {}): Stack {
  return parseStack(stackText(), variables);
}

export function parseStack(text: string, variables: Variables = {}): Stack {
  return stackSchema.parse(parse(substitute(text, variables)));
}

/** Of what faas-cli knows: `${NAME}`, `${NAME:-default}`. An empty variable counts as an absent one. */
export function substitute(text: string, variables: Variables): string {
  const filled = text.replace(/\$\{(\w+)(?::-([^}]*))?\}/g, (_, name: string, otherwise = '') => {
    return variables[name] || String(otherwise);
  });
  if (filled.includes('$')) throw new Error('a dollar sign stands where no variable is');
  return filled;
}
