// Section `intake` of the operator's config.json: which channels there are, on whose behalf each speaks, and what may be asked there.
import * as z from 'zod';

/** A name that is a part of others: of keys in Redis, of files. */
const NAME = /^[A-Za-z0-9][-A-Za-z0-9_.]{0,62}$/;
const name = z.string().regex(NAME, 'is not a name of letters, digits and -_.');

/**
 * How it is known who speaks. `channel`: whoever may write there is the credential itself. `list`: each user has a list
 * `<queue>:<user>`, which Redis lets nobody else write. `signed`: what the message says is signed with a key of the
 * channel. `trusted`: what it says is believed.
 */
const identity = z.enum(['channel', 'list', 'signed', 'trusted']);

const what = z.enum(['request', 'submission', 'archive', 'cancel']);

const channel = z.strictObject({
  /** Whose jobs they become; its token is the file `token.<credential>`. */
  credential: name,
  identity: identity.default('channel'),
  takes: z.array(what).min(1),
});

const queue = channel;

/** A broker takes events from everybody, and their source is a claim like any other. */
const events = channel.extend({
  /** `aud` of what is signed for it, and the name of its key. */
  name,
  /** Shell glob. */
  source: z.string().min(1),
  identity: z.enum(['signed', 'trusted']),
});

const plainUrl = z.url({ protocol: /^https?$/ }).refine(hasNoLogin, 'has a login, which belongs into the Secret');

export const intakeKey = z.strictObject({
  /** Of the jobs function; in the namespace on Knative when absent. */
  jobs: plainUrl.optional(),
  /** Of the archive function; likewise. */
  archives: plainUrl.optional(),
  redis: z
    .url({ protocol: /^rediss?$/ })
    .refine(hasNoLogin, 'has a login, which belongs into the Secret')
    .optional(),
  queues: z.record(name, queue).default({}),
  events: z.array(events).default([]),
  /** How many requests are on their way at once. */
  atOnce: z.int().min(1).max(256).default(16),
  /** After which somebody else may take over what nobody has finished. */
  leaseSeconds: z.int().min(1).max(86_400).default(300),
  /** How often work on a message may end without a verdict. */
  attempts: z.int().min(1).max(100).default(5),
  /** Claims that a user's request may name; shell globs, `<user>` is who asks. */
  userClaims: z.array(z.string()).default(['claim-<user>']),
  submissions: z
    .strictObject({
      /** Holds `set.yaml`, and the files that it names. */
      folder: z.string().default('/etc/hub-functions/descriptions/submission'),
      /** Placeholders of the operator's own. */
      values: z.record(z.string(), z.string()).default({}),
      /** Whose users may submit by HTTP: the credential that speaks for their hub. Section `hubs` has its address. */
      hub: name.optional(),
    })
    .prefault({}),
});

export type IntakeConfig = z.infer<typeof intakeKey>;
export type Channel = z.infer<typeof channel>;
export type EventChannel = z.infer<typeof events>;
export type What = z.infer<typeof what>;

function hasNoLogin(text: string): boolean {
  const { username, password } = new URL(text);
  return username === '' && password === '';
}
