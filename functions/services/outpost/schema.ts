// Outpost's request bodies at the edge: checked, and translated into what a start of a service takes.
import * as z from 'zod';
import { AppError } from '../../../lib/errors';
import { isRecord } from '../../../lib/record';
import { certs, checkSize, environment, serviceProblem, type StartRequest, userNameIn } from '../schema';
import type { Authentication } from './flavors';
import type { OutpostSettings } from './settings';

/** What an address can hold. The name of a user's default server is empty. */
const segment = z
  .string()
  .max(200)
  .regex(/^[^\p{Cc}\p{Zl}\p{Zp}/\\.]*$/u, 'Only printable characters without "/", "\\" and "." are allowed.');

/** Ends a name: what comes after the last colon is the start. */
const startIdentifier = segment.min(1).refine((text) => !text.includes(':'), 'Must not contain ":".');

const record = z.record(z.string(), z.unknown());
const userOptions = z
  .looseObject({ start_id: startIdentifier.optional(), flavor: z.string().max(200).nullish() })
  .superRefine(checkSize);

export const outpostBody = z.object({
  name: segment,
  start_id: startIdentifier.optional(),
  env: environment,
  user_options: userOptions.default({}),
  flavor: z.string().max(200).nullish(),
  authentication: record.nullish(),
  misc: record.nullish(),
  /** Empty unless the hub has internal_ssl. */
  certs: z.union([certs, z.strictObject({}).transform(() => undefined)]).nullish(),
  internal_trust_bundles: record.nullish(),
});

const userId = z.coerce.number().int();

export interface OutpostStart {
  readonly request: StartRequest;
  /** Server of the hub, through all its starts: names are unique for one user only. Absent when nobody says whose it is. */
  readonly server: string | undefined;
  readonly flavor: string | undefined;
  readonly authentication: Authentication | undefined;
  /** What overrides a spawner at an Outpost has no meaning here. */
  readonly ignored: readonly string[];
}

/** Outpost knows a start by both: names are not unique in a hub, start ids are. */
export function servernameOf(name: string, startId: string): string {
  return `${name}:${startId}`;
}

/** Outpost's, when the hub names none. */
export const DEFAULT_START_ID = '0';

export function parseOutpostStart(body: unknown, settings: OutpostSettings): OutpostStart {
  const parsed = outpostBody.safeParse(body);
  if (!parsed.success) throw unprocessable(parsed.error.issues);
  const { name, env, user_options: options, misc, ...rest } = parsed.data;
  const { start_id: startId = rest.start_id ?? DEFAULT_START_ID } = options;
  const id = userIdOf(env);
  return {
    request: {
      servername: servernameOf(name, startId),
      startId,
      service: serviceOf(options, settings),
      userOptions: options,
      userId: id ?? 0,
      userName: userNameIn(env),
      env,
      certs: rest.certs ?? undefined,
    },
    server: serverOf(id, name),
    flavor: options.flavor ?? rest.flavor ?? undefined,
    authentication: rest.authentication ?? undefined,
    ignored: Object.keys(misc ?? {}),
  };
}

/** POST /userflavors: what the hub knows about a user. */
export function parseAuthentication(body: unknown): Authentication {
  if (!isRecord(body)) throw unprocessable([{ path: [], message: 'Expected an object.', code: 'custom' }]);
  return body;
}

function serverOf(user: number | undefined, name: string): string | undefined {
  return user === undefined ? undefined : JSON.stringify([user, name]);
}

function userIdOf({ JUPYTERHUB_USER_ID: given }: Readonly<Record<string, unknown>>): number | undefined {
  if (given === undefined || given === null || given === '') return undefined;
  const parsed = userId.safeParse(given);
  if (parsed.success) return parsed.data;
  throw unprocessable([{ path: ['env', 'JUPYTERHUB_USER_ID'], message: 'Expected an integer.', code: 'custom' }]);
}

function serviceOf(options: Readonly<Record<string, unknown>>, settings: OutpostSettings): string {
  const key = settings.service_keys.find((candidate) => typeof options[candidate] === 'string');
  const value = key === undefined ? settings.default_service : options[key];
  if (typeof value !== 'string') {
    throw unprocessable([
      { path: ['user_options', settings.service_keys[0] ?? 'service'], message: 'Field required', code: 'missing' },
    ]);
  }
  const service = Object.hasOwn(settings.service_mapping, value) ? settings.service_mapping[value] : value;
  const problem = serviceProblem(service ?? '');
  if (service !== undefined && problem === undefined) return service;
  throw unprocessable([{ path: ['user_options', key ?? 'service'], message: problem ?? '', code: 'custom' }]);
}

interface Issue {
  readonly path: readonly PropertyKey[];
  readonly message: string;
  readonly code?: string | undefined;
}

/** The shape that Outpost's framework gives to schema errors. */
function unprocessable(issues: readonly Issue[]): AppError {
  const detail = issues.map(({ path, message, code = 'custom' }) => {
    return {
      type: code,
      loc: ['body', ...path.map((step) => (typeof step === 'number' ? step : String(step)))],
      msg: message,
    };
  });
  return new AppError('unprocessable', 422, 'The request is not valid.', { body: { detail } });
}
