// What a job runs with: the defaults, the profile's over them, the request's over both; refused where a ceiling is exceeded. Pure.
import { AppError } from '../../lib/errors';
import { globMatcher } from '../../lib/glob';
import { parseQuantity } from '../../lib/quantity';
import type { JobsConfig, Profile } from './configFile';
import type { JobRequest } from './schema';

type Defaults = JobsConfig['defaults'];
type Resources = Defaults['resources'];

export interface Chosen extends Omit<Defaults, 'cmd'> {
  readonly profile: string | undefined;
  /** Words that are run. */
  readonly command: readonly string[];
}

/** `credential` asks. */
export function choose(request: JobRequest, config: JobsConfig, credential: string): Chosen {
  const { defaults, profiles, default_profile } = config;
  const name = request.profile ?? default_profile;
  const { claims, serviceAccounts } = config;
  const profile =
    name === undefined ? { defaults: {}, limits: {}, claims, serviceAccounts } : profileOf(profiles, name, credential);
  const base: Defaults = { ...defaults, ...definedOf(profile.defaults) };
  const { cmd, args, ...own } = request;
  const chosen = {
    ...base,
    ...definedOf({
      image: own.image,
      deadlineSeconds: own.deadlineSeconds,
      waitSeconds: own.waitSeconds,
      retries: own.retries,
      registrySecret: own.registrySecret,
    }),
    serviceAccount: own.serviceAccount === null ? undefined : (own.serviceAccount ?? base.serviceAccount),
    resources: { ...base.resources, ...definedOf(own.resources) },
    nodeSelector: { ...own.nodeSelector, ...base.nodeSelector },
    profile: name,
    command: args ?? ['sh', '-c', cmd ?? base.cmd],
  };
  const allowed = {
    ...profile,
    claims: profile.claims.map((glob) => glob.replaceAll('<credential>', literal(credential))),
  };
  const problems = [...problemsOf(request, chosen, allowed), ...reserved(request, config)];
  if (problems.length === 0) return chosen;
  const detail = name === undefined ? problems.join(' ') : `Profile ${name}: ${problems.join(' ')}`;
  throw new AppError('beyond_profile', 403, detail);
}

/** As a part of a glob. */
export function literal(name: string): string {
  return name.replaceAll(/[*?[]/g, '[$&]');
}

/** A profile of others is not there: what it may have is nobody else's business. */
function profileOf(profiles: JobsConfig['profiles'], name: string, credential: string): Profile {
  const own = Object.entries(profiles).filter(([, { credentials = ['*'] }]) => globMatcher(credentials)(credential));
  const found = own.find(([each]) => each === name);
  if (found !== undefined) return found[1];
  const detail = `profile: there is no ${name}. Known: ${own.map(([each]) => each).join(', ') || 'none'}.`;
  throw new AppError('unknown_profile', 422, detail);
}

function problemsOf(request: JobRequest, chosen: Omit<Chosen, 'command'>, profile: Profile): readonly string[] {
  const { image, resources, deadlineSeconds, waitSeconds, retries } = chosen;
  const { limits } = profile;
  return [
    ...beyond('cpu', mostOf(resources, 'cpu'), limits.cpu),
    ...beyond('memory', mostOf(resources, 'memory'), limits.memory),
    ...beyond('gpu', resources.gpu, limits.gpu),
    ...beyond('deadlineSeconds', deadlineSeconds, limits.deadlineSeconds),
    ...beyond('waitSeconds', waitSeconds, limits.waitSeconds),
    ...beyond('retries', retries, limits.retries),
    ...outside('image', [image], profile.images),
    ...outside('claim', claimsOf(request), profile.claims),
    ...outside('service account', accountOf(request), profile.serviceAccounts),
  ];
}

function claimsOf({ claims }: JobRequest): readonly string[] {
  return claims.map(({ name }) => name);
}

function accountOf({ serviceAccount }: JobRequest): readonly string[] {
  return typeof serviceAccount === 'string' ? [serviceAccount] : [];
}

/** A pod that carries what a Service selects by would be sent what is meant for others. */
function reserved({ labels }: JobRequest, { reserved_labels }: JobsConfig): readonly string[] {
  const used = Object.keys(labels).filter((label) => reserved_labels.includes(label));
  return used.map((label) => `label ${label} is not allowed.`);
}

/** The larger one of request and limit. */
function mostOf(resources: Resources, name: 'cpu' | 'memory'): string | undefined {
  const [first, second] = [resources[name], resources[`${name}Limit`]];
  if (first === undefined || second === undefined) return first ?? second;
  return parseQuantity(first) > parseQuantity(second) ? first : second;
}

export function beyond(name: string, value: string | number | undefined, limit: string | number | undefined): string[] {
  if (value === undefined || limit === undefined || parseQuantity(value) <= parseQuantity(limit)) return [];
  return [`${name} ${value} is more than ${limit}.`];
}

export function outside(name: string, values: readonly string[], allowed: readonly string[] | undefined): string[] {
  if (allowed === undefined) return [];
  const isAllowed = globMatcher(allowed);
  return values.filter((value) => !isAllowed(value)).map((value) => `${name} ${value} is not allowed.`);
}

/** Without the keys that have no value, so that spreading them covers nothing. */
function definedOf<T extends object>(values: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as never;
}
