// What the archive function is told at start: its environment, and section `archive` of the operator's config.json.
import { existsSync } from 'node:fs';
import * as z from 'zod';
import { clusterVariables, eventVariables, knownSources, serverVariables } from '../../lib/config/environment';
import { readJsonFile } from '../../lib/config/file';
import { hubApi, hubFault, hubsKey } from '../../lib/config/hubs';
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
});

/** The file is shared with other functions: their keys are theirs to check. */
const fileSchema = z
  .object({
    archive: archiveKey.prefault({}),
    hubs: hubsKey,
    startup: z.object({ create_user: z.record(z.string(), z.array(z.string())).default({}) }).prefault({}),
  })
  .superRefine(({ archive, hubs }, context) => {
    const message = hubFault({ hubs, name: archive.hub });
    if (message !== undefined) context.addIssue({ code: 'custom', path: ['archive', 'hub'], message });
  });

export interface ArchiveSettings extends Settings {
  /** Of the hub whose users have access to their own archives. */
  readonly hubApi: string | undefined;
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
    hubApi: hubApi({ hubs: file.hubs, name: file.archive.hub }),
  };
}
