// The operator's config.json: every key of the K8s Manager with its default, and the few that are new here.
import * as z from 'zod';
import { hubsKey } from '../../lib/config/hubs';
import { tunnelKey } from '../../lib/config/tunnels';
import { isGlob } from '../../lib/glob';
import { isRecord } from '../../lib/record';
import { judgementKeys } from '../../lib/services/configuration';
import { homesSettings } from './homes/settings';
import { flavorSettings } from './outpost/flavorSettings';
import { outpostSettings } from './outpost/settings';
import { runtime } from './runtime';

const names = z.record(z.string(), z.string());
const nonEmpty = z.string().min(1);

const replace = z.strictObject({
  indicators: z.tuple([nonEmpty, nonEmpty]).default(['<', '>']),
  input_keyword: nonEmpty.default('input'),
  drfid_keyword: nonEmpty.default('id'),
  uniqueuserid_keyword: nonEmpty.default('unique_user_id'),
  userid_keyword: nonEmpty.default('user_id'),
  secretname_keyword: nonEmpty.default('secret_name'),
  secretcertsname_keyword: nonEmpty.default('secret_certs_name'),
  namespace_keyword: nonEmpty.default('namespace'),
  stage: z.record(z.string(), names).default({}),
  credential: z.record(z.string(), names).default({}),
  stage_credential: z.record(z.string(), z.record(z.string(), names)).default({}),
});

/** Kinds that a description may hold unless the operator says otherwise: everything a pod needs, nothing that grants rights. */
const ALLOWED_KINDS = [
  'ConfigMap',
  'CronJob',
  'DaemonSet',
  'Deployment',
  'Ingress',
  'Job',
  'NetworkPolicy',
  'PersistentVolumeClaim',
  'Pod',
  'PodDisruptionBudget',
  'Secret',
  'Service',
  'ServiceAccount',
  'StatefulSet',
];

const services = z.strictObject({
  ...judgementKeys,
  descriptions: nonEmpty.default('/tmp/services/descriptions'),
  credential_mapping: names.default({}),
  descriptions_ignore_files: z.array(z.string().refine(isGlob, 'is not a shell glob')).default([]),
  yaml_filename: nonEmpty.default('service.yaml'),
  yaml_filename_update: nonEmpty.default('update.yaml'),
  input_dir: nonEmpty.default('input'),
  replace: replace.prefault({}),
  skip: z
    .strictObject({ stage: z.array(nonEmpty).default([]), credential: z.array(nonEmpty).default([]) })
    .prefault({}),
  env: z.record(z.string(), z.unknown()).default({}),
  env_skip: z.array(z.string()).default(['LC_ALL', 'LANG', 'PATH', 'PYTHONPATH', 'uuidcode']),
  /** Kinds that descriptions may hold. */
  allowed_kinds: z.array(nonEmpty).default(ALLOWED_KINDS),
  allow_privileged: z.boolean().default(false),
  /** Longest run of any service; without limit unless set. */
  max_runtime: runtime.optional(),
  watch_cache: z
    .strictObject({
      /** Polls and lists tell nothing that is older; 0 reads everything directly. */
      max_age_seconds: z
        .number()
        .int()
        .refine((seconds) => seconds === 0 || seconds >= 3, 'is neither 0 nor at least 3')
        .default(30),
    })
    .prefault({}),
});

const ERROR_KEYS = {
  start: 'services.utils.common.start_service_2',
  status: 'services.utils.status_service',
  stop: 'services.utils.common.stop_service',
} as const;

const errorMessages = z
  .strictObject({
    [ERROR_KEYS.start]: z.string().default('Could not start service'),
    [ERROR_KEYS.status]: z.string().default('Could not check status service.'),
    [ERROR_KEYS.stop]: z.string().default('Could not stop service'),
  })
  .prefault({});

export const configFileSchema = z.strictObject({
  custom_headers_keys: names.default({ HTTP_ACCESS_TOKEN: 'access-token', HTTP_UUIDCODE: 'uuidcode' }),
  services: services.prefault({}),
  userhomes: homesSettings.prefault({}),
  error_messages: errorMessages,
  outpost: outpostSettings.prefault({}),
  flavors: flavorSettings.prefault({}),
  tunnel: tunnelKey,
  hubs: hubsKey,
  /** Of the function `archive`, which checks it. */
  archive: z.unknown().optional(),
  /** Of the function `jobs`, which checks it. */
  jobs: z.unknown().optional(),
  /** Of the function `intake`, which checks it. */
  intake: z.unknown().optional(),
  /** Of the function `logs`, which checks it. */
  logs: z.unknown().optional(),
  /** Of the function `reaper`, which checks it. */
  reaper: z.unknown().optional(),
  /** Of the function `userjobs`, which checks it. */
  userjobs: z.unknown().optional(),
  startup: z.strictObject({ create_user: z.record(z.string(), z.array(z.string())).default({}) }).prefault({}),
});

export type ConfigFile = z.infer<typeof configFileSchema>;

/** Keys of older files that mean nothing any more: accepted, and told about at start. */
const LOST_KEYS: readonly (readonly string[])[] = [
  ['services', 'base'],
  // Every object of a service is removed with it, certificates too.
  ['services', 'ssl'],
  ['services', 'max_start_attempts'],
  ['services', 'max_stop_attempts'],
  ['services', 'restart_count_max'],
  ['services', 'headers_key_servername'],
  ['services', 'headers_key_access_token'],
  ['services', 'replace_indicators'],
  ['services', 'replace_input_keyword'],
  ['services', 'replace_drfid_keyword'],
  ['services', 'replace_uniqueuserid_keyword'],
  ['services', 'replace_userid_keyword'],
  ['services', 'replace_secretname_keyword'],
  ['services', 'replace_secretcertsname_keyword'],
  ['services', 'replace_namespace_keyword'],
  ['userhomes', 'quota_vo_mapping'],
];

/** Takes the keys without a meaning out of a parsed file; `lost` names those that were there: `services.base`. */
export function withoutLostKeys(file: unknown): { readonly file: unknown; readonly lost: readonly string[] } {
  if (!isRecord(file)) return { file, lost: [] };
  const sections = new Set(LOST_KEYS.map(([section = '']) => section));
  const lost: string[] = [];
  const kept = Object.entries(file).map(([section, value]) => {
    if (!sections.has(section) || !isRecord(value)) return [section, value] as const;
    const inside = Object.entries(value).filter(([key]) => {
      const isLost = LOST_KEYS.some(([ofSection, lostKey]) => ofSection === section && lostKey === key);
      if (isLost) lost.push(`${section}.${key}`);
      return !isLost;
    });
    return [section, Object.fromEntries(inside)] as const;
  });
  return { file: Object.fromEntries(kept), lost };
}
