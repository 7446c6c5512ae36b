// What the status function is told at start: its environment, and its part of the operator's config.json.
import { existsSync, readFileSync } from 'node:fs';
import * as z from 'zod';
import { clusterVariables, eventVariables, knownSources, serverVariables } from '../../lib/config/environment';
import { readJsonFile } from '../../lib/config/file';
import { hubsKey } from '../../lib/config/hubs';
import { loadConfig } from '../../lib/config/load';
import { judgementKeys } from '../../lib/services/configuration';

export const environmentSchema = z.object({
  ...serverVariables,
  ...clusterVariables,
  ...eventVariables,
  CONFIG_PATH: z.string().optional(),
  /** As the services function has it: part of the names of Secrets. */
  DEPLOYMENT_NAME: z.string().min(1).default('k8smgr'),
  /** Certificates in PEM that a hub behind https may have, beside those of public authorities. */
  HUB_CA_FILE: z.string().min(1).optional(),
});

/** The file is shared with other functions: their keys are theirs to check. */
const fileSchema = z.object({ services: z.object(judgementKeys).prefault({}), hubs: hubsKey });

export interface StatusSettings {
  readonly namespace: string;
  readonly deploymentName: string;
  /** PEM. */
  readonly hubCertificates: readonly string[];
  readonly file: z.infer<typeof fileSchema>;
  readonly isKnownSource: (source: string) => boolean;
}

/** `podNamespace` is used when no namespace is named. */
export function statusSettings(env: z.infer<typeof environmentSchema>, podNamespace: string): StatusSettings {
  const { CONFIG_PATH: path, HUB_CA_FILE: authorities } = env;
  const file = path !== undefined && existsSync(path) ? readJsonFile(path) : {};
  return {
    namespace: env.DEPLOYMENT_NAMESPACE ?? podNamespace,
    deploymentName: env.DEPLOYMENT_NAME,
    hubCertificates: authorities === undefined ? [] : [readFileSync(authorities, 'utf8')],
    file: loadConfig(fileSchema, file, 'config.json'),
    isKnownSource: knownSources(env),
  };
}
