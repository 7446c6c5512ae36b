// The section `flavors` of config.json, in the structure of Outpost's flavors file.
import * as z from 'zod';
import { runtime } from '../runtime';
import { pattern } from './pattern';

const weight = z.number().default(0);
/** -1: as many as there is room for. */
const count = z.int().min(-1).max(10_000, 'is more than 10000: -1 means without limit');

/** Other keys travel to the hub untouched. */
const flavor = z.looseObject({
  /** At once, of all hubs together. */
  max: count.optional(),
  /** At once, of one user of one hub; 0 is no limit either, as in Outpost. */
  maxPerUser: count.optional(),
  weight: z.number().optional(),
  display_name: z.string().optional(),
  description: z.string().optional(),
  runtime: runtime.optional(),
  resources: z.record(z.string(), z.unknown()).optional(),
});

/** Who belongs to it may use these flavors, with these changes. */
const set = {
  weight,
  /** All when absent. */
  flavors: z.array(z.string()).optional(),
  flavorsOverride: z.record(z.string(), flavor).default({}),
  forbidden: z.boolean().default(false),
};

const hubSet = z.strictObject({ ...set, jupyterhub_name: z.union([pattern, z.array(z.string())]).default([]) });

const userSet = z.strictObject({
  ...set,
  /** Of these hubs only; of every hub when absent. */
  hubs: z.array(z.string()).optional(),
  authentication: z.record(z.string(), z.union([pattern, z.array(z.string())])).default({}),
  negate_authentication: z.boolean().default(false),
});

const sections = z.strictObject({
  flavors: z.record(z.string(), flavor).default({}),
  hubs: z.record(z.string(), hubSet).default({}),
  users: z.record(z.string(), userSet).default({}),
  /** Servers that a user of a hub may have at once, whatever their flavors; -1: no limit. */
  global_max_per_user: count.default(-1),
});

export const flavorSettings = sections.refine(isEffective, {
  path: ['flavors'],
  message: 'has none, and without any flavor neither hubs, users nor global_max_per_user limit anything',
});

function isEffective({ flavors, hubs, users, global_max_per_user: most }: z.infer<typeof sections>): boolean {
  const isLimited = most !== -1 || Object.keys({ ...hubs, ...users }).length > 0;
  return !isLimited || Object.keys(flavors).length > 0;
}

export type FlavorSettings = z.infer<typeof flavorSettings>;
export type Flavor = Readonly<z.infer<typeof flavor>>;
export type FlavorSet = Readonly<z.infer<typeof hubSet>> | Readonly<z.infer<typeof userSet>>;
