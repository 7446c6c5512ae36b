// What the archive function is told at start: its environment, and section `archive` of the operator's config.json.
import { existsSync } from 'node:fs';
import * as z from 'zod';
import { clusterVariables, eventVariables, knownSources, serverVariables } from '../../lib/config/environment';
import { readJsonFile } from '../../lib/config/file';
import { loadConfig } from '../../lib/config/load';
import { archiveKey } from './configFile';
import type { Settings } from './context';

export const environmentSchema = z.object({
  ...serverVariables,
  ...clusterVariables,
  ...eventVariables,
  CONFIG_PATH: z.string().optional(),
  CREDENTIALS_DIR: z.string().default('/etc/hub-functions/credentials'),
  MOVER_IMAGE: z.string().min(1),
  /** What Node runs in it; the image's own command when absent. */
  MOVER_PROGRAM: z.string().optional(),
  /** `http://hub:8081/hub/api`; absent: no user of a hub has access to his own archives. */
  HUB_API: z.url({ protocol: /^https?$/ }).optional(),
});

/** The file is shared with other functions: their keys are theirs to check. */
const fileSchema = z.object({
  archive: archiveKey.prefault({}),
  startup: z.object({ create_user: z.record(z.string(), z.array(z.string())).default({}) }).prefault({}),
});

export interface ArchiveSettings extends Settings {
  readonly startupUsers: Readonly<Record<string, string[]>>;
}

/** `podNamespace` is used when no namespace is named. */
export function archiveSettings(env: z.infer<typeof environmentSchema>, podNamespace: string): ArchiveSettings {
  const { CONFIG_PATH: path, MOVER_IMAGE: image, MOVER_PROGRAM: program } = env;
  const file = loadConfig(fileSchema, path !== undefined && existsSync(path) ? readJsonFile(path) : {}, 'config.json');
  return {
    namespace: env.DEPLOYMENT_NAMESPACE ?? podNamespace,
    archive: file.archive,
    mover: { image, command: program === undefined ? [] : ['node', program] },
    sweepSeconds: env.REQUEST_TIMEOUT_SECONDS,
    isKnownSource: knownSources(env),
    startupUsers: file.startup.create_user,
  };
}
