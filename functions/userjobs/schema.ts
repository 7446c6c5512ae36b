// POST /api/userjobs/ at the edge: the contract's checks in its order, strict values behind them. Pure.
import * as z from 'zod';
import { describePath } from '../../lib/config/load';
import { AppError } from '../../lib/errors';
import { isRecord } from '../../lib/record';
import { isHostName } from './hostName';
import { jobWish, toJob, type JobRequest } from './slurm/schema';

const REQUIRED_KEYS = ['service', 'ports', 'hostname', 'target_node'] as const;

const TEXT = {
  blank: 'This field may not be blank.',
  null: 'This field may not be null.',
  string: 'Not a valid string.',
  tooLarge: 'String value too large.',
  noPorts: 'This dictionary may not be empty.',
  tooManyPorts: 'At most 20 ports are allowed.',
  service:
    'Only names that a Kubernetes Service can have are allowed: at most 63 lower-case letters, digits and "-", a letter first.',
  node: 'Only DNS names and IP addresses are allowed.',
  port: 'A port is a whole number from 1 to 65535.',
} as const;

const MAX_STRING = 1000;
const MAX_PORTS = 20;
/** https://kubernetes.io/docs/concepts/overview/working-with-objects/names/#rfc-1035-label-names */
const SERVICE_NAME = /^[a-z]([-a-z0-9]{0,61}[a-z0-9])?$/;
const INTEGER = /^[1-9]\d{0,4}$/;

const text = z
  .unknown()
  .transform((value, context) => {
    if (value === null) return fault(context, TEXT.null);
    if (typeof value !== 'string' && typeof value !== 'number') return fault(context, TEXT.string);
    const trimmed = String(value).trim();
    if (trimmed === '') return fault(context, TEXT.blank);
    return trimmed.length > MAX_STRING ? fault(context, TEXT.tooLarge) : trimmed;
  })
  .pipe(z.string());

const ports = z.unknown().transform((value, context): readonly Port[] => {
  if (value === null) return fault(context, TEXT.null);
  if (!isRecord(value)) return fault(context, `Expected a dictionary of items but got type "${typeName(value)}".`);
  const entries = Object.entries(value);
  if (entries.length === 0) return fault(context, TEXT.noPorts);
  if (entries.length > MAX_PORTS) return fault(context, TEXT.tooManyPorts);
  const pairs = entries.map(([port, target]) => ({ port: toPort(port), target: toPort(target) }));
  return pairs.every(isWhole) ? pairs.toSorted((a, b) => a.port - b.port) : fault(context, TEXT.port);
});

const common = {
  service: text.refine((name) => SERVICE_NAME.test(name), TEXT.service),
  ports,
  hostname: text,
};

const node = text.refine(isHostName, TEXT.node);

/** As it is told in /openapi.json, too. */
export const userJobBody = z.object({ ...common, target_node: node, job: jobWish.optional() });
/** A job runs where Slurm puts it. */
const bodyWithJob = z.object({ ...common, target_node: node.optional(), job: jobWish });

export interface Port {
  /** Of the Service. */
  readonly port: number;
  /** On the target node. */
  readonly target: number;
}

export interface UserJobRequest {
  readonly service: string;
  readonly ports: readonly Port[];
  /** Alias of a host of the configuration. */
  readonly hostname: string;
  /** Empty when a job decides. */
  readonly targetNode: string;
  readonly job: JobRequest | undefined;
}

export function parseUserJob(body: unknown): UserJobRequest {
  const given = body ?? {};
  if (!isRecord(given)) {
    const message = `Invalid data. Expected a dictionary of items but got type "${typeName(given)}".`;
    throw invalid({ non_field_errors: [message] });
  }
  const withJob = (given['job'] ?? undefined) !== undefined;
  checkPresence(given, withJob);
  const parsed = (withJob ? bodyWithJob : userJobBody).safeParse(withJob ? given : { ...given, job: undefined });
  if (!parsed.success) throw invalid(fieldErrors(parsed.error));
  const { service, hostname, target_node: targetNode = '', job } = parsed.data;
  return { service, ports: parsed.data.ports, hostname, targetNode, job: job && toJob(job) };
}

/** The name in a path: unknown rather than malformed when it cannot be one. */
export function isServiceName(name: string): boolean {
  return SERVICE_NAME.test(name);
}

export function invalid(fields: Readonly<Record<string, readonly string[]>>): AppError {
  return new AppError('invalid_input', 400, 'The request is not valid.', { body: fields });
}

function checkPresence(body: Readonly<Record<string, unknown>>, withJob: boolean): void {
  const missing = REQUIRED_KEYS.find((key) => !Object.hasOwn(body, key) && !(withJob && key === 'target_node'));
  if (missing === undefined) return;
  const message = `Missing key: ${missing}`;
  throw new AppError('missing_key', 400, message, { body: [message] });
}

/** Keys of `job` are told behind it: `partition: ...`. */
function fieldErrors({ issues }: z.ZodError): Record<string, string[]> {
  const fields: Record<string, string[]> = {};
  for (const { path, message } of issues) {
    const [field = 'non_field_errors', ...inner] = path;
    (fields[String(field)] ??= []).push(inner.length === 0 ? message : `${describePath(inner)}: ${message}`);
  }
  return fields;
}

/** NaN for what is none. */
function toPort(value: unknown): number {
  const digits = typeof value === 'number' || typeof value === 'string' ? String(value).trim() : '';
  const number = INTEGER.test(digits) ? Number(digits) : Number.NaN;
  return number <= 65_535 ? number : Number.NaN;
}

function isWhole({ port, target }: Port): boolean {
  return !Number.isNaN(port) && !Number.isNaN(target);
}

function fault(context: z.RefinementCtx, message: string): never {
  context.addIssue({ code: 'custom', message });
  return z.NEVER;
}

/** Names as the original's texts have them. */
function typeName(value: unknown): string {
  if (Array.isArray(value)) return 'list';
  if (typeof value === 'string') return 'str';
  if (typeof value === 'boolean') return 'bool';
  return Number.isInteger(value) ? 'int' : 'float';
}
