// What the intake function is told at start: its environment, and section `intake` of the operator's config.json.
import { existsSync } from 'node:fs';
import * as z from 'zod';
import { clusterVariables, eventVariables, knownSources, serverVariables } from '../../lib/config/environment';
import { readJsonFile } from '../../lib/config/file';
import { hubApi, hubFault, hubsKey } from '../../lib/config/hubs';
import { loadConfig } from '../../lib/config/load';
import { intakeKey, type IntakeConfig } from './configFile';

export const environmentSchema = z.object({
  ...serverVariables,
  ...clusterVariables,
  ...eventVariables,
  CONFIG_PATH: z.string().optional(),
  /** Folder of the mounted Secret. */
  INTAKE_SECRETS: z.string().default('/etc/hub-functions/intake'),
  /** In place of `intake.submissions.folder`. */
  SUBMISSION_DIR: z.string().optional(),
  /** In place of `intake.jobs` and `intake.archives`. */
  JOBS_URL: z.url({ protocol: /^https?$/ }).optional(),
  ARCHIVES_URL: z.url({ protocol: /^https?$/ }).optional(),
});

/** The file is shared with other functions: their keys are theirs to check. */
const fileSchema = z
  .object({ intake: intakeKey.prefault({}), hubs: hubsKey })
  .superRefine(({ intake: { submissions }, hubs }, context) => {
    const message = hubFault({ hubs, name: submissions.hub });
    if (message !== undefined) context.addIssue({ code: 'custom', path: ['intake', 'submissions', 'hub'], message });
  });

export interface IntakeSettings {
  readonly namespace: string;
  readonly intake: IntakeConfig;
  /** Of the hub whose users may submit. */
  readonly hubApi: string | undefined;
  readonly urls: Readonly<Record<'jobs' | 'archives', string>>;
  readonly maxBytes: number;
  /** How long one request may be on its way; well below a lease. */
  readonly deliveryMs: number;
  /** How long Redis may say nothing: nothing is asked of it while all that was taken is on its way. */
  readonly silenceMs: number;
  /** How long messages are taken within one call; the rest of what its caller waits is for those under way. */
  readonly takingMs: number;
  readonly isKnownSource: (source: string) => boolean;
}

const DELIVERY_MS = 20_000;
const MARGIN_MS = 5_000;
const REDIS_MS = 15_000;

/** `podNamespace` is used when no namespace is named. */
export function intakeSettings(env: z.infer<typeof environmentSchema>, podNamespace: string): IntakeSettings {
  const { CONFIG_PATH: path, DEPLOYMENT_NAMESPACE: namespace = podNamespace } = env;
  const file = path !== undefined && existsSync(path) ? readJsonFile(path) : {};
  const inNamespace = (name: string): string => `http://hub-functions-${name}.${namespace}.svc.cluster.local`;
  const { intake, hubs } = loadConfig(fileSchema, file, 'config.json');
  const { SUBMISSION_DIR: folder = intake.submissions.folder } = env;
  const deliveryMs = Math.min(DELIVERY_MS, intake.leaseSeconds * 500);
  return {
    namespace,
    intake: { ...intake, submissions: { ...intake.submissions, folder } },
    hubApi: hubApi({ hubs, name: intake.submissions.hub }),
    urls: {
      jobs: env.JOBS_URL ?? intake.jobs ?? inNamespace('jobs'),
      archives: env.ARCHIVES_URL ?? intake.archives ?? inNamespace('archive'),
    },
    maxBytes: env.BODY_LIMIT_BYTES,
    deliveryMs,
    silenceMs: deliveryMs + REDIS_MS,
    takingMs: Math.max(1_000, env.REQUEST_TIMEOUT_SECONDS * 1000 - DELIVERY_MS - MARGIN_MS),
    isKnownSource: knownSources(env),
  };
}
