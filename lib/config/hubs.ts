// Section `hubs` of the operator's config.json: the one place that says where the API of a hub is.
import * as z from 'zod';

/** A path below which a hub's API is: `https://hub.example.org/hub/api/`. */
const hubUrl = z
  .url({ protocol: /^https?$/ })
  .refine((url) => !/[?#@]/.test(url), 'must be without user, query and fragment')
  .transform((url) => url.replace(/\/*$/, '/'));

/** By the credential of a hub, the addresses of its API: each may be told of progress, the first is asked whose a token is. */
export const hubsKey = z.record(z.string(), z.array(hubUrl)).default({});

type Hubs = z.infer<typeof hubsKey>;

interface NamedHub {
  readonly hubs: Hubs;
  /** A credential; undefined where the operator names no hub. */
  readonly name: string | undefined;
}

export function hubApi({ hubs, name }: NamedHub): string | undefined {
  return name === undefined ? undefined : hubs[name]?.[0];
}

/** What is wrong with a name that nothing is known of: it would let nobody in, and nobody would know why. */
export function hubFault({ hubs, name }: NamedHub): string | undefined {
  if (name === undefined || hubApi({ hubs, name }) !== undefined) return undefined;
  return `section hubs has no address of ${name}`;
}
