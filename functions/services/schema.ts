// POST /api/services/ at the edge: the contract's checks in its order and with its texts, and a typed request behind them.
import * as z from 'zod';
import { describePath } from '../../lib/config/load';
import { AppError } from '../../lib/errors';
import { isRecord } from '../../lib/record';

const REQUIRED_KEYS = [
  'env',
  'env.JUPYTERHUB_STATUS_URL',
  'env.JUPYTERHUB_API_TOKEN',
  'env.JUPYTERHUB_USER_ID',
  'user_options',
  'user_options.service',
  'start_id',
] as const;

/** The anchor needs room beside them for all that will be seen of the service: a ConfigMap holds 1 MiB. */
const MAX_OPTIONS_BYTES = 256 * 1024;

const TEXT = {
  blank: 'This field may not be blank.',
  null: 'This field may not be null.',
  string: 'Not a valid string.',
  integer: 'A valid integer is required.',
  tooLarge: 'String value too large.',
  nullCharacters: 'Null characters are not allowed.',
  characters: 'Only printable characters without "/" and ".." are allowed.',
  environmentName: 'Only letters, digits, "-", "_" and "." are allowed in names.',
  optionsTooLarge: `Larger than ${MAX_OPTIONS_BYTES} bytes of JSON.`,
} as const;

const MAX_STRING = 1000;
/** Digits beyond this are cut by the contract as well. */
const INTEGER_TEXT = /^-?\d{1,15}(\.0*)?$/;
const SECRET_KEY = /^[-._a-zA-Z0-9]{1,253}$/;

const dictionary = (value: unknown): string => `Expected a dictionary of items but got type "${typeName(value)}".`;

/** Part of names and paths: printable, no way to another folder. */
const identifier = z
  .unknown()
  .transform((value, context) => {
    if (value === null) return fault(context, TEXT.null);
    if (typeof value !== 'string' && typeof value !== 'number') return fault(context, TEXT.string);
    const text = String(value).trim();
    const problem = identifierProblem(text);
    return problem === undefined ? text : fault(context, problem);
  })
  .pipe(z.string());

const servername = identifier.refine((text) => !text.includes('.'), TEXT.characters);

const userId = z.unknown().transform((value, context) => {
  if (value === null) return fault(context, TEXT.null);
  if (typeof value === 'string' && value.length > MAX_STRING) return fault(context, TEXT.tooLarge);
  const isIntegerText = typeof value === 'string' && INTEGER_TEXT.test(value.trim());
  const number = isIntegerText ? Number(value) : value;
  return Number.isSafeInteger(number) ? (number as number) : fault(context, TEXT.integer);
});

const object = z.custom<Readonly<Record<string, unknown>>>(isRecord, { error: ({ input }) => dictionary(input) });

export const environment = object.superRefine((env, context) => {
  for (const name of Object.keys(env)) {
    if (!SECRET_KEY.test(name)) context.addIssue({ code: 'custom', path: [name], message: TEXT.environmentName });
  }
});

export const certs = z.object(
  { keyfile: z.string(TEXT.string), certfile: z.string(TEXT.string), cafile: z.string(TEXT.string) },
  { error: ({ input }) => dictionary(input) },
);

const userOptions = object.superRefine((options, context) => {
  const { service } = options;
  const message = typeof service === 'string' ? serviceProblem(service) : TEXT.string;
  if (message !== undefined) context.addIssue({ code: 'custom', path: ['service'], message });
  checkSize(options, context);
});

/** The body, and beside it what comes from header `uuidcode` and from `env`. */
export const startBody = z.object({
  servername,
  start_id: identifier,
  user_options: userOptions,
  jhub_user_id: userId,
  env: environment,
  certs: certs.optional(),
});

export interface StartRequest {
  readonly servername: string;
  readonly startId: string;
  /** Description that was asked for, a single path segment. */
  readonly service: string;
  readonly userOptions: Readonly<Record<string, unknown>>;
  readonly userId: number;
  /** What the hub calls the user: `env.JUPYTERHUB_USER`. */
  readonly userName: string | undefined;
  readonly env: Readonly<Record<string, unknown>>;
  readonly certs: z.infer<typeof certs> | undefined;
}

