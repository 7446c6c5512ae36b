// What the function is told at start: its environment, and section `userjobs` of the operator's config.json.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { clusterVariables, eventVariables, knownSources, serverVariables } from '../../lib/config/environment';
import { readJsonFile } from '../../lib/config/file';
import { loadConfig } from '../../lib/config/load';
import type { Settings } from './context';
import { userjobsKey } from './configFile';

export const environmentSchema = z.object({
  ...serverVariables,
  ...clusterVariables,
  ...eventVariables,
  CONFIG_PATH: z.string().optional(),
  CREDENTIALS_DIR: z.string().default('/etc/hub-functions/credentials'),
  /** The mounted Secret `hub-functions-ssh`: private keys, and known_hosts. */
  SSH_DIRECTORY: z.string().default('/etc/hub-functions/ssh'),
  /** What tunnels run; that of this function's own pod when absent. */
  TUNNEL_IMAGE: z.string().optional(),
  TUNNEL_PROGRAM: z.string().default(join(__dirname, 'tunnel/index.js')),
  /** Set by Kubernetes. */
  HOSTNAME: z.string().optional(),
});

/** The file is shared with other functions: their keys are theirs to check. */
const fileSchema = z.object({
  userjobs: userjobsKey.prefault({}),
  startup: z.object({ create_user: z.record(z.string(), z.array(z.string())).default({}) }).prefault({}),
});

export interface UserJobsSettings extends Settings {
  readonly startupUsers: Readonly<Record<string, string[]>>;
}

/** `podNamespace` is used when no namespace is named. */
export function userJobsSettings(env: z.infer<typeof environmentSchema>, podNamespace: string): UserJobsSettings {
  const { CONFIG_PATH: path } = env;
  const file = loadConfig(fileSchema, path !== undefined && existsSync(path) ? readJsonFile(path) : {}, 'config.json');
  return {
    namespace: env.DEPLOYMENT_NAMESPACE ?? podNamespace,
    userjobs: file.userjobs,
    sshFolder: env.SSH_DIRECTORY,
    isKnownSource: knownSources(env),
    startupUsers: file.startup.create_user,
  };
}
