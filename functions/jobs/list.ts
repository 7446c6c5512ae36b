// GET /jobs: the caller's jobs and sets, page by page, perhaps only those in certain phases.
import * as z from 'zod';
import { AppError } from '../../lib/errors';
import type { Request, Response } from '../../lib/http/message';
import { JOB_PHASES, jobState, type JobPhase } from '../../lib/jobs/jobState';
import { podsOf } from '../../lib/jobs/readJobPods';
import { jobSelector } from '../../lib/jobs/names';
import { hasCode } from '../../lib/kube/errors';
import type { Call } from '../../lib/kube/kube';
import type { KubeObject } from '../../lib/kube/objects';
import type { Context } from './context';
import { invalidInput, parseInput } from './input';
import { listSets } from './sets/list';
import { statusObject } from './view';

const PODS_A_PAGE = 500;

export const listQuery = z.strictObject({
  limit: z.coerce.number().int().min(1).max(500).optional(),
  continue: z.string().max(10_000).optional(),
  /** `name=value`, more of them with commas between. */
  label: z
    .string()
    .max(1_000)
    .regex(/^[-A-Za-z0-9_./=!,]+$/)
    .optional(),
  /** Phases with commas between, or `all`: each entry tells its phase then. */
  state: z
    .string()
    .transform((text) => (text === 'all' ? [...JOB_PHASES] : text.split(',')))
    .pipe(z.array(z.enum(JOB_PHASES)))
    .optional(),
});

/** Sets come behind all jobs: their pages have tokens that begin with this. */
const SETS = 'sets:';

/**
 * A page may hold fewer entries than its limit, or none, where `state` leaves some out, or jobs took all the room:
 * `x-continue` tells whether there is more.
 */
export async function listJobs(
  context: Context,
  credential: string,
  { query, signal }: Pick<Request, 'query' | 'signal'>,
): Promise<Response> {
  const wanted = { ...parseInput(listQuery, Object.fromEntries(query)), credential };
  const { entries, next } = await pageOf(context, wanted, { signal }).catch((error: unknown) => {
    throw refusalOf(error);
  });
  return { status: 200, body: entries, ...(next !== undefined && { headers: { 'x-continue': next } }) };
}

type Wanted = z.infer<typeof listQuery> & { readonly credential: string };

interface Listed {
  readonly entries: readonly object[];
  /** Goes on behind them. */
  readonly next?: string | undefined;
}

async function pageOf(context: Context, wanted: Wanted, call: Call): Promise<Listed> {
  const token = wanted.continue;
  if (token?.startsWith(SETS))
    return setsBehind(context, { wanted, token: token.slice(SETS.length), before: [] }, call);
  const { items, continueToken } = await jobsOf(context, wanted, call);
  const { state, credential, limit } = wanted;
  const entries =
    state === undefined
      ? items.map(entry)
      : inPhases(items, await readPods(context, { credential, jobs: items, state }, call), state);
  if (continueToken !== undefined) return { entries, next: continueToken };
  const room = limit === undefined ? undefined : limit - items.length;
  if (room === 0) return { entries, next: SETS };
  return setsBehind(context, { wanted: { ...wanted, limit: room }, token: '', before: entries }, call);
}

async function jobsOf(context: Context, { credential, label, limit, continue: token }: Wanted, call: Call) {
  const selection = {
    ...inNamespace(context, 'batch/v1', 'Job'),
    labelSelector: [jobSelector(credential), ...(label === undefined ? [] : [label])].join(','),
    ...(limit !== undefined && { limit }),
    ...(token !== undefined && { continueToken: token }),
  };
  return context.kube.list<KubeObject>(selection, call);
}

interface SetsAsked {
  readonly wanted: Wanted;
  readonly token: string;
  readonly before: readonly object[];
}

async function setsBehind(context: Context, { wanted, token, before }: SetsAsked, call: Call): Promise<Listed> {
  const { credential, label, limit, state } = wanted;
  const continueToken = token === '' ? undefined : token;
  const page = await listSets(context, { credential, label, limit, continueToken, phases: state }, call);
  const next = page.continueToken === undefined ? undefined : SETS + page.continueToken;
  return { entries: [...before, ...page.entries], next };
}

/** Selectors and tokens are the caller's, and the API server's to read. */
function refusalOf(error: unknown): unknown {
  if (hasCode(error, 'bad_request', 'invalid')) return invalidInput(error.message);
  if (!hasCode(error, 'expired')) return error;
  const detail = 'continue: what it goes on with is too long ago. Begin again without it.';
  return new AppError('expired', 410, detail);
}

function entry({ metadata, status }: KubeObject): object {
  return { job: metadata?.name, ...statusObject(status) };
}

function inPhases(jobs: readonly KubeObject[], pods: Pods, phases: readonly JobPhase[]): readonly object[] {
  return jobs
    .map((job) => ({ job, phase: jobState(job, podsOf(job, pods.get(job.metadata?.uid ?? '') ?? [])).phase }))
    .filter(({ phase }) => phases.includes(phase))
    .map(({ job, phase }) => ({ ...entry(job), phase }));
}

/** By uid of their Job. */
type Pods = ReadonlyMap<string, readonly KubeObject[]>;

interface Shown {
  readonly credential: string;
  readonly jobs: readonly KubeObject[];
  readonly state: readonly JobPhase[];
}

/** How a job ended is in the Job; only what is under way needs its pods, all of them in one list. */
async function readPods(context: Context, { credential, jobs, state }: Shown, call: Call): Promise<Pods> {
  const found = new Map<string, KubeObject[]>();
  if (!state.some(isUnderWay) || !jobs.some((job) => isUnderWay(jobState(job, []).phase))) return found;
  const selection = {
    ...inNamespace(context, 'v1', 'Pod'),
    labelSelector: jobSelector(credential),
    limit: PODS_A_PAGE,
  };
  for await (const page of context.kube.pages<KubeObject>(selection, call)) {
    for (const pod of page) {
      const owner = pod.metadata?.ownerReferences?.find(({ kind }) => kind === 'Job')?.uid ?? '';
      const same = found.get(owner);
      if (same) same.push(pod);
      else found.set(owner, [pod]);
    }
  }
  return found;
}

function isUnderWay(phase: JobPhase): boolean {
  return ['queued', 'starting', 'running'].includes(phase);
}

function inNamespace({ settings }: Context, apiVersion: string, kind: string) {
  return { apiVersion, kind, namespace: settings.namespace };
}
