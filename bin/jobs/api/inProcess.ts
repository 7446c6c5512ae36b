// The jobs API straight on a cluster: the very function that serves it over HTTP, run in this process for one caller.
import { randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import { jobsKey } from '../../../functions/jobs/configFile';
import { createRoutes } from '../../../functions/jobs/routes';
import { AppError } from '../../../lib/errors';
import { errorResponse } from '../../../lib/http/failure';
import type { Request, Response } from '../../../lib/http/message';
import type { Route } from '../../../lib/http/route';
import { createRouter } from '../../../lib/http/router';
import { advanceSet } from '../../../lib/jobSets/advanceSet';
import { getSet } from '../../../lib/jobSets/readSet';
import type { Kube } from '../../../lib/kube/kube';
import { createLog } from '../../../lib/log';
import type { Answer, JobsApi, Method, Sent } from './jobsApi';

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
    sets: { claimSize: ANY_SIZE, untrustedClaims: ['*'] },
  });
  const log = createLog({ name: 'hubfn', level: 'error', write: () => undefined });
  const router = createRouter(
    createRoutes({ kube, settings: { namespace, jobs }, streamSeconds: STREAM_SECONDS, clock, log }),
  );
  return {
    place: `namespace ${namespace}`,
    defaultImage: DEFAULT_IMAGE,
    advance: async (id) => {
      const call = { signal: AbortSignal.timeout(ADVANCE_MS) };
      const set = await getSet({ kube, namespace }, id, call);
      // Whether a submission was interrupted is known here: it is this program's.
      if (set !== undefined) await advanceSet({ kube, namespace, clock, submissionSeconds: Infinity }, set, call);
    },
    request: async (method, path, sent = {}) => {
      const match = router(path);
      const route = match?.resource.routes.get(method);
      if (match === undefined || route === undefined) return answerOf({ status: 404, body: { detail: 'Not found.' } });
      const request = requestOf({ method, path: match.path, params: match.params }, sent);
      return answerOf(await handled(route, { ...request, caller: { name: credential, groups: [], superuser: false } }));
    },
  };
}

function requestOf(target: Pick<Request, 'path' | 'params'> & { readonly method: Method }, sent: Sent): Request {
  return {
    ...target,
    id: randomUUID(),
    suffixed: false,
    query: new URLSearchParams(sent.query),
    headers: {},
    body: sent.body ?? {},
    signal: sent.signal ?? new AbortController().signal,
  };
}

/** A refusal is an answer, as over HTTP; what the cluster did to us is told as it is. */
async function handled(route: Route, request: Request): Promise<Response> {
  try {
    return await route.handle(request);
  } catch (error) {
    if (error instanceof AppError && error.status < 500) return errorResponse(error, request.id);
    throw error;
  }
}

function answerOf({ status, headers = {}, body = '' }: Response): Answer {
  if (body instanceof Readable) return { status, headers, body };
  return {
    status,
    headers,
    body: Readable.from([Buffer.from(typeof body === 'string' ? body : JSON.stringify(body))]),
  };
}
