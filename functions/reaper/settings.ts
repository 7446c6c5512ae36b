// What the reaper is told at start: its environment, and section `reaper` of config.json. It changes nothing unless dry run is off.
import { existsSync } from 'node:fs';
import * as z from 'zod';
import { clusterVariables, eventVariables, knownSources, serverVariables } from '../../lib/config/environment';
import { readJsonFile } from '../../lib/config/file';
import { loadConfig } from '../../lib/config/load';
import { reaperKey, type ReaperConfig } from './configFile';

export const environmentSchema = z.object({
  ...serverVariables,
  ...clusterVariables,
  ...eventVariables,
  CONFIG_PATH: z.string().optional(),
  CREDENTIALS_DIR: z.string().default('/etc/hub-functions/credentials'),
  /** These three win over the file. */
  REAPER_DRY_RUN: z.enum(['true', 'false']).optional(),
  START_DEADLINE_SECONDS: z.coerce.number().min(60).optional(),
  ENDED_RETENTION_SECONDS: z.coerce.number().min(0).optional(),
});

/** The file is shared with other functions: their keys are theirs to check. */
const fileSchema = z.object({
  reaper: reaperKey.prefault({}),
  startup: z.object({ create_user: z.record(z.string(), z.array(z.string())).default({}) }).prefault({}),
});

export interface ReaperSettings {
  readonly namespace: string;
  readonly isDryRun: boolean;
  readonly policy: ReaperConfig;
  /** All that a sweep may take. */
  readonly sweepSeconds: number;
  readonly isKnownSource: (source: string) => boolean;
  readonly startupUsers: Readonly<Record<string, string[]>>;
}

/** `podNamespace` is used when no namespace is named. */
export function reaperSettings(env: z.infer<typeof environmentSchema>, podNamespace: string): ReaperSettings {
  const { CONFIG_PATH: path } = env;
  const file = loadConfig(fileSchema, path !== undefined && existsSync(path) ? readJsonFile(path) : {}, 'config.json');
  const policy = {
    ...file.reaper,
    start_deadline_seconds: env.START_DEADLINE_SECONDS ?? file.reaper.start_deadline_seconds,
    ended_retention_seconds: env.ENDED_RETENTION_SECONDS ?? file.reaper.ended_retention_seconds,
  };
  return {
    namespace: env.DEPLOYMENT_NAMESPACE ?? podNamespace,
    isDryRun: env.REAPER_DRY_RUN === undefined ? policy.dry_run : env.REAPER_DRY_RUN === 'true',
    policy,
    sweepSeconds: env.REQUEST_TIMEOUT_SECONDS,
    isKnownSource: knownSources(env),
    startupUsers: file.startup.create_user,
  };
}
