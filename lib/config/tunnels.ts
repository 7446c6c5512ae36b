// Section `tunnel` of config.json: hubs that are told to open their tunnels anew when this is deployed.
import * as z from 'zod';

const tunnel = z.strictObject({
  hostname: z.string().default(''),
  restart_url: z.string().default(''),
  /** By stage: another address. */
  stage: z.record(z.string(), z.strictObject({ restart_url: z.string() })).default({}),
  /** Variable with the whole value of the header Authorization. */
  cred_env_name: z.string().min(1).default('TUNNEL_BASIC'),
  timeout: z.number().positive().default(10),
  /** A file with certificates to trust, or whether to check the hub's at all. */
  certificate_path: z.union([z.string().min(1), z.boolean()]).default(true),
});

export const tunnelKey = z.array(tunnel).default([]);

export type Tunnel = z.infer<typeof tunnel>;
