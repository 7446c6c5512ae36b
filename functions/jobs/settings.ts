// What the jobs function is told at start: its environment, and section `jobs` of the operator's config.json.
import { existsSync } from 'node:fs';
import * as z from 'zod';
import { clusterVariables, serverVariables } from '../../lib/config/environment';
import { readJsonFile } from '../../lib/config/file';
import { loadConfig } from '../../lib/config/load';
import type { Settings } from './context';
import { jobsKey } from './configFile';

export const environmentSchema = z.object({
  ...serverVariables,
  ...clusterVariables,
  CONFIG_PATH: z.string().optional(),
  /** How long one event stream lasts at most; clients go on with the next one. */
  STREAM_SECONDS: z.coerce.number().positive().default(50),
  CREDENTIALS_DIR: z.string().default('/etc/hub-functions/credentials'),
});

/** The file is shared with other functions: their keys are theirs to check. */
const fileSchema = z.object({
  jobs: jobsKey.prefault({}),
  /** Where the reaper keeps logs, for both to mount. */
  reaper: z.object({ capture: z.object({ folder: z.string().optional() }).prefault({}) }).prefault({}),
  startup: z.object({ create_user: z.record(z.string(), z.array(z.string())).default({}) }).prefault({}),
});

export interface JobsSettings extends Settings {
  readonly startupUsers: Readonly<Record<string, string[]>>;
}

/** `podNamespace` is used when no namespace is named. */
export function jobsSettings(env: z.infer<typeof environmentSchema>, podNamespace: string): JobsSettings {
  const { CONFIG_PATH: path } = env;
  const file = loadConfig(fileSchema, path !== undefined && existsSync(path) ? readJsonFile(path) : {}, 'config.json');
  return {
    namespace: env.DEPLOYMENT_NAMESPACE ?? podNamespace,
    jobs: file.jobs,
    recordFolder: file.reaper.capture.folder,
    startupUsers: file.startup.create_user,
  };
}
