// What is told of a job or of a set while it goes on, and where it ends.
import { listPodsNamed, podSelector, podsOf } from '../../../lib/jobs/readJobPods';
import { stagesOfSet } from '../../../lib/jobSets/names';
import { getSet, readStagesForWatch } from '../../../lib/jobSets/readSet';
import type { JobSet } from '../../../lib/jobSets/jobSet';
import type { Call } from '../../../lib/kube/kube';
import type { KubeObject } from '../../../lib/kube/objects';
import type { Context } from '../context';
import { findJob, notFound, type Sought } from '../find';
import { isRecordOfSet, isRecorded, isSet, type Found, type Recorded } from '../record';
import { END_OF_SET, endOfSet, historyOfSet, type SetEvent } from '../sets/history';
import { readSetState } from '../sets/readSetState';
import { readState } from '../state/readState';
import { changes, type Seen } from './changes';
import { END, endOfRecord, historyOf, isKnown, newsOf, type JobEvent, type Position } from './history';

export type ToldEvent = JobEvent | SetEvent;

/** What somebody lacks who has got everything up to `last`. */
export type News = (last: Position | undefined) => readonly ToldEvent[];

export interface Story {
  readonly uid: string;
  /** Of the event that nothing follows on. */
  readonly endRank: number;
  readonly follow: (call: Call) => AsyncIterable<News>;
}

export function storyOf(context: Context, sought: Sought, found: Found): Story {
  if (isRecorded(found)) return recordedStory(found);
  return isSet(found) ? storyOfSet(context, found) : storyOfJob(context, sought, found);
}

function recordedStory({ record }: Recorded): Story {
  const { job, state, endedAt } = record;
  const [endRank, end] = isRecordOfSet(state) ? [END_OF_SET, endOfSet(state)] : [END, endOfRecord(state, endedAt)];
  return {
    uid: job.metadata?.uid ?? '',
    endRank,
    follow: async function* () {
      yield () => [end];
    },
  };
}

interface WithNews extends Seen {
  readonly news: News;
}

function storyOfJob(context: Context, sought: Sought, { metadata }: KubeObject): Story {
  const selections = [
    { apiVersion: 'batch/v1', kind: 'Job', fieldSelector: `metadata.name=${sought.id}` },
    { apiVersion: 'v1', kind: 'Pod', labelSelector: podSelector(sought.id) },
  ];
  /** Pods first: from their version on, changes of the Job are told, too. */
  const look = async (call: Call): Promise<WithNews> => {
    const { namespace } = context.settings;
    const { items, resourceVersion = '' } = await listPodsNamed(context.kube, { namespace, name: sought.id }, call);
    const job = await findJob(context, sought, call);
    const pods = podsOf(job, items);
    const state = await readState(context, { job, pods }, call);
    const news: News = (last) => newsOf(historyOf(job, pods, state), last);
    return { phase: state.phase, selections, resourceVersion, news };
  };
  return { uid: metadata?.uid ?? '', endRank: END, follow: (call) => newsFrom(changes(context, look, call)) };
}

function storyOfSet(context: Context, { id, uid }: JobSet): Story {
  const labelSelector = stagesOfSet(id);
  const selections = [
    { apiVersion: 'batch/v1', kind: 'Job', labelSelector },
    { apiVersion: 'v1', kind: 'Pod', labelSelector },
  ];
  const look = async (call: Call): Promise<WithNews> => {
    const where = { kube: context.kube, namespace: context.settings.namespace };
    const set = await getSet(where, id, call);
    if (set?.uid !== uid) throw notFound();
    const { jobs, resourceVersion } = await readStagesForWatch(where, set, call);
    const state = await readSetState(context, { set, jobs }, call);
    const history = historyOfSet(state);
    const news: News = (last) => history.filter(({ position }) => !isKnown(position, last));
    return { phase: state.phase, selections, resourceVersion, news };
  };
  return { uid, endRank: END_OF_SET, follow: (call) => newsFrom(changes(context, look, call)) };
}

async function* newsFrom(seen: AsyncIterable<WithNews>): AsyncGenerator<News> {
  for await (const { news } of seen) yield news;
}
