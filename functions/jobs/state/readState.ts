// How a job is, with what a person asks next: what it waits for, and the last lines of what failed.
import { endOf, jobState, type JobState } from '../../../lib/jobs/jobState';
import type { Call } from '../../../lib/kube/kube';
import type { KubeObject } from '../../../lib/kube/objects';
import type { KubeEvent, Pod } from '../../../lib/status/observed';
import { within } from '../../../lib/timeLimit';
import type { Context } from '../context';
import { troubleOf, type Trouble } from './trouble';

/** As it is told: in `GET /jobs/{id}` and by its events. */
export interface ToldState extends Omit<JobState, 'reason' | 'isOver'> {
  readonly reason?: JobState['reason'] | Trouble['reason'];
  /** Of the attempt that failed last. */
  readonly lastLines?: readonly string[];
}

const LAST_LINES = 10;
const LAST_BYTES = 8 * 1024;
/** A node that is gone does not refuse: it says nothing. */
const LAST_LINES_MS = 5_000;

/** No API request while all goes well. */
export async function readState(
  context: Context,
  { job, pods }: { readonly job: KubeObject; readonly pods: readonly Pod[] },
  call: Call,
): Promise<ToldState> {
  const { isOver: _over, ...state } = jobState(job, pods);
  if (state.phase === 'failed') return { ...state, ...(await lastLines(context, pods, call)) };
  if (state.phase !== 'queued' && state.phase !== 'starting') return state;
  const events = await readEvents(context, [job, ...pods], call);
  return { ...state, ...troubleOf(job, { pods, events }, context.clock()) };
}

export async function lastLines(
  { kube, settings, log }: Context,
  pods: readonly Pod[],
  call: Call,
): Promise<Pick<ToldState, 'lastLines'>> {
  const pod = pods.findLast((each) => endOf(each) !== undefined) ?? pods.at(-1);
  const name = pod?.metadata?.name;
  if (name === undefined) return {};
  const query = { ...containerOf(pod), tailLines: LAST_LINES, limitBytes: LAST_BYTES };
  try {
    const inTime = { signal: within(LAST_LINES_MS, call.signal) };
    const text = await kube.log({ namespace: settings.namespace, name }, query, inTime);
    return text === undefined ? {} : { lastLines: text.trimEnd().split('\n') };
  } catch (error) {
    // The state is worth more than its lines; the log itself tells what is wrong with it.
    log.warn('the last lines of a job could not be read', { pod: name, error });
    return {};
  }
}

function containerOf(pod: Pod | undefined): { readonly container?: string } {
  const container = endOf(pod)?.container ?? pod?.spec?.containers?.[0]?.name;
  return container === undefined ? {} : { container };
}

async function readEvents(
  { kube, settings }: Context,
  about: readonly (KubeObject | Pod)[],
  call: Call,
): Promise<readonly KubeEvent[]> {
  const pages = await Promise.all(
    about.map(async ({ metadata }) =>
      kube.list(
        {
          apiVersion: 'v1',
          kind: 'Event',
          namespace: settings.namespace,
          fieldSelector: `involvedObject.uid=${metadata?.uid}`,
          resourceVersion: '0',
        },
        call,
      ),
    ),
  );
  return pages.flatMap(({ items }) => items as readonly KubeEvent[]);
}