/** `uuidcode` is the header that names the service; `fallbackName` is used when it is absent. */
export function parseStart(body: unknown, uuidcode: string | undefined, fallbackName: string): StartRequest {
  const given = body ?? {};
  if (!isRecord(given)) throw invalid({ non_field_errors: [`Invalid data. ${dictionary(given)}`] });
  checkPresence(given);
  const { env } = given as { env: Record<string, unknown> };
  const parsed = startBody.safeParse({
    ...given,
    servername: uuidcode ?? fallbackName,
    jhub_user_id: env['JUPYTERHUB_USER_ID'],
  });
  if (!parsed.success) throw invalid(fieldErrors(parsed.error));
  const { data } = parsed;
  return {
    servername: data.servername,
    startId: data.start_id,
    service: String(data.user_options['service']).replace(/\/$/, ''),
    userOptions: data.user_options,
    userId: data.jhub_user_id,
    userName: userNameIn(data.env),
    env: data.env,
    certs: data.certs,
  };
}

/** The hub says it in the environment that it makes, and nobody else does. */
export function userNameIn({ JUPYTERHUB_USER: name }: Readonly<Record<string, unknown>>): string | undefined {
  return typeof name === 'string' && name !== '' && name.length <= MAX_STRING ? name : undefined;
}

/** The name in a path: unknown rather than malformed when it cannot be one. */
export function isServername(name: string): boolean {
  return servername.safeParse(name).success;
}

function checkPresence(body: Readonly<Record<string, unknown>>): void {
  for (const key of REQUIRED_KEYS) {
    const [first, second] = key.split('.') as [string, string?];
    if (!Object.hasOwn(body, first)) throw missing(key);
    const inner = body[first];
    if (second === undefined) continue;
    if (!isRecord(inner)) throw invalid({ [first]: [inner === null ? TEXT.null : dictionary(inner)] });
    if (!Object.hasOwn(inner, second)) throw missing(key);
  }
}

function missing(key: string): AppError {
  const message = `Missing key in input data: ${key}`;
  return new AppError('missing_key', 400, message, { body: [message] });
}

function invalid(fields: Readonly<Record<string, readonly string[]>>): AppError {
  return new AppError('invalid_input', 400, 'The request is not valid.', { body: fields });
}

function fieldErrors({ issues }: z.ZodError): Record<string, string[]> {
  const fields: Record<string, string[]> = {};
  for (const { path, message } of issues) (fields[describePath(path)] ??= []).push(message);
  return fields;
}

function identifierProblem(text: string): string | undefined {
  if (text === '') return TEXT.blank;
  if (text.includes('\0')) return TEXT.nullCharacters;
  if (text.length > MAX_STRING) return TEXT.tooLarge;
  return /[\p{Cc}\p{Zl}\p{Zp}/\\]|\.\./u.test(text) ? TEXT.characters : undefined;
}

export function serviceProblem(service: string): string | undefined {
  const name = service.replace(/\/$/, '');
  return identifierProblem(name) ?? (name.startsWith('.') ? TEXT.characters : undefined);
}

/** As the anchor holds them. */
export function checkSize(options: object, context: z.RefinementCtx): void {
  if (Buffer.byteLength(JSON.stringify(options)) <= MAX_OPTIONS_BYTES) return;
  context.addIssue({ code: 'custom', message: TEXT.optionsTooLarge });
}

function fault(context: z.RefinementCtx, message: string): never {
  context.addIssue({ code: 'custom', message });
  return z.NEVER;
}

/** Names as the original's texts have them. */
function typeName(value: unknown): string {
  if (value === null || value === undefined) return 'NoneType';
  if (Array.isArray(value)) return 'list';
  if (typeof value === 'string') return 'str';
  if (typeof value === 'boolean') return 'bool';
  if (typeof value === 'number') return Number.isInteger(value) ? 'int' : 'float';
  return 'dict';
}
