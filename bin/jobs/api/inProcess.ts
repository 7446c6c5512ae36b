// The jobs API straight on a cluster: the very function that serves it over HTTP, run in this process for one caller.
import { jobsKey } from '../../../functions/jobs/configFile';
import { createRoutes } from '../../../functions/jobs/routes';
import { advanceSet } from '../../../lib/jobSets/advanceSet';
import { getSet } from '../../../lib/jobSets/readSet';
import type { Kube } from '../../../lib/kube/kube';
import { createLog } from '../../../lib/log';
import { routed } from '../../api/routed';
import type { JobsApi } from './jobsApi';

export const DEFAULT_IMAGE = 'busybox';
const PULL_POLICIES = ['Always', 'IfNotPresent', 'Never'] as const;

/** More than there is. */
const ANY_SIZE = '1000Ei';
const ADVANCE_MS = 30_000;

/** No gateway is in between that would cut it. */
const STREAM_SECONDS = 3_600;

export interface Direct {
  readonly kube: Kube;
  readonly namespace: string;
  /** The credential whose jobs they are. */
  readonly credential: string;
  readonly pullPolicy: PullPolicy;
  readonly clock: () => Date;
}

export type PullPolicy = (typeof PULL_POLICIES)[number];

export function isPullPolicy(text: string): text is PullPolicy {
  return PULL_POLICIES.some((policy) => policy === text);
}

/** The cluster's own rights are the only limits: who has the kubeconfig is the operator. */
export function inProcess({ kube, namespace, credential, pullPolicy, clock }: Direct): JobsApi {
  const jobs = jobsKey.parse({
    defaults: { image: DEFAULT_IMAGE, pullPolicy },
    claims: ['*'],
    serviceAccounts: ['*'],
    reserved_labels: [],
    sets: { claimSize: ANY_SIZE, untrustedClaims: ['*'] },
  });
  const log = createLog({ name: 'hubfn', level: 'error', write: () => undefined });
  const routes = createRoutes({ kube, settings: { namespace, jobs }, streamSeconds: STREAM_SECONDS, clock, log });
  const caller = { name: credential, groups: [], superuser: false };
  return {
    place: `namespace ${namespace}`,
    defaultImage: DEFAULT_IMAGE,
    request: routed(routes, caller),
    advance: async (id) => {
      const call = { signal: AbortSignal.timeout(ADVANCE_MS) };
      const set = await getSet({ kube, namespace }, id, call);
      // Whether a submission was interrupted is known here: it is this program's.
      if (set !== undefined) await advanceSet({ kube, namespace, clock, submissionSeconds: Infinity }, set, call);
    },
  };
}
