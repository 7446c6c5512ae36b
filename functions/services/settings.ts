// Everything the function is told at start: its environment, and the operator's config.json.
import { existsSync } from 'node:fs';
import * as z from 'zod';
import {
  clusterSettings,
  clusterVariables,
  givenVariables,
  serverSettings,
  serverVariables,
  type ServerSettings,
} from '../../lib/config/environment';
import { readJsonFile } from '../../lib/config/file';
import { loadConfig } from '../../lib/config/load';
import type { ClusterSettings } from '../../lib/kube/connect';
import { readFlavorsFile } from './outpost/flavorsFile';
import { configFileSchema, withoutLostKeys, type ConfigFile } from './configFile';

const environmentSchema = z.object({
  ...serverVariables,
  ...clusterVariables,
  CONFIG_PATH: z.string().optional(),
  CREDENTIALS_DIR: z.string().default('/etc/hub-functions/credentials'),
  /** In place of `services.descriptions`. */
  DESCRIPTIONS_DIR: z.string().optional(),
  STAGE: z.string().toLowerCase().optional(),
  /** Takes the place of section `flavors`. */
  OUTPOST_FLAVORS_PATH: z.string().min(1).optional(),
  DEPLOYMENT_NAME: z.string().min(1).default('k8smgr'),
  /** A progress stream ends before a gateway cuts it; its client goes on with the next one. */
  STREAM_SECONDS: z.coerce.number().positive().default(50),
});

export interface Settings {
  readonly file: ConfigFile;
  /** Undefined when the installation has no stages. */
  readonly stage: string | undefined;
  readonly deploymentName: string;
  readonly namespace: string;
}

export interface Environment {
  readonly server: ServerSettings;
  readonly cluster: ClusterSettings;
  readonly credentials: { readonly directory: string };
  /** How long one progress stream lasts at most. */
  readonly streamSeconds: number;
  /** What the settings still lack: the namespace may come from the cluster. */
  readonly settings: Omit<Settings, 'namespace'> & { readonly namespace: string | undefined };
  /** What an operator should read once: names of keys without a meaning, a missing file. */
  readonly warnings: readonly string[];
}

export function loadEnvironment(variables: Readonly<Record<string, string | undefined>>): Environment {
  const env = loadConfig(environmentSchema, givenVariables(variables), 'environment');
  const { file: config, warnings } = readConfigFile(env.CONFIG_PATH);
  const { OUTPOST_FLAVORS_PATH: flavors, DESCRIPTIONS_DIR: descriptions = config.services.descriptions } = env;
  const services = { ...config.services, descriptions };
  const file = { ...config, services, ...(flavors !== undefined && { flavors: readFlavorsFile(flavors) }) };
  return {
    server: serverSettings(env),
    cluster: clusterSettings(env),
    credentials: { directory: env.CREDENTIALS_DIR },
    streamSeconds: env.STREAM_SECONDS,
    settings: {
      file,
      stage: env.STAGE,
      deploymentName: env.DEPLOYMENT_NAME,
      namespace: env.DEPLOYMENT_NAMESPACE,
    },
    warnings,
  };
}

/** The operator's file with defaults filled in; fails with every fault listed. */
export function readConfigFile(path: string | undefined): {
  readonly file: ConfigFile;
  readonly warnings: readonly string[];
} {
  if (path === undefined || !existsSync(path)) {
    const warning = 'no config.json found: set CONFIG_PATH to use other settings than the defaults';
    return { file: loadConfig(configFileSchema, {}, 'config.json'), warnings: [warning] };
  }
  const { file, lost } = withoutLostKeys(readJsonFile(path));
  const warnings = lost.map((key) => `config.json: ${key} has no meaning any more and can be removed`);
  return { file: loadConfig(configFileSchema, file, 'config.json'), warnings };
}
