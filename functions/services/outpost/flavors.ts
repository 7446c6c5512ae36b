// Decides which flavors a hub and its user may use, and what a start with one of them must not exceed.
import { AppError } from '../../../lib/errors';
import type { Runtime } from '../runtime';
import type { Limit } from '../seats/seat';
import type { Flavor, FlavorSet, FlavorSettings } from './flavorSettings';
import { matchesPattern } from './pattern';

export type Flavors = Readonly<Record<string, Flavor>>;

/** What a hub tells about a user: name, groups, and whatever its authenticator knows. */
export type Authentication = Readonly<Record<string, unknown>>;

export interface Asker {
  readonly hub: string;
  readonly authentication?: Authentication | undefined;
}

export function flavorsFor(settings: FlavorSettings, { hub, authentication }: Asker): Flavors {
  const users = Object.values(settings.users).filter((set) => set.hubs?.includes(hub) ?? true);
  const ofUser = isKnown(authentication)
    ? heaviest(users.filter((set) => isMember(set.authentication, authentication) !== set.negate_authentication))
    : undefined;
  const set =
    ofUser ?? heaviest(Object.values(settings.hubs).filter(({ jupyterhub_name: name }) => matches(name, hub)));
  return set === undefined ? settings.flavors : selected(settings.flavors, set);
}

export interface Ordered extends Asker {
  readonly userId: number;
  readonly flavor: string | undefined;
}

export interface Allowance {
  readonly limits: readonly Limit[];
  readonly runtime: Runtime | undefined;
}

/** Refuses with 403 what the user may not have. Without any flavors in the settings everything is allowed. */
export function allowanceFor(settings: FlavorSettings, ordered: Ordered): Allowance {
  if (Object.keys(settings.flavors).length === 0) return { limits: [], runtime: undefined };
  const flavors = flavorsFor(settings, ordered);
  const name = ordered.flavor ?? '';
  const flavor = Object.hasOwn(flavors, name) ? flavors[name] : undefined;
  if (flavor === undefined) throw notAllowed(ordered.flavor, Object.keys(flavors));
  return { limits: limitsOf(settings, ordered, { name, flavor }), runtime: flavor.runtime };
}

/** What is counted for a flavor's `max`. */
export function flavorScope(name: string): Limit['scope'] {
  return ['flavor', name];
}

/** The user's own limits come first. */
function limitsOf(
  { global_max_per_user: maxOfUser }: FlavorSettings,
  { hub, userId }: Ordered,
  { name, flavor }: { readonly name: string; readonly flavor: Flavor },
): readonly Limit[] {
  const { max = -1, maxPerUser = -1 } = flavor;
  const user = [hub, String(userId)];
  const ofUser: Limit[] = [];
  if (maxOfUser !== -1) {
    const refusal = `A user may have ${maxOfUser} servers at once, and this one has them.`;
    ofUser.push({ scope: ['user', ...user], max: maxOfUser, refusal });
  }
  if (maxPerUser > 0) {
    const refusal = `A user may have ${maxPerUser} of flavor ${name} at once, and this one has them.`;
    ofUser.push({ scope: ['flavor of user', ...user, name], max: maxPerUser, refusal });
  }
  return [...ofUser, { scope: flavorScope(name), max: max === -1 ? Infinity : max, refusal: fullText(name, max) }];
}

function fullText(name: string, max: number): string {
  if (max === 0) return `Flavor ${name} is closed.`;
  return max === 1 ? `The only place of flavor ${name} is taken.` : `All ${max} places of flavor ${name} are taken.`;
}

function selected(flavors: Flavors, { flavors: names, flavorsOverride, forbidden }: FlavorSet): Flavors {
  if (forbidden) return {};
  const chosen = Object.entries(flavors).filter(([name]) => names?.includes(name) ?? true);
  return Object.fromEntries(chosen.map(([name, flavor]) => [name, { ...flavor, ...flavorsOverride[name] }]));
}

function isKnown(authentication: Authentication | undefined): authentication is Authentication {
  return authentication !== undefined && Object.keys(authentication).length > 0;
}

/** One attribute that fits is enough. */
function isMember(wanted: Readonly<Record<string, string | readonly string[]>>, authentication: Authentication) {
  return Object.entries(wanted).some(([attribute, accepted]) => {
    const given = Object.hasOwn(authentication, attribute) ? authentication[attribute] : [];
    const values: readonly unknown[] = Array.isArray(given) ? given : [given];
    return values.some((value) => isText(value) && matches(accepted, String(value)));
  });
}

function matches(accepted: string | readonly string[], value: string): boolean {
  return typeof accepted === 'string' ? matchesPattern(accepted, value) : accepted.includes(value);
}

function isText(value: unknown): value is string | number | boolean {
  return ['string', 'number', 'boolean'].includes(typeof value);
}

/** The last of equals, as in Outpost. */
function heaviest<Set extends FlavorSet>(sets: readonly Set[]): Set | undefined {
  return sets.toSorted((one, other) => one.weight - other.weight).at(-1);
}

function notAllowed(flavor: string | undefined, allowed: readonly string[]): AppError {
  const wish = flavor === undefined ? 'The start names no flavor' : `Flavor ${flavor} is not allowed for this user`;
  const offer = allowed.length === 0 ? 'There is none that is.' : `Allowed: ${allowed.join(', ')}.`;
  return new AppError('flavor_not_allowed', 403, `${wish}. ${offer}`);
}
