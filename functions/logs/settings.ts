// What the logs function is told at start: its environment, and section `logs` of the operator's config.json.
import { existsSync } from 'node:fs';
import * as z from 'zod';
import { clusterVariables, serverVariables } from '../../lib/config/environment';
import { readJsonFile } from '../../lib/config/file';
import { loadConfig } from '../../lib/config/load';
import { isGlob } from '../../lib/glob';
import type { Settings } from './context';

export const environmentSchema = z.object({
  ...serverVariables,
  ...clusterVariables,
  CONFIG_PATH: z.string().optional(),
  CREDENTIALS_DIR: z.string().default('/etc/hub-functions/credentials'),
});

const globs = z.array(z.string().min(1).refine(isGlob, 'is not a shell glob'));

/** What handlers may reach: whoever may change them must not write any file, nor open any socket, from inside of the cluster. */
const logsKey = z.strictObject({
  /** Files that a `filename` may name. */
  files: globs.default(['/tmp/*', '/var/log/hub-functions/*']),
  /** `host:port` of mail servers and of syslog receivers. */
  receivers: globs.default(['127.0.0.1:*', 'localhost:*']),
});

/** The file is shared with other functions: their keys are theirs to check. */
const fileSchema = z.object({
  logs: logsKey.prefault({}),
  services: z.object({ container_main_name: z.string().default('main') }).prefault({}),
  startup: z.object({ create_user: z.record(z.string(), z.array(z.string())).default({}) }).prefault({}),
});

export interface LogsSettings extends Settings {
  readonly startupUsers: Readonly<Record<string, string[]>>;
}

/** `podNamespace` is used when no namespace is named. */
export function logsSettings(env: z.infer<typeof environmentSchema>, podNamespace: string): LogsSettings {
  const { CONFIG_PATH: path } = env;
  const file = loadConfig(fileSchema, path !== undefined && existsSync(path) ? readJsonFile(path) : {}, 'config.json');
  return {
    namespace: env.DEPLOYMENT_NAMESPACE ?? podNamespace,
    reach: file.logs,
    mainContainer: file.services.container_main_name,
    startupUsers: file.startup.create_user,
  };
}
