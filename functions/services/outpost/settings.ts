// The section `outpost` of config.json: how what an OutpostSpawner sends becomes a service description, and the address it hears.
import * as z from 'zod';

const nonEmpty = z.string().min(1);

export const outpostSettings = z.strictObject({
  /** Keys of user_options that may name the description; the first that is there counts. */
  service_keys: z.array(nonEmpty).default(['service', 'profile']),
  /** From such a value to a description, where they differ: `{"JupyterLab/4.2": "lab"}`. */
  service_mapping: z.record(z.string(), nonEmpty).default({}),
  /** For hubs that send no such key. */
  default_service: nonEmpty.optional(),
  /** `<service>.<namespace>.<domain>:<port>` is where the hub finds a server. */
  service_domain: nonEmpty.default('svc'),
  /** A synchronous start answers when the server runs, or then; below REQUEST_TIMEOUT_SECONDS. */
  start_wait_seconds: z.number().min(0).max(300).default(40),
});

export type OutpostSettings = z.infer<typeof outpostSettings>;
